/** The features that a first prompt needs: what is pasted, what is said, and the keys that are not the program's. */
import { keyboard } from '../keyboard/controller.ts'
import { pasting } from '../paste/pasting.ts'
import { voicing } from '../speech/voicing.ts'
import type { PanelContext } from './context.ts'

export type CoreFeatures = ReturnType<typeof coreFeatures>

export function coreFeatures(context: PanelContext) {
  const { emulator, later } = context
  return {
    paste: pasting(context),
    voice: voicing(context),
    /** What shortcuts and the More menu do. A deed that is loaded late is done when it is there. */
    keys: keyboard(context, {
      find: { run: () => later(({ find }) => find.open()) },
      copy: {
        can: () => (emulator()?.early.clipboard.selection() ?? '') !== '',
        run: () => later(({ clipboard }) => void clipboard.copy()),
      },
      paste: { run: () => later(({ clipboard }) => clipboard.paste()) },
      'previous-command': { run: () => later(({ marks }) => void marks.marks.previousCommand()) },
      'next-command': { run: () => later(({ marks }) => void marks.marks.nextCommand()) },
      text: { run: () => later(({ text }) => text.toggle()) },
      details: { run: () => later(({ details }) => details.toggle()) },
    }),
  }
}
