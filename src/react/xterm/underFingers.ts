/** What a terminal needs where fingers and an on-screen keyboard are: one file to load. */
export { fingersPart } from './fingers.ts'
export { softInputPart } from './softInput.ts'
