/** Orders that come from outside as JSON: an action of a script, another script, or time that is to pass. Pure. */
import type { Action } from '../script.ts'

export type Order =
  | Action
  | { readonly do: 'script'; readonly name: string; readonly seed?: string | number }
  | { readonly do: 'advance'; readonly ms: number }

export type ReadOrder = { readonly ok: true; readonly order: Order } | { readonly ok: false; readonly problem: string }

/** What a field may be; `?` says that it may be missing. A list names the only values. */
type Kind = 'number' | 'number?' | 'text' | 'text?' | 'seed?' | 'yes?' | 'object' | 'object?' | 'mood' | readonly string[]

const MOODS = ['core', 'unreachable', 'silent', 'garbage']

const ORDERS: Readonly<Record<Order['do'], Readonly<Record<string, Kind>>>> = {
  script: { name: 'text', seed: 'seed?' },
  advance: { ms: 'number' },
  drop: { unnoticedBy: ['', 'client', 'server', 'both'] },
  cut: {},
  stall: { direction: ['', 'up', 'down', 'both'] },
  slow: { line: 'object' },
  mend: {},
  tokens: { are: 'mood' },
  restart: { how: ['graceful', 'crash'], server: 'object?' },
  revoke: {},
  verdicts: { are: 'object' },
  'end-program': { exit: 'object' },
  type: { text: 'text' },
  print: { text: 'text' },
  visit: { as: ['same-person', 'another-person'], takeOver: 'yes?' },
  'visitor-leaves': {},
  close: { code: 'number', reason: 'text', retryMs: 'number?' },
  say: { text: 'text' },
}

/** Every order by name, with its fields. */
export const orderNames: readonly string[] = Object.keys(ORDERS)

/** Reads one. A problem is a sentence for whoever wrote it. */
export function readOrder(text: string): ReadOrder {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, problem: 'The body is not JSON.' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('do' in value))
    return { ok: false, problem: 'An order is an object with a field "do".' }
  const name = String(value.do)
  if (!isOrderName(name)) return { ok: false, problem: `There is no order "${name}". There are ${orderNames.join(', ')}.` }
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const problem = problemWith(name, fields)
  // Every field was looked at just now.
  return problem === null ? { ok: true, order: fields as unknown as Order } : { ok: false, problem }
}

function isOrderName(name: string): name is Order['do'] {
  return Object.hasOwn(ORDERS, name)
}

function problemWith(name: Order['do'], fields: Readonly<Record<string, unknown>>): string | null {
  const kinds = ORDERS[name]
  const strange = Object.keys(fields).find((field) => field !== 'do' && !Object.hasOwn(kinds, field))
  if (strange !== undefined) return `"${name}" has no field "${strange}".`
  const wrong = Object.entries(kinds).find(([field, kind]) => !fits(kind, fields[field]))
  return wrong === undefined ? null : `The field "${wrong[0]}" of "${name}" must be ${described(wrong[1])}.`
}

function fits(kind: Kind, value: unknown): boolean {
  if (typeof kind !== 'string') return kind.includes(value === undefined ? '' : String(value))
  if (kind.endsWith('?') && value === undefined) return true
  switch (kind) {
    case 'number':
    case 'number?':
      return typeof value === 'number' && Number.isFinite(value) && value >= 0
    case 'text':
    case 'text?':
      return typeof value === 'string' && value.length <= 4096
    case 'seed?':
      return typeof value === 'string' || typeof value === 'number'
    case 'yes?':
      return typeof value === 'boolean'
    case 'mood':
      return typeof value === 'number' || MOODS.includes(String(value))
    case 'object':
    case 'object?':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
  }
}

function described(kind: Kind): string {
  if (typeof kind !== 'string') return kind.filter((word) => word !== '').join(', ')
  if (kind === 'mood') return `${MOODS.join(', ')} or a number of milliseconds`
  return { number: 'a number', text: 'a text', seed: 'a text or a number', yes: 'true or false', object: 'an object' }[
    kind.replace('?', '')
  ]!
}
