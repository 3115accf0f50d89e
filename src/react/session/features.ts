/** The features of a session, by name: `session.features.paste` is what its component talks to. */
import { pasting } from '../paste/pasting.ts'
import type { PanelContext } from './context.ts'

export type Features = ReturnType<typeof makeFeatures>

export function makeFeatures(context: PanelContext) {
  return {
    paste: pasting(context),
  }
}
