'use client'
/** The React panel of @nimbus/terminal. Its styles are one import: `@nimbus/terminal/styles.css`. */
export { TerminalPanel } from './TerminalPanel.tsx'
export type { TerminalPanelHandle, TerminalPanelProps } from './TerminalPanel.tsx'
export type { Connect, PanelConnectOptions, PanelTarget } from './store.ts'
export type { StateId } from './status/status.ts'
export { english } from './words/english.ts'
export type { SomeWords, Words } from './words/words.ts'
