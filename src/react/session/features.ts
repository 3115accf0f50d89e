/** The features of a session, by name: `session.features.paste` is what its component talks to. */
import { marking, type Marking } from '../commands/marking.ts'
import { pasting } from '../paste/pasting.ts'
import { telling } from '../progress/telling.ts'
import type { PanelContext } from './context.ts'
import type { Program } from './program.ts'

export type Features = ReturnType<typeof makeFeatures>

export function makeFeatures(context: PanelContext, program: Program) {
  const folder = (path: string): void => program.inFolder(path)
  const progress = telling(context, { command: () => marks.running(), folder })
  const marks: Marking = marking(context, { turned: () => progress.end(), folder })
  return {
    paste: pasting(context),
    marks,
    progress,
  }
}
