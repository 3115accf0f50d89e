/** The features of a session, by name: `features.links` is what its component talks to. Loaded after the first screen, but for the core. */
import type { CommandInfo } from '../commands/controller.ts'
import { recordings } from '../cast/recording.ts'
import { marking, type Marking } from '../commands/marking.ts'
import { commandName } from '../commands/shellMarks.ts'
import { details } from '../details/controller.ts'
import { drawing } from '../gpu/drawing.ts'
import { keepingFocus } from '../keyboard/keepingFocus.ts'
import { keepingPlace } from '../place/keepingPlace.ts'
import { more } from '../more/controller.ts'
import { clipboard } from '../clipboard/clipboard.ts'
import { links } from '../links/links.ts'
import { telling } from '../progress/telling.ts'
import { saving } from '../save/saving.ts'
import { outputAsText } from '../speech/controller.ts'
import type { CommandOutput } from '../speech/outputParts.ts'
import { touching } from '../touch/controller.ts'
import { find } from '../search/find.ts'
import { cellFontPart } from '../xterm/cellFont.ts'
import { clearingPart } from '../xterm/clearing.ts'
import { composingPart } from '../xterm/composing.ts'
import { pointingPart } from '../xterm/pointing.ts'
import type { Feature, PanelContext } from './context.ts'
import type { CoreFeatures } from './coreFeatures.ts'
import type { Program } from './program.ts'

export type Features = CoreFeatures & ReturnType<typeof makeFeatures>

/** Those that are loaded late. */
export function makeFeatures(context: PanelContext, core: CoreFeatures, program: Program) {
  const folder = (path: string): void => program.inFolder(path)
  const progress = telling(context, { command: () => marks.running(), folder })
  const marks: Marking = marking(context, { turned: () => progress.end(), folder })
  const clip = clipboard(context, core.paste.pasted)
  const following = links(context, clip.copyText)
  const gpu = drawing(context)
  const saved = saving(context)
  const hands = () => context.emulator()?.early.hands
  const clear: Feature & { run(): void } = {
    run() {
      const cleared = marks.marks.clears()
      context.emulator()?.part(clearingPart).clear()
      cleared()
    },
  }
  return {
    clear,
    details: details(context, gpu.renderer),
    gpu,
    clipboard: clip,
    find: find(context),
    links: following,
    marks,
    focus: keepingFocus(context),
    parts: PARTS,
    place: keepingPlace(),
    progress,
    save: saved,
    recordings: recordings(context),
    text: outputAsText(context, () => heardCommands(marks.marks.commands())),
    touch: touching(context, core.voice.typed),
    more: more(context, core.keys, {
      links: { run: following.list },
      'select-all': { run: () => hands()?.selectAll() },
      clear,
      save: { run: () => void saved.save('text') },
      'save-colours': { run: () => void saved.save('html') },
    }),
  }
}

/** What else the emulator gets, as nobody points or composes before it has drawn something. */
const PARTS: Feature = {
  ready(emulator) {
    emulator.part(cellFontPart)
    emulator.part(composingPart)
    emulator.part(pointingPart)
  },
}

const heardCommands = (commands: readonly CommandInfo[]): readonly CommandOutput[] =>
  commands.map(({ command, exitCode, output }) => ({
    command: commandName(command),
    exitCode,
    rows: output && { from: output.start.row, to: output.end.column > 0 ? output.end.row + 1 : output.end.row },
  }))
