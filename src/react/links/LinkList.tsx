/** The links on the screen as a list: what a pointer can follow, keys can follow too. */
import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import { Sheet } from '../sheet/Sheet.tsx'
import type { Words } from '../words/words.ts'
import type { GridLink } from '../xterm/links.ts'
import { lineAddress, readAddress } from './address.ts'

interface LinkListProps {
  readonly links: readonly GridLink[]
  readonly at: 'top' | 'bottom'
  readonly words: Words
  readonly onFollow: (link: GridLink) => void
  /** The link that has the focus; null where none has. */
  readonly onFocus: (link: GridLink | null) => void
  readonly onCancel: () => void
}

const STEPS: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_index, last) => last,
}

export default function LinkList({ links, at, words, onFollow, onFocus, onCancel }: LinkListProps): ReactNode {
  const list = useRef<HTMLUListElement>(null)

  function keyDown(event: KeyboardEvent): void {
    const step = STEPS[event.key]
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    if (step === undefined || buttons.length === 0) return
    event.preventDefault()
    const focused = buttons.findIndex((button) => button === event.target)
    buttons[step(focused, buttons.length - 1)]?.focus()
  }

  return (
    <Sheet kind="dialog" title={words.links.list} why="" at={at} onCancel={onCancel}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows walk through its buttons */}
      <ul ref={list} className="nt-links" onKeyDown={keyDown}>
        {links.map((link, index) => (
          <li key={link.address}>
            <button
              type="button"
              className="nt-btn"
              data-k="flat"
              data-first={index === 0 ? '' : undefined}
              onClick={() => onFollow(link)}
              onFocus={() => onFocus(link)}
              onBlur={() => onFocus(null)}
            >
              <AddressText link={link} />
            </button>
          </li>
        ))}
      </ul>
      <div className="nt-buttons">
        <button type="button" className="nt-btn" data-k="flat" onClick={onCancel}>
          {words.buttons.cancel}
        </button>
      </div>
    </Sheet>
  )
}

function AddressText({ link }: { readonly link: GridLink }): ReactNode {
  const { before, host, after } = lineAddress(readAddress(link.address))
  return (
    <span className="nt-link-line">
      <span>
        {before}
        {host}
      </span>
      <span>{after}</span>
    </span>
  )
}
