/** Every sentence and button that the panel can show, in English, as one table that a host can replace. */
import type { CloseReason } from '../protocol/closeReasons.ts'
import type { End } from '../client/api.ts'

/**
 * The words of a panel. A figure that changes while it is read stands in braces (`{4}`) and keeps its width.
 * A sentence has at most 50 characters, a button at most 14; work in progress is a phrase without a full stop.
 */
export interface Words {
  readonly terminal: string
  readonly statusGroup: string
  readonly details: string
  readonly leaveHint: string

  readonly loading: string
  readonly connecting: string
  readonly connectingSlow: string
  readonly authenticating: string
  readonly opening: string
  readonly ready: string
  readonly shell: string
  readonly connected: (roundTripMs: number | null) => string

  readonly pausedSlow: string
  readonly pausedHidden: string

  readonly offline: string
  readonly lost: string
  readonly start: string
  readonly startWaiting: (tryNumber: number, of: number, seconds: number) => string
  readonly startTrying: (tryNumber: number, of: number) => string
  readonly lostWaiting: (tryNumber: number, of: number, seconds: number) => string
  readonly lostTrying: (tryNumber: number, of: number) => string
  readonly serverBusy: (tryNumber: number, of: number, seconds: number) => string
  readonly keysWaiting: (keys: number) => string
  readonly keysWaitingShort: (keys: number) => string
  readonly heldKept: string
  readonly heldFull: string
  readonly notSent: (keys: number, bytes: number) => string
  readonly resumed: string
  readonly resumedGap: (bytes: number) => string
  readonly gapMark: (bytes: number) => string

  readonly elsewhere: string
  readonly superseded: string
  readonly busy: string
  readonly ended: (end: End, tries: number) => string
  readonly failed: string

  readonly bell: string
  readonly pasting: (sent: number, of: number) => string
  readonly pastingSaid: (of: number) => string
  readonly pasteStopped: (sent: number, of: number) => string
  readonly pasteAsk: (lines: number) => string
  readonly pasteAskWhy: string
  readonly pasteHidden: string
  readonly pasteHiddenWhy: string

  readonly cancel: string
  readonly retryNow: string
  readonly tryAgain: string
  readonly newShell: string
  readonly takeOver: string
  readonly signIn: string
  readonly copyDetails: string
  readonly copyKeys: string
  readonly copied: string
  readonly dismiss: string
  readonly showGap: string
  readonly stop: string
  readonly pasteLines: (lines: number) => string
  readonly pasteJoined: string
  readonly pasteClean: string
}

