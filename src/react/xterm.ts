/** The only file that loads xterm.js, itself loaded late: makes one in an element and gives it the few verbs that a panel needs. */
import { FitAddon } from '@xterm/addon-fit'
import { Terminal, type IDecoration, type ITerminalOptions } from '@xterm/xterm'
import type { TerminalSize } from '../protocol/messages.ts'
import type { Screen } from './feed.ts'
import { lineHeightFor, makeProbe, measureCell, readLook, RULER_WIDTH, withoutCursor, type Look } from './look.ts'
import { cleanTitle, folderOf } from './paste.ts'
import { watchReplies } from './replies.ts'
import { adoptStyles, allowStyleAttributes, blocksStyles } from './xtermStyles.ts'

/** What the emulator tells. None of these is called after `dispose`. */
export interface EmulatorEvents {
  /** A key, or text from an input method. */
  typed(text: string): void
  /** A mouse or focus report that the program asked for; worth nothing later. */
  report(data: string | Uint8Array<ArrayBuffer>): void
  /** An answer to a query in the bytes that are parsed now. */
  reply(text: string): void
  pasted(text: string): void
  title(text: string): void
  folder(text: string): void
  bell(): void
  focus(on: boolean): void
  /** The box, the font or the pixels of the device changed; the grid may no longer fit. */
  fitWanted(): void
  /** A gap mark is on the screen. */
  gapVisible(): void
  /** Enter in the grid; true if it pressed a button of the panel and the program must not get it. */
  enter(): boolean
}

export interface EmulatorOptions {
  /** The panel, whose style sheet is read. */
  readonly panel: HTMLElement
  /** The element that the grid fills. */
  readonly host: HTMLElement
  readonly highContrast: () => boolean
  readonly scrollback: number
  readonly label: string
  readonly describedBy: string
}

export interface HeldMark {
  readonly text: string
  readonly kind: 'held' | 'unsent'
}

export interface Emulator extends Screen {
  size(): TerminalSize
  /** The grid that fits now, or null while the box is hidden. */
  fitting(): TerminalSize | null
  /** Only while no write is pending. */
  resize(size: TerminalSize): void
  reset(): void
  /** Writes the row of a gap; `done` when it is drawn. */
  markGap(text: string, done: () => void): void
  showGap(): void
  showHeld(mark: HeldMark | null): void
  /** A printable key was sent at the cursor; its echo will tell that letters may be shown on this row. */
  expectEcho(text: string): void
  /** A key typed on the cursor's row came back. */
  echoed(): boolean
  bracketedPaste(): boolean
  /** The row of the cursor in the view, and how many rows there are. */
  cursorRow(): { readonly cursor: number; readonly rows: number }
  showCursor(on: boolean): void
  restyle(): void
  focus(): void
  text(): string
  dispose(): void
}

/** Makes an emulator in its host. Throws if xterm.js cannot start there, and leaves nothing behind. */
export function createEmulator(options: EmulatorOptions, events: EmulatorEvents): Emulator {
  const terminal = new Terminal(baseOptions(options))
  try {
    return makeEmulator(terminal, new FitAddon(), options, events)
  } catch (cause) {
    terminal.dispose()
    options.host.replaceChildren()
    throw cause
  }
}

function baseOptions(options: EmulatorOptions): ITerminalOptions {
  return {
    allowProposedApi: true, // markers and decorations of the gap and of held keys
    scrollback: options.scrollback,
    cursorBlink: false,
    cursorInactiveStyle: 'outline',
    overviewRuler: { width: RULER_WIDTH },
    logLevel: 'off', // its log would hold what is typed
    macOptionClickForcesSelection: true,
  }
}

