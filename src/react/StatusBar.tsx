/** The line under the grid, and the same sentence in the middle of a view that never showed output. */
import { Fragment, type CSSProperties, type ReactNode } from 'react'
import { Icon } from './icons.tsx'
import { usePresses, type Presses } from './press/usePresses.ts'
import { sentence, type Action, type ActionKind, type Part, type StatusLine } from './status/line.ts'
import type { PanelWords } from './words/words.ts'

interface StatusProps {
  readonly line: StatusLine
  readonly onAction: (kind: ActionKind) => void
}

interface StatusBarProps extends StatusProps {
  readonly words: PanelWords
  readonly onHover: (on: boolean) => void
  /** Opens the details. */
  readonly onDetails?: () => void
  /** Stands in the place of the words, while the line is about it: the find bar. */
  readonly bar?: ReactNode
  /** At the end of the line. */
  readonly tools?: ReactNode
  readonly content?: StatusContent
}

/** What stands in the line, made of what usually stands there. */
export type StatusContent = (usual: ReactNode) => ReactNode

export function StatusBar(props: StatusBarProps): ReactNode {
  const { line, words, content } = props
  const { action, progress } = line
  return (
    <div
      className="nt-line"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no field set: the line is read, not filled in
      role="group"
      aria-label={words.statusGroup}
      data-level={line.level}
      data-tone={line.tone}
      data-has-action={action && ''}
      data-elsewhere={line.where === 'middle' ? '' : undefined}
    >
      {progress && <Edge {...progress} label={words.taskProgress} text={sentence(line)} />}
      {content ? content(<Usual {...props} />) : <Usual {...props} />}
    </div>
  )
}

function Usual({ line, words, onAction, onHover, onDetails, bar, tools }: StatusBarProps): ReactNode {
  const presses = usePresses(bar ? '' : offered(line))
  return (
    <>
      <button
        type="button"
        className="nt-btn nt-dot"
        data-k="bare"
        aria-label={words.details}
        onPointerEnter={() => onHover(true)}
        onPointerLeave={() => onHover(false)}
        onFocus={() => onHover(true)}
        onBlur={() => onHover(false)}
        onClick={onDetails}
      >
        <Icon name={line.icon} />
      </button>
      {bar || (
        <>
          <Sentence line={line} />
          {line.action && <Buttons line={line} presses={presses} onAction={onAction} />}
          {tools && <div className="nt-tools">{tools}</div>}
        </>
      )}
    </>
  )
}

function Sentence({ line: { parts, chip } }: { readonly line: StatusLine }): ReactNode {
  return (
    <div className="nt-say" data-kind={kindOf(parts)} data-chip={chip && ''}>
      {parts.map((part) => (
        <PartText key={part.kind} part={part} />
      ))}
      {chip && (
        <span className="nt-chip" aria-label={chip.long}>
          {chip.short}
          <span data-long="">{chip.long.slice(chip.short.length)}</span>
        </span>
      )}
    </div>
  )
}

/** What gives way where room is short: a sentence takes another row, the name of a command gets shorter, the rest goes as a whole. */
function kindOf(parts: readonly Part[]): 'sentence' | 'told' | undefined {
  if (parts.at(-1)?.kind !== 'text') return undefined
  return parts.length > 1 ? 'told' : 'sentence'
}

/** What the buttons of a line mean, all of them together: one that moves aside for another is a change for both. */
const offered = ({ action, secondary }: StatusLine): string => [action?.kind ?? '', secondary?.kind ?? ''].join(' ').trim()

interface ButtonsProps extends StatusProps {
  readonly presses: Presses
}

function Buttons({ line: { action, secondary, level }, presses, onAction }: ButtonsProps): ReactNode {
  return (
    <div className="nt-act">
      {secondary && (
        <span className="nt-secondary">
          <ActionButton action={secondary} look="flat" presses={presses} onAction={onAction} />
        </span>
      )}
      {action && <ActionButton action={action} look={level === 'needsYou' ? 'main' : ''} presses={presses} onAction={onAction} />}
    </div>
  )
}

export function Middle({ line, onAction }: StatusProps): ReactNode {
  const presses = usePresses(offered(line))
  return (
    <div className="nt-empty" data-tone={line.tone}>
      <Icon name={line.icon} />
      <p>
        {line.parts.map((part) => (
          <Figures key={part.kind} text={part.text} />
        ))}
      </p>
      {line.action && <ActionButton action={line.action} look="main" presses={presses} onAction={onAction} />}
    </div>
  )
}

interface ActionButtonProps {
  readonly action: Action
  readonly look: 'main' | 'flat' | ''
  readonly presses: Presses
  readonly onAction: (kind: ActionKind) => void
}

/** A busy button stays where it is, can be focused and does nothing. */
function ActionButton({ action, look, presses, onAction }: ActionButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="nt-btn"
      data-k={look}
      data-action={action.kind}
      aria-disabled={action.busy || presses.deaf || undefined}
      {...presses.handlers}
      onClick={() => presses.take() && !action.busy && onAction(action.kind)}
    >
      {action.label}
    </button>
  )
}

function PartText({ part }: { readonly part: Part }): ReactNode {
  switch (part.kind) {
    case 'title':
      return <span className="nt-mono nt-strong">{part.text}</span>
    case 'folder':
      return <span className="nt-mono">{part.text}</span>
    case 'address':
      return <Address {...part} />
    case 'hint':
      return <span className="nt-hint">{part.text}</span>
    case 'text':
      return (
        <span>
          <Figures text={part.text} />
        </span>
      )
  }
}

/** Where room is short the end of the path goes, then the path, never the host. */
function Address({ text, host = { from: 0, to: text.length } }: Part): ReactNode {
  return (
    <span className="nt-mono nt-strong nt-address">
      {text.slice(0, host.from)}
      <b>{text.slice(host.from, host.to)}</b>
      {text.slice(host.to)}
    </span>
  )
}

/** Words with figures in braces: those keep their width while they change, and stay with their unit. */
function Figures({ text }: { readonly text: string }): ReactNode {
  return text.split(/\{([^}]*)\}/).map((piece, index) =>
    index % 2 === 1 ? (
      <span key={index} className="nt-num" style={{ minInlineSize: `${piece.length}ch` }}>
        {piece}
      </span>
    ) : (
      <Fragment key={index}>{index === 0 ? piece : piece.replace(/^ /, '\u00a0')}</Fragment>
    ),
  )
}

interface EdgeProps extends NonNullable<StatusLine['progress']> {
  readonly label: string
  readonly text: string
}

function Edge({ kind, share, label, text }: EdgeProps): ReactNode {
  const percent = share === null ? undefined : Math.round(share * 100)
  // A custom property is no known style name to React's types.
  const style = { '--_p': `${percent ?? 100}%` } as CSSProperties
  return (
    <div
      className="nt-edge"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a progress element cannot be a two-pixel edge
      role="progressbar"
      data-k={kind}
      aria-label={label}
      aria-valuetext={text}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={style} />
    </div>
  )
}
