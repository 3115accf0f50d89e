/** Asks before a link is opened whose address its text does not tell, and shows the true host of it. */
import type { ReactNode } from 'react'
import { Sheet } from '../sheet/Sheet.tsx'
import type { Words } from '../words/words.ts'
import { mayOpen, type LinkAnswer, type LinkQuestion } from './question.ts'

interface LinkSheetProps {
  readonly question: LinkQuestion
  readonly words: Words
  readonly onAnswer: (answer: LinkAnswer) => void
}

export default function LinkSheet({ question, words, onAnswer }: LinkSheetProps): ReactNode {
  const { address, text, why, at, room } = question
  const opens = mayOpen(why)
  return (
    <Sheet
      kind="dialog"
      title={opens ? words.links.ask : words.links.copyOnly}
      why={words.links.why(why, text)}
      at={at}
      room={room}
      onCancel={() => onAnswer('cancel')}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrows scroll it where it is longer than its room */}
      <p className="nt-addr" tabIndex={0}>
        {address.before}
        {address.host !== '' && <b>{address.host}</b>}
        {address.after}
      </p>
      <div className="nt-buttons">
        {opens && (
          <button type="button" className="nt-btn" data-k="main" data-first="" onClick={() => onAnswer('open')}>
            {address.scheme === 'mailto' ? words.links.mail : words.links.open}
          </button>
        )}
        <button
          type="button"
          className="nt-btn"
          data-k={opens ? '' : 'main'}
          data-first={opens ? undefined : ''}
          onClick={() => onAnswer('copy')}
        >
          {words.links.copy}
        </button>
        <button type="button" className="nt-btn" data-k="flat" onClick={() => onAnswer('cancel')}>
          {words.buttons.cancel}
        </button>
      </div>
    </Sheet>
  )
}
