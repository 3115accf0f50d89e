/** The echo backend: a program without a process that repeats its input and floods, lags, asks and ends on command. */
import { STREAM, type TerminalSize } from '../../protocol/messages.ts'
import type { Backend, Clock, OpenRequest, Program, ProgramEvents, ProgramExit } from '../ports.ts'

/** What the echo backend needs of a clock. */
export type EchoClock = Pick<Clock, 'soon' | 'after'>

export interface EchoOptions {
  /** Default: the timers of the platform. */
  readonly clock?: EchoClock
  /** Ignores `pause()`, as a producer does that cannot be stopped. Default false. */
  readonly unpausable?: boolean
  /** Largest piece of output, in bytes; one piece is made in each turn of the event loop. Default 16384. */
  readonly chunkBytes?: number
}

/** Bytes in one line of a flood, its CR LF included. */
export const FLOOD_LINE = 64

const CTRL_C = 0x03
const LF = 0x0a
const CR = 0x0d
const SLASH = 0x2f
/** A longer line is no command. */
const LONGEST_COMMAND = 256
const COMMANDS = '/flood [bytes|forever]  /exit [code]  /signal [name]  /slow [bytes-per-second]  /size  /query'

/**
 * Starts echo programs. Input comes back byte for byte, whatever it is. A line that begins with `/` and ends with CR or LF
 * is a command as well: it is echoed like everything else, and what it prints follows behind a CR LF.
 *
 * - `/flood [bytes|forever]` prints the bytes of {@link floodPattern}, forever if no number is given, as fast as `pause()`
 *   allows. Input is taken and not echoed meanwhile. ^C (0x03) or the signal INT stops it, also while it is paused.
 * - `/slow [bytes-per-second]` takes input at that rate from then on (64 if no number is given), until the next ^C.
 * - `/exit [code]` exits, `/signal [name]` ends as if by that signal (TERM).
 * - `/size` prints `cols x rows`. `/query` prints ESC [ c, which emulators answer; the answer is echoed as input.
 *
 * Escape sequences at the start of a line, such as that answer, do not hide a command. Input counts as taken when its echo
 * is out, so a paused program takes nothing. No event comes from inside a call of the program.
 */
export function echoBackend(options: EchoOptions = {}): Backend {
  const settings = {
    clock: options.clock ?? platformClock(),
    pausable: options.unpausable !== true,
    chunkBytes: options.chunkBytes ?? 16_384,
  }
  return {
    pausable: settings.pausable,
    open: (request, events) => new EchoProgram(request, events, settings),
  }
}

/**
 * `length` bytes of a flood from byte `offset` on: lines of {@link FLOOD_LINE} bytes that begin with their own offset in
 * 14 decimal digits, so that a loss or a repetition shows at any place.
 */
export function floodPattern(offset: number, length: number): Uint8Array<ArrayBuffer> {
  const first = offset - (offset % FLOOD_LINE)
  const lines = Math.ceil((offset + length - first) / FLOOD_LINE)
  const bytes = new Uint8Array(lines * FLOOD_LINE)
  for (let line = 0; line < lines; line++) {
    const start = line * FLOOD_LINE
    bytes.set(LINE_TEMPLATE, start)
    writeDigits(bytes, start, first + start)
  }
  return lines * FLOOD_LINE === length ? bytes : bytes.slice(offset - first, offset - first + length)
}

const DIGITS = 14
const LINE_TEMPLATE = ascii(`${'0'.repeat(DIGITS)} the quick brown fox jumps over the lazy dog .:;\r\n`)

function writeDigits(bytes: Uint8Array<ArrayBuffer>, start: number, value: number): void {
  for (let at = start + DIGITS - 1, rest = value; rest > 0; at--) {
    const next = Math.floor(rest / 10)
    bytes[at] = 0x30 + (rest - next * 10)
    rest = next
  }
}

