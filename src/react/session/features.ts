/** The features of a session, by name: `session.features.paste` is what its component talks to. */
import type { CommandInfo } from '../commands/controller.ts'
import { recordings } from '../cast/recording.ts'
import { marking, type Marking } from '../commands/marking.ts'
import { commandName } from '../commands/shellMarks.ts'
import { details } from '../details/controller.ts'
import { drawing } from '../gpu/drawing.ts'
import { keyboard } from '../keyboard/controller.ts'
import { more } from '../more/controller.ts'
import { clipboard } from '../clipboard/clipboard.ts'
import { links } from '../links/links.ts'
import { pasting } from '../paste/pasting.ts'
import { telling } from '../progress/telling.ts'
import { saving } from '../save/saving.ts'
import { speaking } from '../speech/controller.ts'
import type { CommandOutput } from '../speech/outputParts.ts'
import { touching } from '../touch/controller.ts'
import { find } from '../search/find.ts'
import type { PanelContext } from './context.ts'
import type { Program } from './program.ts'

export type Features = ReturnType<typeof makeFeatures>

export function makeFeatures(context: PanelContext, program: Program) {
  const folder = (path: string): void => program.inFolder(path)
  const progress = telling(context, { command: () => marks.running(), folder })
  const marks: Marking = marking(context, { turned: () => progress.end(), folder })
  const paste = pasting(context)
  const clip = clipboard(context, paste.pasted)
  const finding = find(context)
  const following = links(context, clip.copyText)
  const gpu = drawing(context)
  const drawer = details(context, gpu.renderer)
  const speech = speaking(context, () => heardCommands(marks.marks.commands()))
  const saved = saving(context)
  const hands = () => context.emulator()?.early.hands
  /** What shortcuts and the More menu do. */
  const keys = keyboard(context, {
    find: { run: finding.open },
    copy: { can: clip.hasSelection, run: () => void clip.copy() },
    paste: { run: clip.paste },
    'previous-command': { run: () => void marks.marks.previousCommand() },
    'next-command': { run: () => void marks.marks.nextCommand() },
    text: { run: speech.toggleText },
    details: { run: drawer.toggle },
  })
  return {
    details: drawer,
    gpu,
    paste,
    clipboard: clip,
    find: finding,
    links: following,
    marks,
    progress,
    save: saved,
    recordings: recordings(context),
    speech,
    touch: touching(context, speech.typed),
    keys,
    more: more(context, keys, {
      links: { run: following.list },
      'select-all': { run: () => hands()?.selectAll() },
      clear: { run: () => hands()?.clear() },
      save: { run: () => void saved.save('text') },
      'save-colours': { run: () => void saved.save('html') },
    }),
  }
}

const heardCommands = (commands: readonly CommandInfo[]): readonly CommandOutput[] =>
  commands.map(({ command, exitCode, output }) => ({
    command: commandName(command),
    exitCode,
    rows: output && { from: output.start.row, to: output.end.column > 0 ? output.end.row + 1 : output.end.row },
  }))
