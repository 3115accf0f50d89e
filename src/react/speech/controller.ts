/** What people who listen get of a terminal: its output in a live region, and on demand all of it as text to walk through. */
import type { Feature, PanelContext } from '../session/context.ts'
import type { Voice } from '../xterm/voice.ts'
import type { Hands } from '../xterm/hands.ts'
import { outputParts, type CommandOutput, type OutputPart } from './outputParts.ts'

export interface Speaking extends Feature {
  /** Opens the output as text, or closes it. */
  toggleText(): void
  closeText(): void
  typed(text: string): void
}

/** `commands` gives the commands of the screen, where the shell tells. */
export function speaking({ focus, show, view, words }: PanelContext, commands: () => readonly CommandOutput[]): Speaking {
  let voice: Voice | null = null
  let hands: Hands | null = null
  let focused = false

  function parts(): readonly OutputPart[] {
    return hands === null ? [] : outputParts(commands(), hands.rowCount(), hands.linesOf)
  }

  function closeText(): void {
    show({ outputText: undefined })
    focus()
  }

  return {
    ready({ early }) {
      hands = early.hands
      voice = early.voice
      voice.start(() => words().speech)
      voice.focus(focused)
    },
    toggleText: () => (view().outputText === undefined ? show({ outputText: parts() }) : closeText()),
    closeText,
    typed: (text) => voice?.typed(text),
    focused(on) {
      focused = on
      voice?.focus(on)
    },
  }
}
