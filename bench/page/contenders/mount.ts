/** What a terminal in a page has to offer to be measured beside others. */
import type { TerminalSize } from '../../../src/protocol/messages.ts'
import type { Output } from '../output.ts'

export interface Surroundings {
  /** An empty element of 800 by 520 pixels. */
  readonly host: HTMLElement
  /** What the terminal is to have; the one that others are compared with takes what fits into the host. */
  readonly size: TerminalSize
  readonly output: Output
  readonly query: URLSearchParams
}

/** What drawing costs depends on it: about the panel's own. */
export const LOOK = { fontFamily: 'monospace', fontSize: 13 } as const

export interface Contender {
  /** Types without a key event. */
  type(text: string): void
  focus(): void
  /** Where the terminal has chosen its own. */
  size?(): TerminalSize
  /** Where there is no shell: prints so many bytes of a payload from memory, at most; milliseconds. */
  print?(payload: string, most: number): Promise<number>
}

/** Puts a terminal into the host; resolves when it takes keys. Each file of this folder has one. */
export type Mount = (around: Surroundings) => Promise<Contender>

/** A socket of the measuring server, open. */
export async function openSocket(path: string, protocols: string[] = []): Promise<WebSocket> {
  const socket = new WebSocket(new URL(path, location.href), protocols)
  socket.binaryType = 'arraybuffer'
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error(`No socket at ${path}.`)))
  })
  return socket
}

export const sized = (path: string, { cols, rows }: TerminalSize): string => `${path}?cols=${cols}&rows=${rows}`

/** Binary messages are all that comes, where this is called. */
export const bytesOf = (event: MessageEvent): Uint8Array<ArrayBuffer> => new Uint8Array(event.data as ArrayBuffer)
