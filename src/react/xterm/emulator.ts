/** Makes xterm.js in an element and gives it the few verbs that a panel needs. */
import type { ITerminalOptions, Terminal } from '@xterm/xterm'
import { RULER_WIDTH } from '../look.ts'
import type { Emulator, EmulatorEvents, EmulatorOptions, EmulatorPart, Inside, Library, MakePart } from './api.ts'
import { box } from './box.ts'
import { cutCells } from './cellWidth.ts'
import { countCharacters } from './characterWidths.ts'
import { makeEarly } from './early.ts'
import { echoWatch } from './echoWatch.ts'
import { firstLinks } from './firstLinks.ts'
import { gapMarks } from './gapMarks.ts'
import { heldMark } from './heldMark.ts'
import { watchInput } from './input.ts'
import { looks } from './looks.ts'
import { oscReaders } from './readers.ts'
import { answerReads } from './reading.ts'
import { watchReplies } from './replies.ts'
import type { keepStyles } from './styles.ts'
import { screenText } from './text.ts'

const BARE =
  'The terminal has no style sheet: import “@nimbus/terminal/styles.css”, and give a frame of your own the props `frame`.'

/** What an emulator is made of. */
export interface Materials extends Library {
  /** Where the policy of the page blocks styles. */
  readonly keepStyles?: typeof keepStyles | undefined
}

/** Makes an emulator in its host. Throws if xterm.js cannot start there, and leaves nothing behind. */
export function createEmulator(materials: Materials, options: EmulatorOptions, events: EmulatorEvents): Emulator {
  const terminal = new materials.Terminal(baseOptions(options))
  try {
    return makeEmulator(terminal, materials, options, events)
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

function makeEmulator(
  terminal: Terminal,
  { FitAddon, keepStyles }: Materials,
  options: EmulatorOptions,
  events: EmulatorEvents,
): Emulator {
  const { host } = options
  const abort = new AbortController()
  const { signal } = abort
  const parts = new Map<MakePart<EmulatorPart>, EmulatorPart>()

  const look = looks(terminal, options, signal, () => {
    gaps.restyled()
    parts.forEach((made) => made.restyled?.())
    events.fitWanted()
  })
  terminal.open(host)
  const releaseStyles = keepStyles?.(terminal)
  cutCells(terminal)
  countCharacters(terminal)
  const read = oscReaders(terminal.parser, events.wanted)
  const inside: Inside = { terminal, host, look: look.now, leadFont: look.lead, signal, read }
  firstLinks(terminal, events.wanted)
  const grid = box(inside, new FitAddon(), {
    cell: look.cell,
    changed: events.fitWanted,
    bare: () => events.failed(new Error(BARE)),
  })
  const replies = watchReplies(terminal.parser)
  answerReads(inside)
  const echo = echoWatch(terminal)
  watchInput(inside, options, replies, echo, events)
  const gaps = gapMarks(inside, events.gapVisible)
  const held = heldMark(terminal)
  look.watch()

  function part<P extends EmulatorPart>(make: MakePart<P>): P {
    const made = parts.get(make) ?? make(inside)
    parts.set(make, made)
    // What lies under a function in the map is what that function made.
    return made as P
  }

  return {
    early: makeEarly(part),
    part,
    addon(addon) {
      terminal.loadAddon(addon)
      replies.ahead()
      look.restyle() // it may have changed how letters are drawn
    },
    write(bytes, done) {
      terminal.write(bytes, () => {
        replies.settled()
        echo.look()
        done()
      })
    },
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    fitting: grid.fitting,
    resize: ({ cols, rows }) => {
      if (cols !== terminal.cols || rows !== terminal.rows) terminal.resize(cols, rows)
    },
    reset: () => {
      gaps.forget()
      held.show(null)
      parts.forEach((made) => made.reset?.())
      terminal.reset()
    },
    rebuilt: () => parts.forEach((made) => made.rebuilt?.()),
    markGap: (text, done) => gaps.mark(text, done),
    showGap: () => gaps.scrollTo(),
    showHeld(mark) {
      look.coverCursor(mark !== null && mark.text !== '')
      held.show(mark)
    },
    expectEcho: (text) => echo.expect(text),
    echoed: () => echo.echoed(),
    bracketedPaste: () => terminal.modes.bracketedPasteMode,
    cursorRow: () => ({ cursor: terminal.buffer.active.cursorY, rows: terminal.rows }),
    showCursor: look.showCursor,
    restyle: look.restyle,
    seen() {
      look.seen()
      events.fitWanted()
    },
    focus: () => terminal.focus(),
    take(input) {
      if ('text' in input) return terminal.input(input.text)
      for (const type of ['keydown', 'keyup']) terminal.textarea?.dispatchEvent(new KeyboardEvent(type, input.key))
    },
    text: () => screenText(terminal),
    dispose() {
      abort.abort()
      parts.forEach((made) => made.dispose?.())
      replies.dispose()
      releaseStyles?.()
      look.dispose()
      terminal.dispose()
    },
  }
}
