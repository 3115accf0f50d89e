/** What programs tell by OSC 9 beside notifications: the progress of a task, and the working directory. */
import type { EmulatorPart, Inside } from './api.ts'

export interface ProgramListener {
  /** What stands behind `OSC 9;`, progress or not. */
  progress(data: string): void
  folder(path: string): void
}

export interface ProgramTells extends EmulatorPart {
  /** One listener at a time. */
  watch(listener: ProgramListener): void
}

/** The longest sequence that is looked at, in UTF-16 units. */
const LIMIT = 4096

export function programTells({ read }: Inside): ProgramTells {
  let listener: ProgramListener | null = null
  read(9, (data) => {
    if (data.length > LIMIT) return
    if (data.startsWith('9;')) listener?.folder(data.slice(2))
    else listener?.progress(data)
  })
  return {
    watch: (next) => void (listener = next),
    dispose() {
      listener = null
    },
  }
}
