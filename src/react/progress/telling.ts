/** The progress of a session: joins what the program tells with the line, the edge and the host. */
import type { Feature, PanelContext } from '../session/context.ts'
import { commandName } from '../commands/shellMarks.ts'
import { programTells } from '../xterm/programTells.ts'
import { ProgressWatch } from './controller.ts'

export interface Telling extends Feature {
  /** The task is over. */
  end(): void
}

export interface TellingPorts {
  /** The command that runs; empty where the shell does not tell. */
  readonly command: () => string
  readonly folder: (path: string) => void
}

export function telling(
  { alarms, connection, handlers, look, now, say, words }: PanelContext,
  { command, folder }: TellingPorts,
): Telling {
  const watch = new ProgressWatch({
    now,
    alarm: (ms, run) => alarms.set('progress', ms, run),
    changed(progress, quarter) {
      handlers().onProgress?.(progress)
      if (quarter !== null && handlers().speakProgress) say(words().commands.percent(quarter))
      look()
    },
  })
  const unsubscribe = connection.subscribe(() => {
    if (connection.snapshot().status.phase === 'ended') watch.end()
  })
  return {
    end: () => watch.end(),
    ready: (emulator) => emulator.part(programTells).watch({ progress: (data) => watch.heard(data), folder }),
    reset: () => watch.end(),
    facts() {
      const progress = watch.shown()
      return { progress: progress && { ...progress, command: commandName(command()) } }
    },
    dispose() {
      unsubscribe()
      watch.dispose()
    },
  }
}