function makeEmulator(terminal: Terminal, fit: FitAddon, options: EmulatorOptions, events: EmulatorEvents): Emulator {
  const { host, panel } = options
  const probe = makeProbe(panel)
  const abort = new AbortController()
  const { signal } = abort
  let cursorShown = true
  /** Held keys end in a cursor of their own; the real one would show behind the first of them. */
  let cursorCovered = false
  let look = applyLook()

  terminal.loadAddon(fit)
  const releaseStyles = open()
  wakeCursor()
  describeInput()
  const replies = watchReplies(terminal.parser)
  const gaps = gapMarks(terminal, () => look.warn, events.gapVisible)
  const held = heldMark(terminal)
  const echo = echoWatch(terminal)
  listen()
  watchLook()
  watchBox()

  function open(): () => void {
    terminal.open(host)
    if (terminal.element === undefined || !blocksStyles(host)) return () => {}
    allowStyleAttributes(terminal)
    return adoptStyles(screenOf(terminal.element))
  }

  function applyLook(): Look {
    const next = readLook(probe, options.highContrast())
    const cell = measureCell(probe, next)
    Object.assign(terminal.options, {
      fontFamily: next.fontFamily,
      fontSize: next.fontSize,
      lineHeight: lineHeightFor(next, cell, devicePixelRatio),
      minimumContrastRatio: next.contrastRatio,
      theme: cursorShown && !cursorCovered ? next.theme : withoutCursor(next.theme),
    } satisfies ITerminalOptions)
    return next
  }

  /** xterm.js draws no cursor before its first focus, not even the hollow one. */
  function wakeCursor(): void {
    terminal.textarea?.dispatchEvent(new FocusEvent('focus'))
    terminal.textarea?.dispatchEvent(new FocusEvent('blur'))
  }

  function describeInput(): void {
    terminal.textarea?.setAttribute('aria-label', options.label)
    terminal.textarea?.setAttribute('aria-describedby', options.describedBy)
  }

  function listen(): void {
    terminal.onData((data) => {
      if (replies.replying()) events.reply(data)
      else if (isReport(data)) events.report(data)
      else events.typed(data)
    })
    terminal.onBinary((data) => events.report(Uint8Array.from(data, (char) => char.charCodeAt(0) & 0xff)))
    terminal.onTitleChange((title) => events.title(cleanTitle(title)))
    terminal.onBell(() => events.bell())
    terminal.parser.registerOscHandler(7, (address) => (events.folder(folderOf(address)), true))
    // Programs may not touch the clipboard.
    terminal.parser.registerOscHandler(52, () => true)
    // Addresses that the program hides behind text would open with a click.
    terminal.options.linkHandler = { activate: () => {}, allowNonHttpProtocols: false }
    terminal.textarea?.addEventListener('focus', () => events.focus(true), { signal })
    terminal.textarea?.addEventListener('blur', () => events.focus(false), { signal })
    host.addEventListener('paste', paste, { signal, capture: true })
    // The selection has served once it is copied: the next Ctrl-C interrupts.
    host.addEventListener('copy', () => queueMicrotask(() => terminal.clearSelection()), { signal })
    terminal.attachCustomKeyEventHandler(keyFilter(terminal, events.enter))
  }

  function paste(event: ClipboardEvent): void {
    // xterm.js would paste control characters as they are.
    event.preventDefault()
    event.stopPropagation()
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text !== '') events.pasted(text)
  }

  /** Colours follow whatever changes them: the probe has a transition, which starts when its computed colour changes. */
  function watchLook(): void {
    probe.addEventListener('transitionrun', restyle, { signal })
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'])
      matchMedia(query).addEventListener('change', restyle, { signal })
    watchPixels()
    document.fonts.addEventListener('loadingdone', remeasure, { signal })
    void document.fonts.ready.then(() => {
      if (!signal.aborted) remeasure()
    })
  }

  function watchPixels(): void {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', pixelsChanged, { signal, once: true })
  }

  function pixelsChanged(): void {
    restyle()
    watchPixels()
  }

  function watchBox(): void {
    let frame = 0
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => events.fitWanted())
    })
    observer.observe(host)
    signal.addEventListener('abort', () => {
      observer.disconnect()
      cancelAnimationFrame(frame)
    })
  }

  function restyle(): void {
    if (signal.aborted) return
    look = applyLook()
    gaps.recolor()
    events.fitWanted()
  }

  /** A font that arrives late has other cells; xterm.js measures again only if its name changes. */
  function remeasure(): void {
    const before = measureCell(probe, look)
    const drawn = cellOf(terminal)
    if (before !== null && drawn !== null && Math.abs(before.width - drawn.width) < 0.01) return
    terminal.options.fontFamily = 'monospace'
    restyle()
  }

  return {
    write(bytes, done) {
      terminal.write(bytes, () => {
        replies.settled()
        echo.look()
        done()
      })
    },
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    fitting: () => fitting(host, fit, terminal),
    resize: ({ cols, rows }) => {
      if (cols !== terminal.cols || rows !== terminal.rows) terminal.resize(cols, rows)
    },
    reset: () => {
      gaps.forget()
      held.show(null)
      terminal.reset()
    },
    markGap: (text, done) => gaps.mark(text, done),
    showGap: () => gaps.scrollTo(),
    showHeld(mark) {
      const covers = mark !== null && mark.text !== ''
      if (covers !== cursorCovered) {
        cursorCovered = covers
        look = applyLook()
      }
      held.show(mark)
    },
    expectEcho: (text) => echo.expect(text),
    echoed: () => echo.echoed(),
    bracketedPaste: () => terminal.modes.bracketedPasteMode,
    cursorRow: () => ({ cursor: terminal.buffer.active.cursorY, rows: terminal.rows }),
    showCursor(on) {
      if (on === cursorShown) return
      cursorShown = on
      look = applyLook()
    },
    restyle,
    focus: () => terminal.focus(),
    text: () => screenText(terminal),
    dispose() {
      abort.abort()
      replies.dispose()
      releaseStyles()
      probe.remove()
      terminal.dispose()
    },
  }
}

