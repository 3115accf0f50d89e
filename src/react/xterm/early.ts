/** The parts of features that must be there before the first byte is parsed: `emulator.early.…`. */
import type { EmulatorPart, MakePart } from './api.ts'

export type Early = ReturnType<typeof makeEarly>

export function makeEarly(_part: <P extends EmulatorPart>(make: MakePart<P>) => P) {
  return {}
}