/** A size as people read it: `12 KB`, `3.1 MB`, in thousands. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} KB`
  return `${short(bytes / 1e6)} MB`
}

const short = (value: number): string => (value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value)))

/** `3.1 of 12 MB`: the part in the unit of the whole. */
function part(sent: number, of: number): string {
  if (of < 1000) return `${sent} of ${size(of)}`
  return `${of < 999_500 ? Math.round(sent / 1000) : short(sent / 1e6)} of ${size(of)}`
}

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`

function idle(afterMs: number | undefined): string {
  if (afterMs === undefined) return 'Closed after a time without activity.'
  const minutes = Math.round(afterMs / 60_000)
  if (minutes < 1) return `Closed after ${many(Math.max(1, Math.round(afterMs / 1000)), 'second', 'seconds')} without activity.`
  return `Closed after ${many(minutes, 'minute', 'minutes')} without activity.`
}

function shellExit(exit: End['exit']): string {
  if (exit?.sig !== undefined) return `The shell was stopped by signal ${exit.sig.replace(/^SIG/, '')}.`
  return exit?.code === undefined ? 'The shell ended.' : `The shell exited with code ${exit.code}.`
}

/** One sentence for each reason that needs no figures. */
const REASONS: Readonly<
  Record<Exclude<CloseReason, 'shell_exit' | 'idle_timeout' | 'browser_disconnected'> | 'not_found' | 'failed', string>
> = {
  user_closed: 'You closed this terminal.',
  cancelled: 'The terminal was cancelled before it started.',
  unsupported_profile: 'This page and the server need the same version.',
  auth_failed: 'Your sign-in was not accepted.',
  policy_denied: 'You are not allowed to use this terminal.',
  allocation_busy: 'This terminal is in use somewhere else.',
  target_unreachable: 'The machine cannot be reached right now.',
  channel_limit: 'Too many shells are open in this terminal.',
  protocol_error: 'The server sent something unreadable.',
  server_overload: 'The server has no room for a terminal now.',
  unknown: 'The shell could not be found again.',
  expired: 'You were away too long and the shell was closed.',
  reused: 'This page can no longer reach its shell.',
  active_elsewhere: 'This terminal is open in another tab.',
  timeout: 'The server did not answer in time.',
  internal_error: 'Something broke on the server.',
  superseded: 'Another tab took over this terminal.',
  backpressure_overflow: 'Output came faster than it could be kept.',
  detach_expired: 'You were away too long and the shell was closed.',
  node_disconnected: 'The machine behind this shell went away.',
  node_identity_rejected: 'The machine could not prove who it is.',
  gateway_restart: 'The service restarted and the shell was lost.',
  not_found: 'This terminal no longer exists.',
  failed: 'The terminal could not start.',
}

function ended(end: End, tries: number): string {
  switch (end.reason) {
    case 'shell_exit':
      return shellExit(end.exit)
    case 'idle_timeout':
      return idle(end.afterMs)
    case 'browser_disconnected':
      return `No connection after ${many(tries, 'try', 'tries')}.`
    default:
      return REASONS[end.reason]
  }
}

export const english: Words = {
  terminal: 'Terminal',
  statusGroup: 'Terminal status',
  details: 'Connection details',
  leaveHint: 'To leave the terminal press Escape, then Tab.',

  loading: 'Loading',
  connecting: 'Connecting',
  connectingSlow: 'Connecting takes longer than usual.',
  authenticating: 'Checking your access',
  opening: 'Starting the shell',
  ready: 'Terminal ready.',
  shell: 'shell',
  connected: (ms) => (ms === null ? 'Connected.' : `Connected. Round trip ${Math.round(ms)} ms`),

  pausedSlow: 'Slow connection. Output is catching up.',
  pausedHidden: 'Catching up on output from the background.',

  offline: 'You are offline. The terminal waits for a network.',
  lost: 'Connection lost. Reconnecting.',
  start: 'No connection yet. Trying again.',
  startWaiting: (n, of, s) => `No connection yet. Try ${n} of ${of} in {${s}} s.`,
  startTrying: (n, of) => `No connection yet. Trying now, ${n} of ${of}.`,
  lostWaiting: (n, of, s) => `Connection lost. Try ${n} of ${of} in {${s}} s.`,
  lostTrying: (n, of) => `Connection lost. Trying now, ${n} of ${of}.`,
  serverBusy: (n, of, s) => `The server is busy. Try ${n} of ${of} in {${s}} s.`,
  keysWaiting: (keys) => `${many(keys, 'key', 'keys')} waiting`,
  keysWaitingShort: (keys) => many(keys, 'key', 'keys'),
  heldKept: 'Typing is kept and sent when the connection is back.',
  heldFull: 'Typing is off until the connection is back.',
  notSent: (keys, bytes) =>
    keys > 0
      ? `${many(keys, 'key was', 'keys were')} not sent.`
      : `${size(bytes)} of typing ${bytes === 1 ? 'was' : 'were'} not sent.`,
  resumed: 'Reconnected. Nothing was lost.',
  resumedGap: (bytes) => `Reconnected. ${size(bytes)} of output is missing.`,
  gapMark: (bytes) => `${size(bytes)} of output is missing here`,

  elsewhere: REASONS.active_elsewhere,
  superseded: REASONS.superseded,
  busy: REASONS.allocation_busy,
  ended,
  failed: REASONS.failed,

  bell: 'Bell',
  pasting: (sent, of) => `Pasting ${part(sent, of)}`,
  pastingSaid: (of) => `Pasting ${size(of).replace('MB', 'megabytes').replace('KB', 'kilobytes')}.`,
  pasteStopped: (sent, of) => `Stopped. ${part(sent, of)} had already been sent.`,
  pasteAsk: (lines) => `Paste ${lines} lines?`,
  pasteAskWhy: 'Each line runs as soon as it arrives.',
  pasteHidden: 'Paste text with hidden characters?',
  pasteHiddenWhy: 'They can do things you cannot see.',

  cancel: 'Cancel',
  retryNow: 'Retry now',
  tryAgain: 'Try again',
  newShell: 'New shell',
  takeOver: 'Take over here',
  signIn: 'Sign in again',
  copyDetails: 'Copy details',
  copyKeys: 'Copy them',
  copied: 'Copied',
  dismiss: 'Dismiss',
  showGap: 'Show gap',
  stop: 'Stop',
  pasteLines: (lines) => `Paste ${lines} lines`,
  pasteJoined: 'Join as one line',
  pasteClean: 'Paste without them',
}
