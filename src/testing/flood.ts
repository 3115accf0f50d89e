/** A flood through a link and a parser, to see what a window does to throughput and to the echo of a key; no machine, only its arithmetic. */
import { INITIAL_WINDOW, arrived } from '../client/machine/outputWindow.ts'
import type { OutputWindow } from '../client/machine/outputWindow.ts'
import { consume, due, flush, receive, receiverAt, withWindow } from '../protocol/credit.ts'
import { OUTPUT_WINDOW } from '../protocol/limits.ts'
import { virtualClock } from './virtualClock.ts'

export interface FloodOptions {
  /** Bytes a millisecond that the parser draws, as a function of time. */
  readonly parse: (now: number) => number
  readonly roundTripMs: number
  /** Bytes a millisecond that the link carries. */
  readonly link: number
  /** A fixed window in bytes, or null for the one that adapts. */
  readonly fixed: number | null
  /** Milliseconds of flood. */
  readonly forMs: number
  /** Milliseconds of quiet typing before it: short lines, each drawn one frame after it came. */
  readonly quietMs?: number
}

export interface FloodResult {
  /** Bytes a millisecond drawn in the second half. */
  readonly throughput: number
  /** Median milliseconds from a key to its echo on the screen, in the second half. */
  readonly echoMs: number
  /** The window at every grant of the second half. */
  readonly windows: readonly number[]
  /** Milliseconds until the throughput of a tenth of a second was at nine tenths of the final one. */
  readonly settledMs: number
}

const FRAME_BYTES = 32 * 1024
/** Between two pings. */
const PING_MS = 5000
/** Between two keys. */
const KEY_MS = 97

export function flood(options: FloodOptions): FloodResult {
  const { parse, roundTripMs, link, fixed, forMs, quietMs = 0 } = options
  const clock = virtualClock({ startMs: 0 })
  const oneWay = roundTripMs / 2
  let window: OutputWindow = fixed === null ? INITIAL_WINDOW : { ...INITIAL_WINDOW, size: fixed }
  let receiver = receiverAt(0, window.size)
  let drawn = 0
  let rtt: number | null = null
  let sent = 0
  let credit = 0
  let linkFreeAt = 0
  let parsing = false
  let flooding = false
  const windows: number[] = []
  const echoes: number[] = []
  const drawnAt: number[] = []
  const keys: { readonly at: number; readonly offset: number }[] = []

  /** Into the pipe: serialised by its bandwidth, then delayed. */
  function carry(bytes: number, arrive: () => void): void {
    linkFreeAt = Math.max(linkFreeAt, clock.now()) + bytes / link
    clock.after(linkFreeAt - clock.now() + oneWay, arrive)
  }

  function sendAll(): void {
    while (flooding && credit - sent > 0) sendBytes(Math.min(FRAME_BYTES, credit - sent))
  }

  function sendBytes(bytes: number): void {
    sent += bytes
    carry(bytes, () => take(bytes))
  }

  function take(bytes: number): void {
    const taken = receive(receiver, bytes)
    if (!taken.ok) throw new Error('The flood broke its credit; this is a mistake in the simulation.')
    receiver = taken.receiver
    if (fixed === null) window = arrived(window, clock.now(), receiver.received, rtt)
    if (!parsing) parseNext()
  }

  function parseNext(): void {
    const bytes = Math.min(64 * 1024, Math.ceil(10 * parse(clock.now())), receiver.received - drawn)
    if (bytes === 0) return
    parsing = true
    // Nothing is on the screen sooner than the parser's next turn.
    clock.after(Math.max(1, bytes / parse(clock.now())), () => draw(bytes))
  }

  function draw(bytes: number): void {
    parsing = false
    drawn += bytes
    drawnAt.push(clock.now(), bytes)
    receiver = consume(receiver, drawn)
    while (keys[0] !== undefined && keys[0].offset <= drawn) echoes.push(clock.now(), clock.now() - (keys.shift()?.at ?? 0))
    grant(false)
    parseNext()
  }

  function grant(topUp: boolean): void {
    const grew = window.size > receiver.window
    receiver = withWindow(receiver, window.size)
    const owed = topUp || grew ? flush(receiver, { paused: false, topUp: true }) : due(receiver, false)
    if (owed === null) return
    receiver = owed.receiver
    windows.push(clock.now(), window.size)
    clock.after(oneWay, () => {
      credit += owed.flow.credit
      sendAll()
    })
  }

  function ping(): void {
    const at = clock.now()
    clock.after(oneWay, () => carry(20, () => (rtt = Math.min(rtt ?? Infinity, clock.now() - at))))
  }

  function press(): void {
    const at = clock.now()
    // The echo is the next byte that the program writes, behind what the server has read already.
    clock.after(oneWay, () => keys.push({ at, offset: sent + 1 }))
  }

  grant(true)
  ping()
  for (let at = PING_MS; at < quietMs + forMs; at += PING_MS) clock.after(at, ping)
  for (let at = 1000; at < quietMs; at += 100) clock.after(at, () => credit - sent > 100 && sendBytes(100))
  clock.after(quietMs, () => {
    flooding = true
    sendAll()
  })
  for (let at = quietMs + KEY_MS; at < quietMs + forMs; at += KEY_MS) clock.after(at, press)
  clock.runUntil(quietMs + forMs)

  const half = quietMs + forMs / 2
  const late = (list: readonly number[]): number[] => list.filter((_, i) => i % 2 === 1 && (list[i - 1] ?? 0) >= half)
  const sum = (list: readonly number[]): number => list.reduce((total, bytes) => total + bytes, 0)
  const throughput = sum(late(drawnAt)) / (forMs / 2)
  const sorted = late(echoes).sort((a, b) => a - b)
  return { throughput, echoMs: sorted[Math.floor(sorted.length / 2)] ?? Infinity, windows: late(windows), settledMs: settled() }

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
export const FIXED_WINDOWS = [OUTPUT_WINDOW.min, 128 * 1024, OUTPUT_WINDOW.initial, 512 * 1024, 1024 * 1024, OUTPUT_WINDOW.max]
