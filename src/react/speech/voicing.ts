/** The voice of a session: says new output while its terminal has the focus. There from the first byte, which it must not miss. */
import type { Feature, PanelContext } from '../session/context.ts'
import type { Voice } from '../xterm/voice.ts'

export interface Voicing extends Feature {
  /** Text that was typed: its echo is not said. */
  typed(text: string): void
}

export function voicing({ words }: PanelContext): Voicing {
  let voice: Voice | null = null
  let focused = false
  return {
    typed: (text) => voice?.typed(text),
    ready({ early }) {
      voice = early.voice
      voice.start(() => words().speech)
      voice.focus(focused)
    },
    focused(on) {
      focused = on
      voice?.focus(on)
    },
  }
}
