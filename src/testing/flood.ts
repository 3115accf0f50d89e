/** A flood through a program, a link and a page, to see what a window does to throughput and to the echo of a key; no machine, only its arithmetic. */
import { INITIAL_WINDOW, arrived, drew } from '../client/machine/outputWindow.ts'
import type { OutputWindow, RoundTrip } from '../client/machine/outputWindow.ts'
import { consume, due, flush, receive, receiverAt, withWindow } from '../protocol/credit.ts'
import { virtualClock } from './virtualClock.ts'

export interface FloodOptions {
  /** Bytes a millisecond that the emulator parses, as a function of time. */
  readonly parse: (now: number) => number
  /** Milliseconds, as a function of time. What was sent first arrives first. */
  readonly roundTripMs: number | ((now: number) => number)
  /** Bytes a millisecond that the link carries. */
  readonly link: number
  /** Bytes a millisecond that the program prints, as a function of time. Default: more than anybody takes. */
  readonly print?: (now: number) => number
  /** A fixed window in bytes, or null for the one that adapts. */
  readonly fixed: number | null
  /** Milliseconds of flood. */
  readonly forMs: number
  /** Milliseconds of quiet typing before it: short lines. */
  readonly quietMs?: number
}

export interface FloodResult {
  /** Bytes a millisecond drawn in the second half. */
  readonly throughput: number
  /** Milliseconds from a key to its echo on the screen, in the second half: median, and of the slowest tenth the quickest. */
  readonly echoMs: number
  readonly slowEchoMs: number
  /** The window at every grant of the second half. */
  readonly windows: readonly number[]
  /** Milliseconds until the throughput of a tenth of a second was at nine tenths of the final one. */
  readonly settledMs: number
}

/** A server joins what it has ready into pieces of at most so much. */
const FRAME_BYTES = 32 * 1024
/** What kernel and server hold of the program's output while there is no credit. */
const AHEAD_BYTES = 48 * 1024
/** A grant, a key or a piece of output on its way through the server. */
const SERVER_MS = 0.5
/** Of one hop of the page's parsing, and of one piece of it. */
const HOP_MS = 10
const SLICE_BYTES = 16 * 1024
/** The page draws a frame so often, which takes so long. */
const FRAME_MS = { every: 1000 / 60, takes: 3 }
/** Between two pings. */
const PING_MS = 5000
/** Between two keys. */
const KEY_MS = 97

