/** The parts of an emulator that must be there before the first byte is parsed: `emulator.early.…`. */
import type { EmulatorPart, MakePart } from './api.ts'
import { clipboardPart } from './clipboard.ts'
import { combiningPart } from './combining.ts'
import { drawingPart } from './drawing.ts'
import { handsPart } from './hands.ts'
import { repeatsPart } from './repeats.ts'
import { sparingPart } from './sparing.ts'
import { voicePart } from './voice.ts'

export type Early = ReturnType<typeof makeEarly>

export function makeEarly(part: <P extends EmulatorPart>(make: MakePart<P>) => P) {
  return {
    clipboard: part(clipboardPart),
    combining: part(combiningPart),
    drawing: part(drawingPart),
    hands: part(handsPart),
    repeats: part(repeatsPart),
    sparing: part(sparingPart),
    voice: part(voicePart),
  }
}
