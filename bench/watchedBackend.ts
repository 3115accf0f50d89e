/** A backend that notes when a letter is written to a program and when the program's terminal has echoed it, and sockets that note when that left. */
import type { Duplex } from 'node:stream'
import type { Backend, Program } from '../src/server/ports.ts'

/** Milliseconds since 1970; bytes of the program's output. */
export interface ServerKey {
  readonly letter: string
  readonly written: number
  /** The read that brought the echo, and how much had been read before the key was written. */
  read: number
  offset: number
  readonly readBefore: number
  /** When the frame was handed to the kernel, and what waited in the socket before it. */
  left: number
  waiting: number
}

const A = 65
const Z = 90
const now = (): number => performance.timeOrigin + performance.now()

export class KeyWatch {
  #keys: ServerKey[] = []
  /** Written and not echoed, echoed and not sent. */
  #unread: ServerKey | null = null
  #unsent: ServerKey | null = null

  take(): readonly ServerKey[] {
    const taken = this.#keys
    this.#keys = []
    return taken
  }

  /** The same backend; what programs get and print is looked at. */
  backend(backend: Backend): Backend {
    return { ...backend, open: (request, events) => this.#program(backend, request, events) }
  }

  /** Looks at what is written to a socket. */
  socket(socket: Duplex): void {
    const write = socket.write.bind(socket) as (...of: unknown[]) => boolean // passed on as they come
    socket.write = (chunk: unknown, ...rest: unknown[]): boolean => {
      const key = this.#unsent
      if (key !== null && chunk instanceof Uint8Array && chunk.includes(key.letter.charCodeAt(0))) {
        key.left = now()
        key.waiting = socket.writableLength
        this.#unsent = null
      }
      return write(chunk, ...rest)
    }
  }

  #program(backend: Backend, request: Parameters<Backend['open']>[0], events: Parameters<Backend['open']>[1]): Program {
    let end = 0
    const program = backend.open(request, {
      opened: () => events.opened(),
      failed: (reason, message) => events.failed(reason, message),
      took: (bytes) => events.took(bytes),
      exited: (exit) => events.exited(exit),
      output: (stream, bytes) => {
        const key = this.#unread
        const at = key === null ? -1 : bytes.indexOf(key.letter.charCodeAt(0))
        if (key !== null && at >= 0) {
          key.read = now()
          key.offset = end + at + 1
          this.#unread = null
          this.#unsent = key
        }
        end += bytes.length
        events.output(stream, bytes)
      },
    })
    return {
      write: (bytes) => {
        const [byte = 0] = bytes
        if (bytes.length === 1 && byte >= A && byte <= Z) {
          this.#unread = {
            letter: String.fromCharCode(byte),
            written: now(),
            read: NaN,
            offset: NaN,
            readBefore: end,
            left: NaN,
            waiting: NaN,
          }
          this.#keys.push(this.#unread)
        }
        program.write(bytes)
      },
      resize: (size) => program.resize(size),
      signal: (signal) => program.signal(signal),
      pause: () => program.pause(),
      resume: () => program.resume(),
      end: () => program.end(),
      kill: () => program.kill(),
    }
  }
}
