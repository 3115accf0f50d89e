/** All output of a terminal as text to walk through, for people who listen. */
import { comingBack } from '../keyboard/comingBack.ts'
import type { Feature, PanelContext } from '../session/context.ts'
import { outputParts, type CommandOutput, type OutputPart } from './outputParts.ts'

export interface OutputAsText extends Feature {
  /** Opens it, or closes it. */
  toggle(): void
  close(): void
}

/** `commands` gives the commands of the screen, where the shell tells. */
export function outputAsText(context: PanelContext, commands: () => readonly CommandOutput[]): OutputAsText {
  const { emulator, show, view } = context
  const focus = comingBack(context)

  function parts(): readonly OutputPart[] {
    const hands = emulator()?.early.hands
    if (hands === undefined) return []
    return outputParts(hands.fullScreen() ? [] : commands(), hands.rowCount(), hands.linesOf)
  }

  function open(): void {
    focus.leave()
    show({ outputText: parts() })
  }

  function close(): void {
    show({ outputText: undefined })
    focus.back()
  }

  return {
    toggle: () => (view().outputText === undefined ? open() : close()),
    close,
  }
}
