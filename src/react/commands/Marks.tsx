/** The gutter beside the grid: a mark for each command that can be seen, and the menu of one of them. Loaded with the first mark. */
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Words } from '../words/words.ts'
import { commandName } from './shellMarks.ts'
import { Menu } from '../more/Menu.tsx'
import type { CommandMarks, MarkAction, OpenMenu } from './controller.ts'
import type { MarkKind } from './commands.ts'
import type { GutterMark } from './rows.ts'

interface MarksProps {
  readonly marks: CommandMarks
  readonly words: Words['commands']
}

/** Three outlines, so that colour is never the only sign. */
const DRAWINGS: Readonly<Record<MarkKind, ReactNode>> = {
  done: <circle cx="5" cy="5" r="2.7" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  failed: <path d="M5 0.8 9.2 5 5 9.2 0.8 5z" fill="currentColor" />,
  current: <path d="M2.6 1.4 7.6 5l-5 3.6z" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinejoin="round" />,
}

export function Marks({ marks, words }: MarksProps): ReactNode {
  const view = useStore(marks.store)
  const gutter = useRef<HTMLDivElement>(null)
  const [last, setLast] = useState<number | null>(null)
  const seen = view.marks.some(({ command }) => command.id === last)
  // One stop for Tab: the mark that had the focus last, else the newest one in the view.
  const stop = seen ? last : (view.marks.at(-1)?.command.id ?? null)

  // After every render: the mark that is to have the focus may come into the view with a later one.
  useEffect(() => {
    if (view.focusWanted === null) return
    const mark = gutter.current?.querySelector<HTMLElement>(`[data-mark="${view.focusWanted}"]`)
    if (!mark) return
    mark.focus()
    marks.focused()
  })

  const span = view.marks.find(({ command }) => command.id === view.pointed)?.span
  return (
    <div className="nt-marks" ref={gutter} style={rowsOf(view.rowHeight)}>
      {span && <i className="nt-span" style={placeOf(span.row, span.rows)} />}
      <div role="toolbar" aria-label={words.list} aria-orientation="vertical">
        {view.marks.map((mark) => (
          <Mark
            key={mark.command.id}
            mark={mark}
            label={words.mark({ ...mark.command, command: commandName(mark.command.text) })}
            isStop={mark.command.id === stop}
            isOn={mark.command.id === view.pointed}
            isOpen={mark.command.id === view.menu?.id}
            marks={marks}
            onFocus={() => setLast(mark.command.id)}
          />
        ))}
      </div>
      {view.menu && (
        <MarkMenu
          key={view.menu.id}
          menu={view.menu}
          row={view.marks.find(({ command }) => command.id === view.menu?.id)?.row ?? 0}
          rowHeight={view.rowHeight}
          marks={marks}
          words={words}
        />
      )}
    </div>
  )
}

interface MarkProps {
  readonly mark: GutterMark
  readonly label: string
  readonly isStop: boolean
  readonly isOn: boolean
  readonly isOpen: boolean
  readonly marks: CommandMarks
  readonly onFocus: () => void
}

function Mark({ mark, label, isStop, isOn, isOpen, marks, onFocus }: MarkProps): ReactNode {
  const { id } = mark.command
  return (
    <button
      type="button"
      className="nt-mark"
      data-k={mark.kind}
      data-mark={id}
      data-on={isOn ? '' : undefined}
      style={placeOf(mark.row, 1)}
      tabIndex={isStop ? 0 : -1}
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      onClick={() => marks.openMenu(id)}
      onContextMenu={(event) => {
        event.preventDefault()
        marks.openMenu(id)
      }}
      onPointerEnter={() => marks.point(id)}
      onPointerLeave={(event) => marks.point(focusedIn(event.currentTarget.parentElement))}
      onFocus={() => {
        onFocus()
        marks.point(id)
      }}
      onBlur={() => marks.point(null)}
      onKeyDown={(event) => keyOnMark(event, id, marks)}
    >
      <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
        {DRAWINGS[mark.kind]}
      </svg>
    </button>
  )
}

/** The mark with the focus, which the line tells of when the pointer has left. */
function focusedIn(gutter: HTMLElement | null): number | null {
  const id = gutter?.querySelector<HTMLElement>('.nt-mark:focus')?.dataset['mark']
  return id === undefined ? null : Number(id)
}

const STEPS = { ArrowUp: 'previous', ArrowDown: 'next', Home: 'first', End: 'last' } as const
const isStep = (key: string): key is keyof typeof STEPS => Object.hasOwn(STEPS, key)

function keyOnMark(event: KeyboardEvent, id: number, marks: CommandMarks): void {
  const { key } = event
  if (event.ctrlKey || event.altKey || event.metaKey) return
  if (isStep(key)) marks.step(id, STEPS[key])
  else if (key === 'Escape') marks.leave()
  else if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey)) marks.openMenu(id)
  else return
  event.preventDefault()
  event.stopPropagation()
}

interface MarkMenuProps {
  readonly menu: OpenMenu
  readonly row: number
  readonly rowHeight: number
  readonly marks: CommandMarks
  readonly words: Words['commands']
}

/** Below the row of its command, or above it where there is more room: never on it. */
function MarkMenu({ menu, row, rowHeight, marks, words }: MarkMenuProps): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const [above, setAbove] = useState(false)

  useLayoutEffect(() => {
    const element = place.current
    const view = element?.closest('.nt-view')?.getBoundingClientRect()
    const gutter = element?.parentElement?.getBoundingClientRect()
    if (!element || !view || !gutter) return
    const top = gutter.top + row * rowHeight
    const below = view.bottom - top - rowHeight - 2 * MENU_EDGE
    const over = top - view.top - 2 * MENU_EDGE
    setAbove(element.scrollHeight > below && over > below)
    element.style.setProperty('--_room', `${Math.max(below, over)}px`)
  }, [row, rowHeight])

  const edge = above
    ? { insetBlockEnd: `calc(100% - ${row} * var(--_mark) + ${MENU_EDGE}px)` }
    : { insetBlockStart: `calc(${row + 1} * var(--_mark) + ${MENU_EDGE}px)` }
  return (
    <div className="nt-mark-menu" ref={place} style={edge}>
      <Menu
        label={words.menu}
        items={menu.actions.map((id) => ({ id, label: labelOf(id, words) }))}
        onChoose={(action) => marks.choose(action)}
        onClose={(back) => marks.closeMenu(back)}
      />
    </div>
  )
}

/** CSS pixels between a menu and the row of its command. */
const MENU_EDGE = 2

function labelOf(action: MarkAction, words: Words['commands']): string {
  switch (action) {
    case 'copy-output':
      return words.copyOutput
    case 'copy-command':
      return words.copyCommand
    case 'select-output':
      return words.selectOutput
    case 'next-failed':
      return words.nextFailed
  }
}

const placeOf = (row: number, rows: number): CSSProperties => ({
  insetBlockStart: `calc(${row} * var(--_mark))`,
  blockSize: `calc(${rows} * var(--_mark))`,
})

/** Rows as the emulator draws them. A custom property is no known style name to React's types. */
const rowsOf = (height: number): CSSProperties => ({ '--_mark': `${height}px` }) as CSSProperties
