/** The details themselves: figures, the curve of the round trip, what happened, and the two ways to hand it on. */
import { useEffect, useId, useLayoutEffect, useReducer, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { BugReport, Connection } from '../../client/api.ts'
import { focusedBeside } from '../focused.ts'
import { Icon } from '../icons.tsx'
import { copyText } from '../clipboard/copyText.ts'
import type { Words } from '../words/words.ts'
import { FIELD, curveOf } from './curve.ts'
import { figuresOf, type Drawing, type Figure } from './figures.ts'
import { logOf, logWords } from './log.ts'
import { browserFacts, reportText } from './reportText.ts'
import { saveReport } from './saveReport.ts'
import { englishDetails, type DetailsWords } from './words.ts'

/** Between two looks at the connection. */
const LOOK_MS = 500
/** How long a button says that it has done its work. */
const DONE_MS = 2000

export interface DetailsProps {
  readonly connection: Connection
  /** How the grid is drawn; without it nothing is said of that. */
  readonly drawing?: () => Drawing | null
  readonly words: Words
  /** Without it there is no button that closes, and this is a part of the page instead of a dialog. */
  readonly onClose?: () => void
  /** Gets the bug report instead of a download. */
  readonly onBugReport?: (report: BugReport) => void
  /** Hears what to say aloud. */
  readonly onSay?: (words: string) => void
}

export function Details({ connection, drawing, words, onClose, onBugReport, onSay }: DetailsProps): ReactNode {
  const own: DetailsWords = { ...englishDetails, ...words.details }
  const root = useRef<HTMLElement>(null)
  const title = useId()
  useFocus(root, onClose !== undefined)
  useLooks()
  const drawn = drawing?.() ?? null
  const { main, more } = figuresOf(connection, drawn, words, own)

  function keyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || onClose === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onClose()
  }

  function save(): void {
    const report = connection.report(browserFacts(drawn))
    if (onBugReport) onBugReport(report)
    else if (root.current) saveReport(report, root.current.ownerDocument)
  }

  function copy(): void {
    if (root.current) copyText(root.current, reportText(connection, drawn, words, own))
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- as a dialog it hears Escape
    <section
      ref={root}
      className="nt-drawer"
      role={onClose === undefined ? 'region' : 'dialog'}
      aria-labelledby={title}
      onKeyDown={keyDown}
    >
      <header>
        <h2 id={title}>{own.title}</h2>
        {onClose && (
          <button type="button" className="nt-btn" data-k="bare" data-first="" aria-label={words.buttons.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- the arrows scroll it where it is longer than the view */}
      <div className="nt-scroll" tabIndex={0} role="group" aria-labelledby={title}>
        <FigureList figures={main} words={own} />
        <RoundTripCurve connection={connection} words={own} />
        <Log connection={connection} words={own} />
        <details className="nt-more">
          <summary>{own.figures}</summary>
          <FigureList figures={more} words={own} />
        </details>
      </div>
      <footer>
        <span>{own.promise}</span>
        <DoneButton label={own.copy} done={own.copied} onClick={copy} onSay={onSay} />
        <DoneButton label={own.save} done={own.saved} onClick={save} onSay={onSay} />
      </footer>
    </section>
  )
}

/** The focus comes in when a dialog opens, and goes back where it was when it closes with the focus inside. */
function useFocus(root: { readonly current: HTMLElement | null }, isDialog: boolean): void {
  useLayoutEffect(() => {
    const element = root.current
    if (element === null || !isDialog) return
    const before = focusedBeside(element)
    element.querySelector<HTMLElement>('[data-first]')?.focus({ preventScroll: true })
    return () => {
      const isInside = element.contains(focusedBeside(element))
      if (isInside && before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [root, isDialog])
}

/** Looks again twice a second, as long as this is shown. */
function useLooks(): void {
  const [, look] = useReducer((times: number) => times + 1, 0)
  useEffect(() => {
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [])
}

function FigureList({ figures, words }: { readonly figures: readonly Figure[]; readonly words: DetailsWords }): ReactNode {
  return (
    <dl className="nt-facts">
      {figures.map(([term, text]) => (
        <div key={term}>
          <dt>{words.terms[term]}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}

function RoundTripCurve({ connection, words }: { readonly connection: Connection; readonly words: DetailsWords }): ReactNode {
  const { path } = curveOf(connection.recent().roundTrips, connection.now())
  return (
    <svg
      className="nt-spark"
      viewBox={`0 0 ${FIELD.width} ${FIELD.height}`}
      preserveAspectRatio="none"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn here, and in the colour of the words around it
      role="img"
      aria-label={words.curve}
    >
      {path !== null && <path d={path} vectorEffect="non-scaling-stroke" />}
    </svg>
  )
}

function Log({ connection, words }: { readonly connection: Connection; readonly words: DetailsWords }): ReactNode {
  return (
    <ol className="nt-log" aria-label={words.log}>
      {logOf(connection.recent().notes).map((line, index) => {
        const date = new Date(line.at)
        return (
          <li key={index}>
            <time dateTime={date.toISOString()}>{timeOfDay(date)}</time>
            <span>{logWords(line, words)}</span>
          </li>
        )
      })}
    </ol>
  )
}

/** `12:06:11`, where the person is. */
function timeOfDay(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}

interface DoneButtonProps {
  readonly label: string
  readonly done: string
  readonly onClick: () => void
  readonly onSay: ((words: string) => void) | undefined
}

/** Says for a while that it has done what it says. */
function DoneButton({ label, done, onClick, onSay }: DoneButtonProps): ReactNode {
  const [since, setSince] = useState<number | null>(null)
  useEffect(() => {
    if (since === null) return
    const timer = setTimeout(() => setSince(null), DONE_MS)
    return () => clearTimeout(timer)
  }, [since])
  const press = (): void => {
    onClick()
    onSay?.(done)
    setSince(performance.now())
  }
  return (
    <button type="button" className="nt-btn" onClick={press}>
      {since === null ? label : done}
    </button>
  )
}
