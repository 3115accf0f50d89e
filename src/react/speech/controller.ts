/** What people who listen get of a terminal: its output in a live region, and on demand all of it as text to walk through. */
import type { Feature, PanelContext } from '../session/context.ts'
import type { Voice } from '../xterm/voice.ts'
import { outputParts, type CommandStart, type OutputPart } from './outputParts.ts'

export interface Speaking extends Feature {
  /** Opens the output as text, or closes it. */
  toggleText(): void
  closeText(): void
  typed(text: string): void
  focused(on: boolean): void
  /** Output that was heard before is drawn again, from `true` to `false`. */
  hush(on: boolean): void
}

/** `commands` gives where the commands of the screen begin, where the shell tells. */
export function speaking({ emulator, focus, show, view, words }: PanelContext, commands: () => readonly CommandStart[]): Speaking {
  let voice: Voice | null = null
  let focused = false

  function parts(): readonly OutputPart[] {
    const text = emulator()?.text() ?? ''
    return outputParts(text === '' ? [] : text.split('\n'), commands())
  }

  function closeText(): void {
    show({ outputText: undefined })
    focus()
  }

  return {
    ready(emulator, early) {
      voice = emulator.part(early.voicePart)
      voice.start(() => ({ ...words().speech, output: words().speech.log }))
      voice.focus(focused)
    },
    toggleText: () => (view().outputText === undefined ? show({ outputText: parts() }) : closeText()),
    closeText,
    typed: (text) => voice?.typed(text),
    focused(on) {
      focused = on
      voice?.focus(on)
    },
    hush: (on) => voice?.hush(on),
  }
}
