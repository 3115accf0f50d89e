/** The parts of features that must be there before the first byte is parsed: `emulator.early.…`. */
import type { EmulatorPart, MakePart } from './api.ts'
import { commandRows } from './commandRows.ts'
import { programTells } from './programTells.ts'

export type Early = ReturnType<typeof makeEarly>

export function makeEarly(part: <P extends EmulatorPart>(make: MakePart<P>) => P) {
  return {
    commandRows: part(commandRows),
    programTells: part(programTells),
  }
}
