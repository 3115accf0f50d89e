/** Asks before a paste that runs several lines or holds characters nobody can see. */
import { useMemo, type ReactNode } from 'react'
import { Sheet } from '../sheet/Sheet.tsx'
import type { Words } from '../words/words.ts'
import { preview } from './paste.ts'
import type { PasteAnswer, PasteQuestion } from './pasting.ts'

interface PasteSheetProps {
  readonly question: PasteQuestion
  readonly words: Words
  readonly onAnswer: (answer: PasteAnswer) => void
}

export function PasteSheet({ question, words, onAnswer }: PasteSheetProps): ReactNode {
  const { kind, raw, text, at, room } = question
  const lines = useMemo(() => preview(raw), [raw])
  const isHidden = kind === 'hidden'
  const title = isHidden ? words.paste.hidden : words.paste.ask(text.lines.length)
  return (
    <Sheet
      kind={isHidden ? 'alertdialog' : 'dialog'}
      title={title}
      why={isHidden ? words.paste.hiddenWhy : words.paste.askWhy}
      at={at}
      room={room}
      onCancel={() => onAnswer('cancel')}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrows scroll it where it is longer than its room */}
      <pre className="nt-preview" tabIndex={0}>
        {lines.map((parts, row) => (
          <div key={row}>
            <i>{`${row + 1} `}</i>
            {parts.map((part, index) => (part.hidden ? <u key={index}>{part.text}</u> : <span key={index}>{part.text}</span>))}
          </div>
        ))}
      </pre>
      <div className="nt-buttons">
        <button type="button" className="nt-btn" data-k="main" data-first="" onClick={() => onAnswer('paste')}>
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
    </Sheet>
  )
}
