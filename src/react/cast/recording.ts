/** Recordings of a session: begin when a host asks for one, and keep only what comes from then on. */
import type { Feature, PanelContext } from '../session/context.ts'
import type { Cast } from './cast.ts'
import type { CastRecorder } from './recorder.ts'

export interface RecordOptions {
  readonly title?: string
  /** Bytes of output that are kept. Default 16 MiB; recording stops there. */
  readonly maxBytes?: number
}

export interface Recording {
  /** The limit was reached. */
  full(): boolean
  /** What was recorded so far. */
  cast(): Cast
  /** Ends it and gives it as an asciicast file of version 2. */
  stop(): string
}

export interface Recordings extends Feature {
  /** Resolves when it records. */
  record(options?: RecordOptions): Promise<Recording>
}

const MAX_BYTES = 16 * 1024 * 1024
/** Clears a terminal and its scrollback. */
const RESET = '\u001bc'

export function recordings({ channel, emulator, now }: PanelContext): Recordings {
  const running = new Set<{ recorder: CastRecorder; release: () => void }>()

  function resized(recorder: CastRecorder): void {
    const size = emulator()?.size()
    if (size !== undefined) recorder.resize(size)
  }

  return {
    async record({ title, maxBytes = MAX_BYTES } = {}) {
      const [{ CastRecorder }, { writeCast }] = await Promise.all([import('./recorder.ts'), import('./cast.ts')])
      const startedAt = Date.now()
      const size = emulator()?.size() ?? { cols: 80, rows: 24 }
      const recorder = new CastRecorder({ size, now, maxBytes, ...(title !== undefined && { title }) })
      const releases = [
        channel.on('data', ({ bytes }) => {
          resized(recorder)
          recorder.output(bytes)
        }),
        channel.on('reset', ({ modes = '' }) => recorder.text(RESET + modes)),
      ]
      const entry = { recorder, release: () => releases.forEach((release) => release()) }
      running.add(entry)
      return {
        full: () => recorder.full(),
        cast: () => recorder.cast(),
        stop() {
          entry.release()
          running.delete(entry)
          return writeCast(recorder.cast(), startedAt)
        },
      }
    },
    dispose() {
      for (const { release } of running) release()
      running.clear()
    },
  }
}