type Mode =
  | { readonly kind: 'echo' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  | { readonly kind: 'flood'; readonly at: number; readonly end: number }

/** What a command does: something to print, a new mode, or the end. */
interface Answer {
  readonly print?: string
  readonly mode?: Mode
  readonly exit?: ProgramExit
}

interface Settings {
  readonly clock: EchoClock
  readonly pausable: boolean
  readonly chunkBytes: number
}

class EchoProgram implements Program {
  readonly #events: ProgramEvents
  readonly #settings: Settings
  readonly #input: Uint8Array<ArrayBuffer>[] = []
  #size: TerminalSize
  #mode: Mode = { kind: 'echo' }
  #line: number[] = []
  /** Printed at the next chance, before anything else. */
  #held = ''
  #opened = false
  #paused = false
  #exit: ProgramExit | null = null
  #cancelTurn: (() => void) | null = null

  constructor(request: OpenRequest, events: ProgramEvents, settings: Settings) {
    this.#events = events
    this.#settings = settings
    this.#size = request.size
    this.#wake()
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#exit || bytes.length === 0) return
    this.#input.push(bytes)
    // ^C overtakes the bytes that a slow program has not taken yet.
    if (this.#mode.kind === 'slow' && bytes.includes(CTRL_C)) this.#enter({ kind: 'echo' })
    this.#wake()
  }

  resize(size: TerminalSize): void {
    this.#size = size
  }

  signal(signal: string): void {
    if (signal !== 'INT') return this.#finish({ sig: signal })
    if (this.#mode.kind !== 'echo') this.#interrupt()
  }

  pause(): void {
    this.#paused = this.#settings.pausable
  }

  resume(): void {
    this.#paused = false
    this.#wake()
  }

  end(): void {
    this.#finish({ sig: 'HUP' })
  }

  kill(): void {
    this.#finish({ sig: 'KILL' })
  }

  #finish(exit: ProgramExit): void {
    if (this.#exit) return
    this.#exit = exit
    this.#input.length = 0
    this.#cancelTurn?.()
    this.#cancelTurn = this.#settings.clock.soon(() => this.#events.exited(exit))
  }

  #enter(mode: Mode): void {
    this.#mode = mode
    this.#cancelTurn?.()
    this.#cancelTurn = null
    this.#wake()
  }

  #interrupt(): void {
    this.#held += '^C\r\n'
    this.#enter({ kind: 'echo' })
  }

  /** Arranges the next turn, if there is something to do in it. */
  #wake(): void {
    if (this.#exit || this.#cancelTurn || !this.#hasWork()) return
    const { clock } = this.#settings
    const turn = () => this.#turn()
    this.#cancelTurn =
      this.#mode.kind === 'slow' && this.#opened ? clock.after(slowDelayMs(this.#mode.bytesPerSecond), turn) : clock.soon(turn)
  }

  #hasWork(): boolean {
    if (!this.#opened) return true
    const flooding = this.#mode.kind === 'flood'
    if (this.#input.length > 0 && (flooding || !this.#paused)) return true
    return !this.#paused && (flooding || this.#held !== '')
  }

  #turn(): void {
    this.#cancelTurn = null
    if (!this.#opened) {
      this.#opened = true
      this.#events.opened()
    } else if (this.#mode.kind === 'flood' && this.#input.length > 0) {
      this.#swallow()
    } else if (!this.#paused) {
      this.#print()
    }
    this.#wake()
  }

  /** Takes input during a flood: up to ^C it is dropped, behind it it waits for its echo. */
  #swallow(): void {
    const bytes = this.#input[0]
    if (!bytes) return
    const stop = bytes.indexOf(CTRL_C)
    this.#advance(stop < 0 ? bytes.length : stop + 1)
    if (stop >= 0) this.#interrupt()
  }

  #print(): void {
    const mode = this.#mode
    if (this.#held !== '') {
      const text = this.#held
      this.#held = ''
      this.#output(ascii(text))
    } else if (mode.kind === 'flood') {
      this.#flood(mode.at, mode.end)
    } else {
      this.#echo(mode.kind === 'slow' ? slowPiece(mode.bytesPerSecond) : this.#settings.chunkBytes)
    }
  }

  #flood(at: number, end: number): void {
    const length = Math.min(this.#settings.chunkBytes, end - at)
    const next = at + length
    this.#mode = next < end ? { kind: 'flood', at: next, end } : { kind: 'echo' }
    this.#output(floodPattern(at, length))
  }

  /** Echoes at most `limit` bytes, up to the end of the first command among them, and does what the command says. */
  #echo(limit: number): void {
    const bytes = this.#input[0]
    if (!bytes) return
    const { length, command } = this.#readCommand(bytes, Math.min(limit, bytes.length))
    const piece = bytes.slice(0, length)
    const answer = command === null ? {} : answerOf(command, this.#size)
    // ^C ends slowness also where it stood in the queue before slowness began.
    const mode = answer.mode ?? (this.#mode.kind === 'slow' && piece.includes(CTRL_C) ? { kind: 'echo' as const } : this.#mode)
    this.#mode = mode
    this.#output(answer.print === undefined ? piece : concat(piece, ascii(answer.print)))
    this.#advance(length)
    if (answer.exit) this.#finish(answer.exit)
  }

  #readCommand(bytes: Uint8Array<ArrayBuffer>, limit: number): { length: number; command: string | null } {
    for (let at = 0; at < limit; at++) {
      const byte = bytes[at] ?? 0
      if (byte !== CR && byte !== LF) {
        if (this.#line.length <= LONGEST_COMMAND) this.#line.push(byte)
        continue
      }
      const command = commandOf(this.#line)
      this.#line = []
      if (command !== null) return { length: at + 1, command }
    }
    return { length: limit, command: null }
  }

  /** Removes `count` bytes from the first piece of input and reports them as taken. */
  #advance(count: number): void {
    const bytes = this.#input[0]
    if (!bytes || this.#exit) return
    if (count < bytes.length) this.#input[0] = bytes.subarray(count)
    else this.#input.shift()
    this.#events.took(count)
  }

  #output(bytes: Uint8Array<ArrayBuffer>): void {
    this.#events.output(STREAM.main, bytes)
  }
}