export function flood(options: FloodOptions): FloodResult {
  const { parse, link, print = () => 1e6, fixed, forMs, quietMs = 0 } = options
  const clock = virtualClock({ startMs: 0 })
  const wayAt = typeof options.roundTripMs === 'number' ? () => Number(options.roundTripMs) / 2 : (at: number) => tripAt(at) / 2
  const tripAt = options.roundTripMs as (now: number) => number
  let window: OutputWindow = fixed === null ? INITIAL_WINDOW : { ...INITIAL_WINDOW, size: fixed }
  let receiver = receiverAt(0, window.size)
  const windows: number[] = []
  const echoes: number[] = []
  const drawnAt: number[] = []

  // The two directions of the link, in order.
  let linkFreeAt = 0
  let downAt = 0
  let upAt = 0

  function down(bytes: number, arrive: () => void): void {
    linkFreeAt = Math.max(linkFreeAt, clock.now()) + bytes / link
    downAt = Math.max(downAt, linkFreeAt + wayAt(clock.now()))
    clock.after(downAt - clock.now(), arrive)
  }

  function up(arrive: () => void): void {
    upAt = Math.max(upAt, clock.now() + wayAt(clock.now()))
    clock.after(upAt - clock.now() + SERVER_MS, arrive)
  }

  // The server and its program.
  let printed = 0
  let printedAt = 0
  let sent = 0
  let credit = 0
  let flooding = false
  let pumping = false

  function printOn(): void {
    const now = clock.now()
    if (flooding) printed = Math.min(sent + AHEAD_BYTES, printed + print(printedAt) * (now - printedAt))
    printedAt = now
  }

  function pump(): void {
    if (pumping) return
    printOn()
    const bytes = Math.floor(Math.min(FRAME_BYTES, credit - sent, printed - sent))
    if (bytes > 0) {
      sent += bytes
      down(bytes, () => post({ kind: 'data', bytes }))
    }
    if (!flooding || credit - sent <= 0) return
    pumping = true
    // What is ready goes out at once; then the program prints on.
    clock.after(printed - sent >= 1 ? 0 : 0.5, () => {
      pumping = false
      pump()
    })
  }

  // The page: one thing at a time. Messages come before frames, and frames before parsing.
  type Message =
    | { readonly kind: 'data'; readonly bytes: number }
    | { readonly kind: 'pong'; readonly at: number }
    | { readonly kind: 'key'; readonly at: number }
  const mail: Message[] = []
  const keys: { readonly at: number; readonly offset: number }[] = []
  let trip: RoundTrip | null = null
  let drawn = 0
  let frameAt = 0
  let dirty = false
  let busy = false
  let busySince = 0

  function post(message: Message): void {
    mail.push(message)
    if (!busy) turn()
  }

  function turn(): void {
    busy = false
    for (let next = mail.shift(); next !== undefined; next = mail.shift()) take(next)
    if (dirty && clock.now() >= frameAt) return frame()
    if (receiver.received > drawn) return hop()
  }

  function take(message: Message): void {
    const now = clock.now()
    switch (message.kind) {
      case 'key':
        // The echo is the next byte that the program prints, behind all that waits.
        return up(() => (printOn(), keys.push({ at: message.at, offset: printed + 1 }), pump()))
      case 'pong': {
        const latestMs = now - message.at
        trip = { latestMs, shortestMs: Math.min(latestMs, trip?.shortestMs ?? Infinity), at: now }
        return
      }
      case 'data': {
        if (receiver.received === drawn) busySince = now
        const taken = receive(receiver, message.bytes)
        if (!taken.ok) throw new Error('The flood broke its credit; this is a mistake in the simulation.')
        receiver = taken.receiver
        if (fixed === null) window = arrived(window, now, receiver.received, trip)
      }
    }
  }

  function frame(): void {
    busy = true
    dirty = false
    frameAt = (Math.floor(clock.now() / FRAME_MS.every) + 1) * FRAME_MS.every
    clock.after(FRAME_MS.takes, turn)
  }

  function hop(): void {
    busy = true
    const rate = parse(clock.now())
    const until = Math.min(receiver.received, drawn + Math.ceil(HOP_MS * rate))
    const slice = Math.min(SLICE_BYTES, Math.ceil((HOP_MS * rate) / 2))
    for (let at = drawn; at < until; at += slice) {
      const end = Math.min(until, at + slice)
      clock.after((end - drawn) / rate, () => draw(end))
    }
    clock.after(Math.max(0.05, (until - drawn) / rate), turn)
  }

  function draw(end: number): void {
    const now = clock.now()
    drawnAt.push(now, end - drawn)
    if (fixed === null) window = drew(window, now, end - drawn, busySince)
    drawn = end
    dirty = true
    receiver = consume(receiver, drawn)
    while (keys[0] !== undefined && keys[0].offset <= drawn) echoes.push(now, now - (keys.shift()?.at ?? 0))
    grant(false)
  }

  function grant(topUp: boolean): void {
    const grew = window.size > receiver.window
    receiver = withWindow(receiver, window.size)
    const owed = topUp || grew ? flush(receiver, { paused: false, topUp: true }) : due(receiver, false)
    if (owed === null) return
    receiver = owed.receiver
    windows.push(clock.now(), window.size)
    up(() => {
      credit += owed.flow.credit
      pump()
    })
  }

  function ping(): void {
    const at = clock.now()
    up(() => down(20, () => post({ kind: 'pong', at })))
  }

  grant(true)
  ping()
  for (let at = PING_MS; at < quietMs + forMs; at += PING_MS) clock.after(at, ping)
  for (let at = 1000; at < quietMs; at += 100) clock.after(at, () => ((printed += 100), pump()))
  clock.after(quietMs, () => {
    flooding = true
    printedAt = clock.now()
    pump()
  })
  for (let at = quietMs + KEY_MS; at < quietMs + forMs; at += KEY_MS) clock.after(at, () => post({ kind: 'key', at }))
  clock.runUntil(quietMs + forMs)

  const half = quietMs + forMs / 2
  const late = (list: readonly number[]): number[] => list.filter((_, i) => i % 2 === 1 && (list[i - 1] ?? 0) >= half)
  const sum = (list: readonly number[]): number => list.reduce((total, bytes) => total + bytes, 0)
  const throughput = sum(late(drawnAt)) / (forMs / 2)
  const sorted = late(echoes).sort((a, b) => a - b)
  const part = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Infinity
  return { throughput, echoMs: part(0.5), slowEchoMs: part(0.9), windows: late(windows), settledMs: settled() }

  function settled(): number {
    for (let from = quietMs; from < half; from += 100) {
      const bytes = drawnAt.reduce((total, value, i) => {
        const at = drawnAt[i - 1] ?? 0
        return i % 2 === 1 && at >= from && at < from + 100 ? total + value : total
      }, 0)
      if (bytes / 100 >= 0.9 * throughput) return from - quietMs
    }
    return Infinity
  }
}

/** Windows that a fixed rule would choose from. */
export const FIXED_WINDOWS = [64, 128, 256, 512, 1024, 2048].map((size) => size * 1024)
