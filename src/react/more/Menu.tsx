/** A menu as keyboards and screen readers know it: one item has the focus, arrows and first letters move it, Escape gives it back. */
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { menuMove } from './menuKeys.ts'

export interface MenuItem<Id extends string> {
  readonly id: Id
  readonly label: string
  /** The keys that do the same, as a person reads them. */
  readonly keys?: string
  /** The same keys for `aria-keyshortcuts`. */
  readonly ariaKeys?: string | undefined
  /** One of several, and which. */
  readonly checked?: boolean
}

interface MenuProps<Id extends string> {
  readonly label: string
  readonly items: readonly MenuItem<Id>[]
  /** An item that the menu opens on; the first if absent. */
  readonly start?: number
  readonly className?: string
  readonly onChoose: (id: Id) => void
  /** Closed without a choice. `back` says that the focus belongs to whatever opened the menu. */
  readonly onClose: (back: boolean) => void
}

export function Menu<Id extends string>({ label, items, start = 0, className, onChoose, onClose }: MenuProps<Id>): ReactNode {
  const menu = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })

  useEffect(() => itemAt(menu.current, start)?.focus({ preventScroll: true }), [start])

  useEffect(() => {
    const document = menu.current?.ownerDocument
    const outside = (event: PointerEvent): void => {
      const path = event.composedPath()
      // The button that opened it closes it by its own press. Around the panel a page may have things that are expanded.
      const panel = menu.current?.closest('.nt')
      const inPanel = panel ? path.slice(0, Math.max(0, path.indexOf(panel))) : []
      const isOpener = inPanel.some((at) => at instanceof Element && at.getAttribute('aria-expanded') === 'true')
      if (menu.current !== null && !path.includes(menu.current) && !isOpener) close.current(false)
    }
    document?.addEventListener('pointerdown', outside, true)
    return () => document?.removeEventListener('pointerdown', outside, true)
  }, [])

  function keyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      return onClose(true)
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const all = [...(menu.current?.querySelectorAll('.nt-item') ?? [])]
    const labels = items.map((item) => item.label)
    const target = menuMove(event.key, all.indexOf(event.target as Element), labels) // events of a menu come from its items
    if (target === null) return
    event.preventDefault()
    // Where the menu is longer than the view, the focus scrolls it.
    itemAt(menu.current, target)?.focus()
  }

  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its items have the focus
    <div
      className={`nt-menu${className === undefined ? '' : ` ${className}`}`}
      role="menu"
      aria-label={label}
      ref={menu}
      onKeyDown={keyDown}
    >
      {items.map(({ id, label, keys, ariaKeys, checked }) => (
        <button
          key={id}
          type="button"
          className="nt-item"
          role={checked === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={checked}
          aria-keyshortcuts={ariaKeys}
          tabIndex={-1}
          onClick={() => onChoose(id)}
          // One item is lit: the one that the arrows would move on from.
          onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
        >
          <span>{label}</span>
          {keys !== undefined && keys !== '' && <kbd aria-hidden="true">{keys}</kbd>}
        </button>
      ))}
    </div>
  )
}

const itemAt = (menu: HTMLElement | null, index: number): HTMLElement | undefined =>
  menu?.querySelectorAll<HTMLElement>('.nt-item')[index]