const screenOf = (element: HTMLElement): HTMLElement => element.querySelector<HTMLElement>('.xterm-screen') ?? element

/** Focus and mouse reports: sequences that no key makes. */
function isReport(data: string): boolean {
  return data === '\u001b[I' || data === '\u001b[O' || data.startsWith('\u001b[<')
}

function cellOf(terminal: Terminal): { readonly width: number } | null {
  const width = terminal.element && screenOf(terminal.element).clientWidth
  return width === undefined || width === 0 ? null : { width: width / terminal.cols }
}

/** Null for a box that is hidden or smaller than two cells: a shell must not be resized by a tab that nobody sees. */
function fitting(host: HTMLElement, fit: FitAddon, terminal: Terminal): TerminalSize | null {
  if (host.clientWidth === 0 || host.clientHeight === 0) return null
  const proposed = fit.proposeDimensions()
  if (proposed === undefined || !Number.isFinite(proposed.cols) || !Number.isFinite(proposed.rows)) return null
  const cell = cellOf(terminal)
  if (cell !== null && host.clientWidth - RULER_WIDTH < 2 * cell.width) return null
  return { cols: Math.min(proposed.cols, 1000), rows: Math.min(proposed.rows, 1000) }
}

const IS_MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
const LEAVE_MS = 1000

/** The keys that the panel takes: copy, the way out of the grid, and Enter where a button waits. */
function keyFilter(terminal: Terminal, enter: () => boolean): (event: KeyboardEvent) => boolean {
  let escapedAt = -Infinity
  return (event) => {
    if (event.type !== 'keydown' || event.isComposing) return true
    if (event.key === 'Escape') escapedAt = event.timeStamp
    else if (event.key === 'Tab' && event.timeStamp - escapedAt < LEAVE_MS) return false
    else if (event.key !== 'Shift') escapedAt = -Infinity
    if (event.key === 'Enter' && !event.repeat && enter()) {
      event.preventDefault()
      return false
    }
    if (event.key.toLowerCase() !== 'c' || !event.ctrlKey || event.altKey || event.metaKey || IS_MAC) return true
    if (event.shiftKey) {
      event.preventDefault()
      if (terminal.hasSelection()) document.execCommand('copy')
      return false
    }
    // The browser's own copy follows, and xterm.js fills it.
    return !terminal.hasSelection()
  }
}

// ---- signs in the grid ------------------------------------------------------------------------------------------------------

interface GapMarks {
  mark(text: string, done: () => void): void
  scrollTo(): void
  recolor(): void
  forget(): void
}

