/** Keeps the place of whoever reads, and what is selected, over a screen that is built anew. */
import type { Feature } from '../session/context.ts'
import { placePart } from '../xterm/place.ts'

export const keepingPlace = (): Feature => ({ ready: (emulator) => void emulator.part(placePart) })
