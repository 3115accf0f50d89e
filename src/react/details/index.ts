'use client'
/** The diagnostics drawer by itself: what a connection does, in words and figures, and its bug report. */
export { ConnectionDetails, type ConnectionDetailsProps } from './ConnectionDetails.tsx'
export type { Drawing } from './figures.ts'
export { englishDetails, type DetailsWords, type EventFields, type EventName, type Term } from './words.ts'
export type { BugReport, Connection } from '../../client/api.ts'
