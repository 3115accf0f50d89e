/** The line after an end, and while somebody else has the terminal. */
import type { End, Status } from '../../client/api.ts'
import type { Facts } from './facts.ts'
import type { Action, StatusLine } from './line.ts'
import type { Memory } from './memory.ts'
import { again, needsYou, newShell, takeOver } from './need.ts'
import type { StateId } from './states.ts'
import { TIMES, type Wakes } from './times.ts'
import { unreachable } from './unreachable.ts'
import type { Words } from '../words/words.ts'

type How = Extract<Status, { phase: 'elsewhere' }>['how']

export function describeElsewhere(facts: Facts, how: How, canTakeOver: boolean, words: Words): StatusLine {
  const action = canTakeOver ? takeOver(words) : again('retry', words)
  const look = { icon: 'tabs', tone: 'accent', live: 'polite', action } as const
  switch (how) {
    case 'tab':
    case 'active':
      return needsYou(facts, { ...look, id: 'elsewhere', text: words.ended.elsewhere })
    case 'superseded':
      return needsYou(facts, { ...look, id: 'superseded', text: words.ended.superseded })
    case 'busy':
      return needsYou(facts, { ...look, id: 'allocation_busy', text: words.ended.busy })
    default:
      return unreachable(how)
  }
}

/** Ends that are not told as somebody else's having the terminal. */
type Own = Exclude<End['reason'], 'allocation_busy' | 'active_elsewhere' | 'superseded'>

type Help = 'new' | 'retry' | 'restart' | 'details' | 'sign-in'

/** What helps after an end, and how it looks: neutral ends are told politely. */
const ENDS: Readonly<Record<Own, { readonly help: Help; readonly neutral?: true }>> = {
  user_closed: { help: 'new', neutral: true },
  shell_exit: { help: 'new', neutral: true },
  idle_timeout: { help: 'new', neutral: true },
  detach_expired: { help: 'new', neutral: true },
  expired: { help: 'new', neutral: true },
  unknown: { help: 'new', neutral: true },
  reused: { help: 'new', neutral: true },
  cancelled: { help: 'restart', neutral: true },
  node_disconnected: { help: 'new' },
  gateway_restart: { help: 'new' },
  backpressure_overflow: { help: 'new' },
  protocol_error: { help: 'retry' },
  browser_disconnected: { help: 'retry' },
  internal_error: { help: 'retry' },
  timeout: { help: 'retry' },
  server_overload: { help: 'retry' },
  channel_limit: { help: 'restart' },
  auth_failed: { help: 'sign-in' },
  policy_denied: { help: 'details' },
  node_identity_rejected: { help: 'details' },
  unsupported_profile: { help: 'details' },
  target_unreachable: { help: 'restart' },
  not_found: { help: 'details' },
  failed: { help: 'restart' },
}

export function describeEnd(memory: Memory, facts: Facts, end: End, words: Words, wakes: Wakes): StatusLine {
  const { reason } = end
  if (reason === 'allocation_busy') return describeElsewhere(facts, 'busy', false, words)
  if (reason === 'active_elsewhere') return describeElsewhere(facts, 'active', true, words)
  if (reason === 'superseded') return describeElsewhere(facts, 'superseded', true, words)
  // A reason that a newer client may know and this table does not.
  const { help, neutral } = ENDS[reason] ?? ENDS.internal_error
  const sentence = words.ended.reason(end, memory.maxTries)
  const action = helpAction(help, facts, words, wakes)
  const id = stateOf(reason)
  if (!neutral) return needsYou(facts, { id, text: sentence, action })
  const tone = reason === 'shell_exit' && !exitedWell(end) ? 'warn' : 'muted'
  return needsYou(facts, { id, text: sentence, action, icon: 'end', tone, live: 'polite' })
}

function stateOf(reason: Own): StateId {
  if (reason === 'target_unreachable') return 'failed-unreachable'
  return reason === 'not_found' ? 'failed-gone' : reason
}

const exitedWell = (end: End): boolean => end.exit?.sig === undefined && (end.exit?.code ?? 0) === 0

function copyDetails({ now, copiedAt }: Facts, words: Words, wakes: Wakes): Action {
  const copied = copiedAt !== null && now < copiedAt + TIMES.copied
  if (copied) wakes.push(copiedAt + TIMES.copied)
  return { kind: 'copy-details', label: copied ? words.buttons.copied : words.buttons.copyDetails }
}

function helpAction(help: Help, facts: Facts, words: Words, wakes: Wakes): Action {
  switch (help) {
    case 'new':
      return newShell(words)
    case 'retry':
    case 'restart':
      return again(help, words)
    case 'details':
      return copyDetails(facts, words, wakes)
    case 'sign-in':
      return facts.canSignIn ? { kind: 'sign-in', label: words.buttons.signIn } : again('restart', words)
    default:
      return unreachable(help)
  }
}
