/** The command marks of one terminal: which are seen, which one is pointed at, what its menu does, and what the line is told. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { markKind, type Command } from './commands.ts'
import type { CommandRange, CommandRows, GutterMark } from './rows.ts'

export interface MarksView {
  readonly marks: readonly GutterMark[]
  /** CSS pixels. */
  readonly rowHeight: number
  /** The command that the pointer, the focus or a shortcut is at. */
  readonly pointed: number | null
  readonly menu: OpenMenu | null
  /** The mark that takes the focus as soon as it is in the view. */
  readonly focusWanted: number | null
}

/** What the menu of a mark offers. */
export type MarkAction = 'copy-output' | 'copy-command' | 'select-output' | 'next-failed'

export interface OpenMenu {
  readonly id: number
  /** Only what can be done; never empty. */
  readonly actions: readonly MarkAction[]
}

const NO_MARKS: MarksView = { marks: [], rowHeight: 18, pointed: null, menu: null, focusWanted: null }

/** A command as a host sees it. */
export interface CommandInfo {
  /** Another number for each prompt of this page; grows. */
  readonly id: number
  readonly command: string
  readonly phase: 'running' | 'done'
  /** Null while it runs, and where the shell does not tell it. */
  readonly exitCode: number | null
  /** Milliseconds between its start and its end, as this page saw them; null where it did not see both. */
  readonly durationMs: number | null
  /** Rows of the scrollback, from 0 at its top; null where nothing is left of the output. Good until more output comes. */
  readonly output: CommandRange | null
}

/** What the session gives. */
export interface MarksPorts {
  /** Milliseconds; null while the bytes that are parsed are older than the moment. */
  readonly now: () => number | null
  /** An earlier page was sent the bytes that are parsed now. */
  readonly replaying: () => boolean
  readonly copy: (text: string) => void
  /** Focus to the grid. */
  readonly focus: () => void
  /** What the line is told has changed. */
  readonly changed: () => void
  /** A command ended that no earlier page has told of. */
  readonly ended: (command: CommandInfo) => void
  /** A command began or ended, now or in what is replayed: what belonged to the one before is over. */
  readonly turned: () => void
  readonly folder: (path: string) => void
}

/** What the line is told of the command that is pointed at. */
export interface PointedCommand {
  readonly command: string
  readonly phase: Command['phase']
  readonly exitCode: number | null
  readonly durationMs: number | null
  readonly menu: boolean
}

const MARK_ACTIONS: readonly MarkAction[] = ['copy-output', 'copy-command', 'select-output', 'next-failed']

export class CommandMarks {
  readonly store: StoreApi<MarksView> = createStore(() => NO_MARKS)
  #ports: MarksPorts
  #rows: CommandRows | null = null
  #release = (): void => {}

  constructor(ports: MarksPorts) {
    this.#ports = ports
  }

