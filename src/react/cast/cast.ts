/** Recordings of a terminal as asciicast files: version 2 is written, 2 and 3 are read. A file is input of a stranger. */
import type { TerminalSize } from '../../protocol/messages.ts'
import { cleanTitle } from '../title.ts'

/** What happened, in order. `at` is milliseconds since the recording began. */
export type CastEvent =
  | { readonly at: number; readonly kind: 'output'; readonly text: string }
  | { readonly at: number; readonly kind: 'resize'; readonly size: TerminalSize }
  | { readonly at: number; readonly kind: 'exit'; readonly code: number }

export interface Cast {
  readonly size: TerminalSize
  readonly title: string
  readonly events: readonly CastEvent[]
}

/** The longest file that is read, in UTF-16 units. */
export const CAST_LIMIT = 64 * 1024 * 1024
const MOST_CELLS = 1000

/** An asciicast of version 2. `recordedAt` is milliseconds since 1970. */
export function writeCast({ size, title, events }: Cast, recordedAt?: number): string {
  const header = {
    version: 2,
    width: size.cols,
    height: size.rows,
    ...(recordedAt !== undefined && { timestamp: Math.floor(recordedAt / 1000) }),
    ...(title !== '' && { title }),
  }
  const lines = events.flatMap((event) => {
    const [code, data] = codeOf(event)
    // Version 2 has no exit, and players refuse what they do not know.
    return code === 'x' ? [] : [JSON.stringify([seconds(event.at), code, data])]
  })
  return `${[JSON.stringify(header), ...lines].join('\n')}\n`
}

const seconds = (ms: number): number => Math.round(ms * 1000) / 1_000_000

function codeOf(event: CastEvent): readonly [code: 'o' | 'r' | 'x', data: string] {
  switch (event.kind) {
    case 'output':
      return ['o', event.text]
    case 'resize':
      return ['r', `${event.size.cols}x${event.size.rows}`]
    case 'exit':
      return ['x', String(event.code)]
  }
}

/** Reads a file. Throws an Error with a sentence that says what is wrong with it. Events that say nothing usable are left out. */
export function readCast(file: string): Cast {
  if (file.length > CAST_LIMIT) throw new Error(`A recording of more than ${CAST_LIMIT} characters is not read.`)
  const [first = '', ...rest] = file.split('\n')
  const { version, size, title } = readHeader(first)
  const events: CastEvent[] = []
  let at = 0
  for (const [index, line] of rest.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [time, code, data] = readLine(line, index + 2)
    // Version 3 tells the time since the event before. Time never goes back.
    at = version === 3 ? at + Math.max(0, time) * 1000 : Math.max(at, time * 1000)
    const event = readEvent(Math.round(at * 1000) / 1000, code, data)
    if (event !== null) events.push(event)
  }
  return { size, title, events }
}

interface Header {
  readonly version: 2 | 3
  readonly size: TerminalSize
  readonly title: string
}

function readHeader(line: string): Header {
  const header = objectOf(parsed(line))
  const version = header?.['version']
  if (header === null || (version !== 2 && version !== 3))
    throw new Error('This is no recording: its first line should be the header of an asciicast of version 2 or 3.')
  const term = objectOf(header['term'])
  const size = version === 2 ? sizeOf(header['width'], header['height']) : sizeOf(term?.['cols'], term?.['rows'])
  if (size === null) throw new Error('The header of this recording tells no usable size.')
  return { version, size, title: typeof header['title'] === 'string' ? cleanTitle(header['title']) : '' }
}

function readLine(line: string, number: number): readonly [time: number, code: string, data: string] {
  const value = parsed(line)
  const fields: readonly unknown[] = Array.isArray(value) ? value : []
  const [time, code, data] = fields
  if (typeof time !== 'number' || !Number.isFinite(time) || typeof code !== 'string' || typeof data !== 'string')
    throw new Error(`Line ${number} of this recording is no event.`)
  return [time, code, data]
}

function readEvent(at: number, code: string, data: string): CastEvent | null {
  if (code === 'o') return { at, kind: 'output', text: data }
  if (code === 'x') return /^-?\d{1,10}$/.test(data) ? { at, kind: 'exit', code: Number(data) } : null
  const [, cols, rows] = code === 'r' ? (/^(\d{1,5})x(\d{1,5})$/.exec(data) ?? []) : []
  const size = sizeOf(Number(cols), Number(rows))
  return size === null ? null : { at, kind: 'resize', size }
}

function sizeOf(cols: unknown, rows: unknown): TerminalSize | null {
  const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1
  return isCount(cols) && isCount(rows) ? { cols: Math.min(cols, MOST_CELLS), rows: Math.min(rows, MOST_CELLS) } : null
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  // An object from a file: whatever is read from it is looked at before it is used.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
}
