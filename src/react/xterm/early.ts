/** The parts of features that must be there before the first byte is parsed: `emulator.early.…`. */
import type { EmulatorPart, MakePart } from './api.ts'
import { clipboardPart } from './clipboard.ts'
import { combiningPart } from './combining.ts'
import { linkPart } from './links.ts'
import { handsPart } from './hands.ts'
import { voicePart } from './voice.ts'
import { commandRows } from './commandRows.ts'
import { programTells } from './programTells.ts'

export type Early = ReturnType<typeof makeEarly>

export function makeEarly(part: <P extends EmulatorPart>(make: MakePart<P>) => P) {
  return {
    clipboard: part(clipboardPart),
    combining: part(combiningPart),
    links: part(linkPart),
    commandRows: part(commandRows),
    programTells: part(programTells),
    hands: part(handsPart),
    voice: part(voicePart),
  }
}
