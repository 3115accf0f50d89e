/** Where the commands of a shell stand in the emulator: reads its marks, and follows their rows through scrolling, trimming and reflow. */
import type { IBuffer, IMarker, Terminal } from '@xterm/xterm'
import { forgetCommand, markKind, NO_COMMANDS, stepCommands, type Command, type CommandStep } from '../commands/commands.ts'
import type { CommandRange, CommandRows, CommandWatcher, GutterMark } from '../commands/rows.ts'
import { commandText, readShellMark, TEXT_LIMIT, type MarkIdent, type ShellMark } from '../commands/shellMarks.ts'
import type { Inside } from './api.ts'
import { rowText } from './lines.ts'
import { ruler } from './ruler.ts'

/** A cell of the buffer: a marker on the first row of its line, and how many cells come before it in that line. Reflow keeps both. */
interface Place {
  readonly marker: IMarker
  readonly cells: number
}

interface Rows {
  prompt: Place
  input: Place | null
  output: Place | null
  end: Place | null
}

/** Rows of typed text that are read at most, and of a line that are looked back at. */
const TYPED_ROWS = 200
const LINE_ROWS = 2000

/** Makes the part of an emulator that knows where commands stand. */
export function commandRows(inside: Inside): CommandRows {
  const { terminal, look, read } = inside
  const rows = new Map<number, Rows>()
  const ticks = ruler(inside)
  let list = NO_COMMANDS
  let watcher: CommandWatcher | null = null

  const handlers = [
    terminal.parser.registerEscHandler({ final: 'c' }, () => (reset(), false)),
    terminal.parser.registerCsiHandler({ final: 'J' }, (params) => (erased(params[0]), false)),
    terminal.onRender(() => watcher?.changed()),
    terminal.onResize(() => watcher?.changed()),
    terminal.buffer.onBufferChange(() => watcher?.changed()),
  ]

  read(133, (data) => marked(133, data))
  read(633, (data) => marked(633, data))

  function marked(ident: MarkIdent, data: string): void {
    const mark = readShellMark(ident, data)
    if (mark?.kind === 'folder') watcher?.folder(mark.path)
    // A full-screen program has no commands, even if it shows a shell inside.
    else if (mark !== null && terminal.buffer.active.type === 'normal') took(mark)
  }

  function took(mark: Exclude<ShellMark, { kind: 'folder' }>): void {
    const before = list.commands
    const step = stepCommands(list, { mark, at: watcher?.now() ?? null, typed })
    list = step.list
    place(step)
    // The list is full: its oldest command went as the new one came.
    const oldest = before[0]?.id
    if (oldest !== undefined && list.commands[0]?.id !== oldest) drop(oldest)
    if (step.change === 'ended' && step.command !== null) ended(step.command)
    if (step.change !== 'none') watcher?.changed()
  }

  function place({ change, command }: CommandStep): void {
    if (command === null) return
    const at = rows.get(command.id)
    switch (change) {
      case 'prompt':
        endBefore(command.id)
        rows.set(command.id, follow(command.id, { prompt: here(), input: null, output: null, end: null }))
        break
      case 'again':
        drop(command.id)
        rows.set(command.id, follow(command.id, { prompt: here(), input: null, output: null, end: null }))
        break
      case 'input':
        at?.input?.marker.dispose()
        if (at !== undefined) at.input = here()
        break
      case 'began':
        if (at !== undefined) at.output = keep(command.id, here())
        watcher?.began(command)
        break
      case 'ended':
        if (at !== undefined) at.end = keep(command.id, here())
        break
    }
  }

  /** A command whose end was not told ends where the next prompt begins. */
  function endBefore(id: number): void {
    const before = list.commands.at(-2)
    const at = before === undefined || before.id >= id ? undefined : rows.get(before.id)
    if (before !== undefined && at?.end === null) at.end = keep(before.id, here())
  }

  function ended(command: Command): void {
    const at = rows.get(command.id)
    if (at !== undefined && markKind(command) === 'failed') ticks.add(at.prompt.marker, 'error')
    watcher?.ended(command)
  }

  function here(): Place {
    const { active } = terminal.buffer
    let above = 0
    while (above < LINE_ROWS && active.getLine(active.baseY + active.cursorY - above)?.isWrapped) above++
    return { marker: terminal.registerMarker(-above), cells: above * terminal.cols + active.cursorX }
  }

  function follow(id: number, at: Rows): Rows {
    keep(id, at.prompt)
    return at
  }

  function keep(id: number, place: Place): Place {
    place.marker.onDispose(() => gone(id, place))
    return place
  }

  /** A row left the scrollback. What is left of the command stays, as long as its end does. */
  function gone(id: number, place: Place): void {
    const at = rows.get(id)
    if (at === undefined || (place !== at.prompt && place !== at.output && place !== at.end)) return
    const isLast = list.commands.at(-1)?.id === id
    if (at.prompt.marker.isDisposed && !(isLast && at.end === null) && (at.end?.marker.isDisposed ?? true)) {
      list = forgetCommand(list, id)
      drop(id)
    }
  }

  function drop(id: number): void {
    const at = rows.get(id)
    rows.delete(id)
    // While xterm.js clears markers of a row, others that are disposed of would stay in its list for ever.
    queueMicrotask(() => release(at))
  }

  function release(at: Rows | undefined): void {
    if (at === undefined) return
    for (const place of [at.prompt, at.input, at.output, at.end]) place?.marker.dispose()
  }

  /** Output that is wiped off the screen is gone, not scrolled away: nothing may be copied in its place. */
  function erased(how: number | readonly number[] | undefined): void {
    const { active } = terminal.buffer
    if (active.type !== 'normal' || how === 3) return
    const cursor = active.baseY + active.cursorY
    const from = how === 1 || how === 2 ? active.baseY : cursor + 1
    const to = how === 1 ? cursor - 1 : active.baseY + terminal.rows - 1
    for (const at of rows.values()) {
      const line = at.output?.marker.line ?? -1
      if (at.output === null || line < from || line > to) continue
      at.output.marker.dispose()
      at.output = null
    }
  }

  function reset(): void {
    const before = [...rows.values()]
    rows.clear()
    before.forEach(release)
    list = { ...NO_COMMANDS, nextId: list.nextId }
    watcher?.changed()
  }

  /** The command that is not over goes on in the line that is left: its prompt stands there, or the rest of its output comes. */
  function clears(): () => void {
    const last = list.commands.at(-1)
    const at = last === undefined ? undefined : rows.get(last.id)
    if (last === undefined || at === undefined) return () => {}
    const { id, phase } = last
    const { prompt, input, output } = at
    const hadPrompt = !prompt.marker.isDisposed
    const line = here().marker
    // A line that is longer than the screen loses its beginning.
    const isWhole = line.line >= buffer().baseY
    const typedFrom = isWhole && input?.marker.line === line.line ? input.cells : 0
    line.dispose()
    const first = (cells: number): Place => ({ marker: terminal.registerMarker(-cursorCell().row), cells })
    return () => {
      // On a clear screen all stays as it is.
      if (phase === 'prompt' && hadPrompt && prompt.marker.isDisposed) {
        at.prompt = keep(id, first(0))
        if (input !== null) at.input = first(typedFrom)
      }
      if (phase === 'running' && output?.marker.isDisposed) at.output = keep(id, first(0))
      watcher?.changed()
    }
  }

  // ---- what stands there ----

  const buffer = (): IBuffer => terminal.buffer.normal

  function rowOf(place: Place): number {
    return place.marker.line + Math.floor(place.cells / terminal.cols)
  }

  function range(id: number): CommandRange | null {
    const at = rows.get(id)
    if (at === undefined) return null
    const { output } = at
    if (output === null) return null
    const end = at.end === null || at.end.marker.isDisposed ? cursorCell() : cellOf(at.end)
    // The beginning has left the scrollback: what is left begins at its first row.
    const start = output.marker.isDisposed ? { row: 0, column: 0 } : cellOf(output)
    if (output.marker.isDisposed && !isFull(terminal)) return null
    return end.row < start.row || (end.row === start.row && end.column <= start.column) ? null : { start, end }
  }

  function cellOf(place: Place): { row: number; column: number } {
    return { row: rowOf(place), column: place.cells % terminal.cols }
  }

  function cursorCell(): { row: number; column: number } {
    return { row: buffer().baseY + buffer().cursorY, column: buffer().cursorX }
  }

  /** What was typed at the prompt, as the screen shows it. */
  function typed(): string {
    const last = list.commands.at(-1)
    const input = last === undefined ? null : rows.get(last.id)?.input
    if (!input || input.marker.isDisposed) return ''
    const start = cellOf(input)
    const end = cursorCell()
    const most = Math.min(end.row, start.row + TYPED_ROWS)
    return commandText(textBetween(start, most < end.row ? { row: most, column: 0 } : end, TEXT_LIMIT * 2))
  }

  function textBetween(start: CommandRange['start'], end: CommandRange['end'], limit = Infinity): string {
    const lines: string[] = []
    let length = 0
    for (let row = start.row; row <= end.row && length < limit; row++) {
      const line = buffer().getLine(row)
      if (line === undefined) break
      if (row === end.row && end.column === 0) break
      const text = rowText(buffer(), row, row === start.row ? start.column : 0, row === end.row ? end.column : undefined)
      if (line.isWrapped && row !== start.row) lines.push(`${lines.pop() ?? ''}${text}`)
      else lines.push(text)
      length += text.length + 1
    }
    return lines.join('\n').replace(/\s+$/, '')
  }

  function visible(): readonly GutterMark[] {
    if (terminal.buffer.active.type !== 'normal') return []
    const top = buffer().viewportY
    const marks: GutterMark[] = []
    for (const command of list.commands) {
      const at = rows.get(command.id)
      if (at === undefined || at.prompt.marker.isDisposed) continue
      const row = rowOf(at.prompt) - top
      if (row < 0 || row >= terminal.rows) continue
      marks.push({ command, kind: markKind(command), row, span: spanOf(command, row, top) })
    }
    return marks
  }

  /** The rows of the output that are in the view, below the prompt. */
  function spanOf(command: Command, row: number, top: number): GutterMark['span'] {
    const cells = command.phase === 'prompt' ? null : range(command.id)
    if (cells === null) return null
    const first = Math.max(row + 1, cells.start.row - top)
    const last = Math.min(terminal.rows - 1, cells.end.row - top - (cells.end.column === 0 ? 1 : 0))
    return last < first ? null : { row: first, rows: last - first + 1 }
  }

  return {
    watch(next) {
      watcher = next
      return () => {
        if (watcher === next) watcher = null
      }
    },
    commands: () => list.commands,
    marks: visible,
    rowHeight: () => {
      const height = terminal.element?.querySelector('.xterm-screen')?.clientHeight ?? 0
      return height === 0 ? look().rowHeight : height / terminal.rows
    },
    range,
    output(id) {
      const cells = range(id)
      return cells === null ? '' : textBetween(cells.start, cells.end)
    },
    select(id) {
      const cells = range(id)
      if (cells === null) return
      const { start, end } = cells
      terminal.select(start.column, start.row, (end.row - start.row) * terminal.cols + end.column - start.column)
    },
    reveal(id) {
      const at = rows.get(id)
      if (at === undefined || at.prompt.marker.isDisposed) return
      const row = rowOf(at.prompt)
      const { viewportY } = buffer()
      if (row < viewportY || row >= viewportY + terminal.rows) terminal.scrollToLine(row)
    },
    over: () => took({ kind: 'end', exitCode: null }),
    marked: (id) => rows.get(id)?.prompt.marker.isDisposed === false,
    toEnd: () => terminal.scrollToBottom(),
    reset,
    clears,
    restyled: () => ticks.restyled(),
    dispose() {
      watcher = null
      handlers.forEach((handler) => handler.dispose())
      reset()
    },
  }
}

/** The scrollback has no more room, so that rows leave it at its beginning. */
function isFull(terminal: Terminal): boolean {
  return terminal.buffer.normal.length >= terminal.rows + (terminal.options.scrollback ?? 0)
}
