/** A connection without a network: ready at once, and its output comes from the page's memory as fast as it is drawn. */
import type { Channel, ChannelEvents, Connection, Snapshot, Stats } from '../../src/client/api.ts'
import { IDLE, NO_STATS } from '../../src/client/shown.ts'
import type { TerminalSize } from '../../src/protocol/messages.ts'

/** What a link may have on its way at most. */
const AHEAD = 2 * 1024 * 1024
/** What a server puts into one frame at most. */
const FRAME = 64 * 1024

const SNAPSHOT: Snapshot = { ...IDLE, status: { phase: 'ready', since: 0 }, everReady: true }

export interface MemoryConnection {
  readonly connection: Connection
  /** Of the terminal, once it was fitted. */
  size(): TerminalSize | null
  /** Sends bytes in frames, no more than a link would have on its way; resolves when all of them are drawn. */
  send(bytes: Uint8Array<ArrayBuffer>): Promise<void>
}

export function memoryConnection(): MemoryConnection {
  let size: TerminalSize | null = null
  let hear: (output: ChannelEvents['data']) => void = () => {}
  let sent = 0
  let drawn = 0
  let more = (): void => {}
  const off = (): void => {}

  const channel: Channel = {
    write: () => 'sent',
    paste: () => ({ bytes: 0, sent: () => 0, done: Promise.resolve({ sent: 0, complete: true }), cancel: off }),
    reply: off,
    consumed(offset) {
      drawn = Math.max(drawn, offset)
      more()
    },
    resize: (next) => void (size = next),
    signal: off,
    close: off,
    on(event, listener) {
      // The only event that happens here; its listener takes what it is called with.
      if (event === 'data') hear = listener as typeof hear
      return off
    },
  }

  const stats: Stats = { ...NO_STATS, outputWindow: AHEAD }

  const connection: Connection = {
    snapshot: () => SNAPSHOT,
    stats: () => stats,
    recent: () => ({ notes: [], roundTrips: [] }),
    report: () => {
      throw new Error('Nothing is recorded here.')
    },
    now: () => performance.now(),
    subscribe: () => off,
    on: () => off,
    open(options) {
      size = options?.size ?? null
      return channel
    },
    retry: off,
    restart: off,
    takeOver: off,
    dismissUnsent: off,
    disconnect: off,
    dispose: off,
  }

  return {
    connection,
    size: () => size,
    send(bytes) {
      const first = sent
      let at = 0
      return new Promise((resolve) => {
        more = () => {
          while (at < bytes.length && sent - drawn < AHEAD) {
            const frame = bytes.subarray(at, at + FRAME)
            at += frame.length
            sent += frame.length
            hear({ stream: 1, bytes: frame, end: sent, answered: false })
          }
          if (drawn < first + bytes.length) return
          more = off
          resolve()
        }
        more()
      })
    },
  }
}