  /** From now on the marks of `rows` are shown. Before the first byte is written, or marks are missed. */
  attach(rows: CommandRows): void {
    this.#release()
    this.#rows = rows
    this.#release = rows.watch({
      now: this.#ports.now,
      changed: () => this.#follow(),
      began: () => {
        this.point(null)
        this.#ports.turned()
        this.#ports.changed()
      },
      ended: (command) => {
        this.#ports.turned()
        if (!this.#ports.replaying()) this.#ports.ended(this.#info(command))
        this.#ports.changed()
      },
      folder: this.#ports.folder,
    })
    this.#follow()
  }

  /** The shell is gone, and what ran in it. */
  over(): void {
    this.#rows?.over()
  }

  /** A person clears the screen; what this returns is called when it is clear. */
  clears(): () => void {
    return this.#rows?.clears() ?? (() => {})
  }

  // ---- what a person does ----

  /** The pointer or the focus came to a mark, or left all of them. */
  point(id: number | null): void {
    const { pointed, menu } = this.store.getState()
    if (pointed === id || menu !== null) return
    this.store.setState({ pointed: id })
    this.#ports.changed()
  }

  openMenu(id: number): void {
    const actions = this.#actions(id)
    if (actions.length === 0) return
    this.store.setState({ pointed: id, menu: { id, actions } })
    this.#ports.changed()
  }

  /** `back`: the mark gets the focus again. */
  closeMenu(back: boolean): void {
    const { menu } = this.store.getState()
    if (menu === null) return
    this.store.setState({ menu: null, focusWanted: back ? menu.id : null, pointed: back ? menu.id : null })
    this.#ports.changed()
  }

  choose(action: MarkAction): void {
    const { menu } = this.store.getState()
    if (menu === null) return
    this.closeMenu(true)
    switch (action) {
      case 'copy-output':
        return this.#ports.copy(this.#rows?.output(menu.id) ?? '')
      case 'copy-command':
        return this.#ports.copy(this.#find(menu.id)?.text ?? '')
      case 'select-output':
        this.#rows?.select(menu.id)
        return this.leave()
      case 'next-failed':
        return this.#goTo(this.#nextFailed(menu.id)?.id, true)
    }
  }

  /** From one mark to another with the keyboard; a step beyond either end stays. */
  step(from: number, to: 'previous' | 'next' | 'first' | 'last'): void {
    const marked = this.#marked()
    const at = marked.findIndex(({ id }) => id === from)
    const steps = { previous: at - 1, next: at + 1, first: 0, last: marked.length - 1 }
    this.#goTo(marked[Math.min(marked.length - 1, Math.max(0, steps[to]))]?.id, true)
  }

  /** Back to the grid. */
  leave(): void {
    this.store.setState({ focusWanted: null })
    this.point(null)
    this.#ports.focus()
  }

  focused(): void {
    if (this.store.getState().focusWanted !== null) this.store.setState({ focusWanted: null })
  }

  /** Shows the command before the one that was shown last, or before the prompt. False if there is none. */
  previousCommand(): boolean {
    const marked = this.#marked()
    const { pointed } = this.store.getState()
    const at =
      pointed === null ? marked.findLastIndex(({ phase }) => phase === 'prompt') : marked.findIndex(({ id }) => id === pointed)
    const target = marked[(at < 0 ? marked.length : at) - 1]
    this.#goTo(target?.id, false)
    return target !== undefined
  }

  /** Shows the command after the one that was shown last; after the last one the end of the output. False if none was shown. */
  nextCommand(): boolean {
    const { pointed } = this.store.getState()
    if (pointed === null) return false
    const marked = this.#marked()
    const target = marked[marked.findIndex(({ id }) => id === pointed) + 1]
    if (target !== undefined && target.phase !== 'prompt') this.#goTo(target.id, false)
    else {
      this.point(null)
      this.#rows?.toEnd()
    }
    return true
  }

  /** Copies what the last finished command has printed, as far as it is still there. False if there is nothing. */
  copyLastOutput(): boolean {
    const text = this.lastOutput()
    if (text === '') return false
    this.#ports.copy(text)
    return true
  }

  lastOutput(): string {
    const last = this.#all().findLast(({ phase }) => phase === 'done')
    return last === undefined ? '' : (this.#rows?.output(last.id) ?? '')
  }

  /** The commands whose rows are still there, oldest first; the last one may still run. */
  commands(): readonly CommandInfo[] {
    return this.#all()
      .filter(({ phase }) => phase !== 'prompt')
      .map((command) => this.#info(command))
  }

  // ---- what the line is told ----

  pointed(): PointedCommand | null {
    const { pointed, menu } = this.store.getState()
    const command = pointed === null ? undefined : this.#find(pointed)
    if (command === undefined) return null
    const { text, phase, exitCode, durationMs } = command
    return { command: text, phase, exitCode, durationMs, menu: menu !== null }
  }

  /** The text of the command that runs now; empty if none runs or the shell does not tell. */
  running(): string {
    const last = this.#all().at(-1)
    return last?.phase === 'running' ? last.text : ''
  }

  dispose(): void {
    this.#release()
    this.#rows = null
  }

  // ---- inside ----

  #actions(id: number): readonly MarkAction[] {
    const command = this.#find(id)
    const hasOutput = (this.#rows?.range(id) ?? null) !== null
    const can: Readonly<Record<MarkAction, boolean>> = {
      'copy-output': hasOutput,
      'copy-command': command !== undefined && command.text !== '',
      'select-output': hasOutput,
      'next-failed': this.#nextFailed(id) !== undefined,
    }
    return MARK_ACTIONS.filter((action) => can[action])
  }

  #all(): readonly Command[] {
    return this.#rows?.commands() ?? []
  }

  #marked(): readonly Command[] {
    return this.#all().filter(({ id }) => this.#rows?.marked(id))
  }

  #find(id: number): Command | undefined {
    return this.#all().find((command) => command.id === id)
  }

  /** The failure after this command; after the last one the first. */
  #nextFailed(id: number): Command | undefined {
    const failed = this.#marked().filter((command) => command.id !== id && markKind(command) === 'failed')
    return failed.find((command) => command.id > id) ?? failed[0]
  }

  #goTo(id: number | undefined, focus: boolean): void {
    if (id === undefined) return
    this.#rows?.reveal(id)
    if (focus) this.store.setState({ focusWanted: id })
    this.point(id)
    this.#follow()
  }

  #info({ id, text, phase, exitCode, durationMs }: Command): CommandInfo {
    return {
      id,
      command: text,
      phase: phase === 'done' ? 'done' : 'running',
      exitCode,
      durationMs,
      output: this.#rows?.range(id) ?? null,
    }
  }

  /** Takes what can be seen now; nothing renders while it is the same. */
  #follow(): void {
    const rows = this.#rows
    if (rows === null) return
    const view = this.store.getState()
    const marks = rows.marks()
    const rowHeight = marks.length === 0 ? view.rowHeight : rows.rowHeight()
    const isGone = (id: number | null): boolean => id !== null && this.#find(id) === undefined
    const pointed = isGone(view.pointed) ? null : view.pointed
    const menu = marks.some(({ command }) => command.id === view.menu?.id) ? view.menu : null
    const same = rowHeight === view.rowHeight && pointed === view.pointed && menu === view.menu && sameMarks(marks, view.marks)
    if (same) return
    this.store.setState({ marks: sameMarks(marks, view.marks) ? view.marks : marks, rowHeight, pointed, menu })
    // A first prompt alone is a mark already, and the gutter is loaded for it.
    const isFirst = view.marks.length === 0 && marks.length > 0
    if (isFirst || pointed !== view.pointed || menu !== view.menu) this.#ports.changed()
  }
}

function sameMarks(some: readonly GutterMark[], others: readonly GutterMark[]): boolean {
  if (some.length !== others.length) return false
  return some.every((mark, index) => {
    const other = others[index]
    if (other === undefined || other.command !== mark.command || other.row !== mark.row) return false
    return other.span?.row === mark.span?.row && other.span?.rows === mark.span?.rows
  })
}
