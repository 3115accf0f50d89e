/** Asks before a paste that runs several lines or holds characters nobody can see. */
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { Words } from '../words/words.ts'
import { preview } from './paste.ts'
import type { PasteAnswer, PasteQuestion } from './pasting.ts'

const DEAF_MS = 400

interface PasteSheetProps {
  readonly question: PasteQuestion
  readonly words: Words
  readonly onAnswer: (answer: PasteAnswer) => void
}

export function PasteSheet({ question, words, onAnswer }: PasteSheetProps): ReactNode {
  const main = useRef<HTMLButtonElement>(null)
  const openedAt = useRef(0)
  const { kind, raw, text, at } = question
  const lines = useMemo(() => preview(raw), [raw])
  useEffect(() => {
    openedAt.current = performance.now()
    main.current?.focus({ preventScroll: true })
  }, [])

  function keyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault()
      onAnswer('cancel')
      return
    }
    const tooSoon = performance.now() - openedAt.current < DEAF_MS
    // The Enter that ended a line in the terminal must not confirm what it has not read.
    if ((event.key === 'Enter' || event.key === ' ') && (event.repeat || tooSoon)) event.preventDefault()
  }

  const isHidden = kind === 'hidden'
  const title = isHidden ? words.paste.hidden : words.paste.ask(text.lines.length)
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- its role is one of two
    <div className="nt-sheet" role={isHidden ? 'alertdialog' : 'dialog'} aria-label={title} data-at={at} onKeyDown={keyDown}>
      <header>
        <h2>{title}</h2>
        <p>{isHidden ? words.paste.hiddenWhy : words.paste.askWhy}</p>
      </header>
      <pre className="nt-preview">
        {lines.map((parts, row) => (
          <div key={row}>
            <i>{`${row + 1} `}</i>
            {parts.map((part, index) => (part.hidden ? <u key={index}>{part.text}</u> : <span key={index}>{part.text}</span>))}
          </div>
        ))}
      </pre>
      <div className="nt-buttons">
        <button ref={main} type="button" className="nt-btn" data-k="main" onClick={() => onAnswer('paste')}>
          {isHidden ? words.paste.clean : words.paste.lines(text.lines.length)}
        </button>
        {!isHidden && (
          <button type="button" className="nt-btn" onClick={() => onAnswer('join')}>
            {words.paste.joined}
          </button>
        )}
        <button type="button" className="nt-btn" data-k="flat" onClick={() => onAnswer('cancel')}>
          {words.buttons.cancel}
        </button>
      </div>
    </div>
  )
}
