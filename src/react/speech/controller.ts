/** All output of a terminal as text to walk through, for people who listen. */
import type { Feature, PanelContext } from '../session/context.ts'
import { outputParts, type CommandOutput, type OutputPart } from './outputParts.ts'

export interface OutputAsText extends Feature {
  /** Opens it, or closes it. */
  toggle(): void
  close(): void
}

/** `commands` gives the commands of the screen, where the shell tells. */
export function outputAsText(
  { emulator, focus, show, view }: PanelContext,
  commands: () => readonly CommandOutput[],
): OutputAsText {
  function parts(): readonly OutputPart[] {
    const hands = emulator()?.early.hands
    if (hands === undefined) return []
    return outputParts(hands.fullScreen() ? [] : commands(), hands.rowCount(), hands.linesOf)
  }

  function close(): void {
    show({ outputText: undefined })
    focus()
  }

  return {
    toggle: () => (view().outputText === undefined ? show({ outputText: parts() }) : close()),
    close,
  }
}