/** Rows that stand for missing output: plain text in the buffer, so that it is copied, under a drawn rule. */
function gapMarks(terminal: Terminal, color: () => string, visible: () => void): GapMarks {
  let marks: { readonly text: string; readonly decoration: IDecoration }[] = []

  function decorate(text: string): void {
    const marker = terminal.registerMarker(-1)
    if (marker === undefined) return
    const decoration = terminal.registerDecoration({
      marker,
      width: terminal.cols,
      layer: 'top',
      overviewRulerOptions: { color: color(), position: 'full' },
    })
    if (decoration === undefined) return
    marks.push({ text, decoration })
    decoration.onDispose(() => (marks = marks.filter((mark) => mark.decoration !== decoration)))
    decoration.onRender((element) => {
      if (element.firstElementChild === null) element.append(noteOf(element, text))
      if (element.style.display !== 'none' && !terminal.element?.ownerDocument.hidden) visible()
    })
  }

  return {
    mark(text, done) {
      // A full-screen program would have the row in its picture; it draws itself anew and the line tells the gap.
      if (terminal.buffer.active.type === 'alternate') return done()
      const row = `[${text}]`.slice(0, terminal.cols)
      const newLine = terminal.buffer.active.cursorX > 0 ? '\r\n' : ''
      // CAN ends a control sequence that the gap has cut.
      terminal.write(`\u0018${newLine}${row}\r\n`, () => {
        decorate(text)
        done()
      })
    },
    scrollTo() {
      const line = marks.at(-1)?.decoration.marker.line
      if (line !== undefined && line >= 0) terminal.scrollToLine(Math.max(0, line - 1))
    },
    recolor() {
      for (const { decoration } of marks) decoration.options = { overviewRulerOptions: { color: color(), position: 'full' } }
    },
    forget() {
      for (const { decoration } of marks) decoration.dispose()
      marks = []
    },
  }
}

function noteOf(parent: HTMLElement, text: string): HTMLElement {
  const note = parent.ownerDocument.createElement('div')
  note.className = 'nt-gap'
  note.setAttribute('role', 'note')
  note.textContent = text
  return note
}

/** Text after the cursor that is not in the buffer: keys that wait, or that were not sent. */
function heldMark(terminal: Terminal): { show(mark: HeldMark | null): void } {
  let decoration: IDecoration | undefined
  let shown: HeldMark | null = null
  return {
    show(mark) {
      if (mark?.text === shown?.text && mark?.kind === shown?.kind) return
      decoration?.dispose()
      shown = mark
      if (mark === null || mark.text === '') return
      const { cursorX } = terminal.buffer.active
      const marker = terminal.registerMarker(0)
      if (marker === undefined) return
      decoration = terminal.registerDecoration({ marker, x: cursorX, width: Math.max(1, terminal.cols - cursorX), layer: 'top' })
      decoration?.onRender((element) => {
        if (element.firstElementChild?.textContent === mark.text) return
        const text = element.ownerDocument.createElement('span')
        text.className = mark.kind === 'held' ? 'nt-held' : 'nt-unsent'
        text.textContent = mark.text
        element.classList.add('nt-typed')
        element.replaceChildren(text)
      })
    },
  }
}

interface EchoWatch {
  expect(text: string): void
  look(): void
  echoed(): boolean
}

/** Whether the program shows what is typed on the cursor's row. Until it was seen to, what is typed may be a password. */
function echoWatch(terminal: Terminal): EchoWatch {
  let expected: { readonly row: number; readonly col: number; readonly char: string } | null = null
  let echoedRow = -1
  const row = (): number => terminal.buffer.active.baseY + terminal.buffer.active.cursorY
  return {
    expect(text) {
      if (text.length !== 1 || text <= ' ' || text === '\u007f' || expected?.row === row()) return
      expected = { row: row(), col: terminal.buffer.active.cursorX, char: text }
    },
    look() {
      if (expected === null) return
      const cell = terminal.buffer.active.getLine(expected.row)?.getCell(expected.col)
      if (cell?.getChars() !== expected.char) return
      echoedRow = expected.row
      expected = null
    },
    echoed: () => echoedRow === row(),
  }
}

/** The buffer with its scrollback as text; rows that the terminal wrapped are joined. */
function screenText(terminal: Terminal): string {
  const { active } = terminal.buffer
  const lines: string[] = []
  for (let y = 0; y < active.length; y++) {
    const line = active.getLine(y)
    const text = line?.translateToString(true) ?? ''
    if (line?.isWrapped && lines.length > 0) lines.push(`${lines.pop() ?? ''}${text}`)
    else lines.push(text)
  }
  return lines.join('\n').trimEnd()
}