/** The command on a line without its end, or null. */
function commandOf(line: readonly number[]): string | null {
  if (line.length > LONGEST_COMMAND) return null
  const start = endOfSequences(line)
  return line[start] === SLASH ? String.fromCharCode(...line.slice(start)).trim() : null
}

/** Where the control sequences (ESC [ … final byte) at the start of a line end. */
function endOfSequences(line: readonly number[]): number {
  let at = 0
  while (line[at] === 0x1b && line[at + 1] === 0x5b) {
    const final = line.findIndex((byte, index) => index >= at + 2 && byte >= 0x40 && byte <= 0x7e)
    if (final < 0) return at
    at = final + 1
  }
  return at
}

function answerOf(command: string, size: TerminalSize): Answer {
  const [name = '', word = ''] = command.split(/ +/)
  return commandAnswer(name, word, size) ?? { print: `\r\n${COMMANDS}\r\n` }
}

/** Undefined for what is no command or has a wrong argument. */
function commandAnswer(name: string, word: string, size: TerminalSize): Answer | undefined {
  const print = '\r\n'
  switch (name) {
    case '/size':
      return { print: `${print}${size.cols} x ${size.rows}\r\n` }
    case '/query':
      return { print: `${print}\x1b[c` }
    case '/signal':
      return /^[A-Z0-9]{0,10}$/.test(word) ? { print, exit: { sig: word || 'TERM' } } : undefined
    case '/exit': {
      const code = numberOr(word, 0)
      return code === undefined ? undefined : { print, exit: { code: code % 256 } }
    }
    case '/slow': {
      const bytesPerSecond = numberOr(word, 64)
      return bytesPerSecond ? { print, mode: { kind: 'slow', bytesPerSecond } } : undefined
    }
    case '/flood': {
      const end = word === 'forever' ? Infinity : numberOr(word, Infinity)
      if (end === undefined) return undefined
      return { print, mode: end === 0 ? { kind: 'echo' } : { kind: 'flood', at: 0, end } }
    }
    default:
      return undefined
  }
}

function numberOr(word: string, absent: number): number | undefined {
  if (word === '') return absent
  return /^\d{1,14}$/.test(word) ? Number(word) : undefined
}

/** Bytes that a slow program takes at once: a twentieth of a second's worth. */
function slowPiece(bytesPerSecond: number): number {
  return Math.max(1, Math.floor(bytesPerSecond / 20))
}

function slowDelayMs(bytesPerSecond: number): number {
  return (slowPiece(bytesPerSecond) * 1000) / bytesPerSecond
}

function concat(first: Uint8Array<ArrayBuffer>, second: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

/** The timers that every platform has; `setImmediate` and `unref` only Node and Bun have. */
interface PlatformTimers {
  setTimeout(callback: () => void, delayMs: number): unknown
  clearTimeout(timer: unknown): void
  setImmediate?(callback: () => void): unknown
  clearImmediate?(timer: unknown): void
}

function platformClock(): EchoClock {
  // This file compiles without the types of any platform.
  const timers = globalThis as unknown as PlatformTimers
  const after = (delayMs: number, callback: () => void) => {
    const timer = timers.setTimeout(callback, delayMs)
    // A number in a page, an object with `unref` elsewhere.
    if (typeof timer === 'object') (timer as { unref?(): void }).unref?.()
    return () => timers.clearTimeout(timer)
  }
  const soon = (callback: () => void) => {
    if (!timers.setImmediate || !timers.clearImmediate) return after(0, callback)
    const timer = timers.setImmediate(callback)
    return () => timers.clearImmediate?.(timer)
  }
  return { after, soon }
}
