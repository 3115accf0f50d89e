/** The status line as a pure function: what is known, what was shown before and the time make the line and the next time to look. */
import type { End, Snapshot, Status } from '../client/api.ts'
import type { Words } from './words.ts'

export type IconName = 'ready' | 'work' | 'pause' | 'offline' | 'broken' | 'check' | 'tabs' | 'end' | 'error' | 'bell'
export type Tone = 'muted' | 'ok' | 'warn' | 'error' | 'accent'
/** How loud the line is: sign and muted words, full words and an outlined button, or a tinted line with one filled button. */
export type Level = 'quiet' | 'noticed' | 'needsYou'
export type Live = 'off' | 'polite' | 'assertive'

export type StateId =
  | 'first-paint'
  | 'loading'
  | 'connecting'
  | 'connecting-slow'
  | 'authenticating'
  | 'opening'
  | 'ready'
  | 'ready-hover'
  | 'paused-slow'
  | 'paused-hidden'
  | 'offline'
  | 'reconnect-wait'
  | 'reconnect-try'
  | 'server-busy'
  | 'held'
  | 'held-masked'
  | 'held-full'
  | 'not-sent'
  | 'resumed'
  | 'resumed-gap'
  | 'elsewhere'
  | 'superseded'
  | 'paste-progress'
  | 'paste-stopped'
  | 'bell'
  | 'failed'
  | 'failed-unreachable'
  | 'failed-gone'
  | Exclude<End['reason'], 'superseded' | 'active_elsewhere' | 'failed' | 'not_found' | 'target_unreachable'>

/** What a button asks for. */
export type ActionKind =
  | 'cancel'
  | 'retry'
  | 'restart'
  | 'reload'
  | 'take-over'
  | 'sign-in'
  | 'copy-details'
  | 'copy-unsent'
  | 'dismiss-unsent'
  | 'show-gap'
  | 'stop-paste'

export interface Action {
  readonly kind: ActionKind
  readonly label: string
  /** The button stays in place but does nothing now. */
  readonly busy?: boolean
  /** Enter in the grid may press it. */
  readonly enter?: boolean
}

/** A piece of the sentence: plain words, a figure of fixed width, or text that came from the machine. */
export interface Part {
  readonly kind: 'text' | 'title' | 'folder'
  readonly text: string
}

export interface StatusLine {
  readonly id: StateId
  readonly icon: IconName
  readonly tone: Tone
  readonly level: Level
  readonly parts: readonly Part[]
  readonly chip?: { readonly long: string; readonly short: string }
  readonly action?: Action
  readonly secondary?: Action
  readonly live: Live
  /** What is said aloud, if it is not the sentence. */
  readonly say?: string
  /** In the middle of a view that never showed output, else in the line. */
  readonly where: 'line' | 'middle'
  /** Share of a task that is done, 0 to 1. */
  readonly progress?: number
}

/** Everything the line depends on. Times are milliseconds on the connection's clock. */
export interface Facts {
  readonly now: number
  readonly snapshot: Snapshot
  readonly emulator: 'loading' | 'ready' | 'failed'
  /** This page has drawn output. */
  readonly drawn: boolean
  readonly title: string
  readonly folder: string
  /** The panel may speak: it has the focus, or it is the only one. Ends are spoken by every panel. */
  readonly speaks: boolean
  /** The row the person types in never echoed a key. */
  readonly masked: boolean
  /** Pointer or focus on the sign. */
  readonly hover: boolean
  readonly roundTripMs: number | null
  readonly catchingUpSince: number | null
  readonly gapSeenAt: number | null
  readonly gapDismissedAt: number | null
  readonly retriedAt: number | null
  readonly canSignIn: boolean
  readonly paste: { readonly bytes: number; readonly sent: number; readonly since: number } | null
  readonly pasteStopped: { readonly bytes: number; readonly sent: number; readonly at: number } | null
  readonly bellAt: number | null
}

/** What the line remembers between two looks. */
export interface Memory {
  /** When the way to a screen began; null while there is one. */
  readonly startedAt: number | null
  readonly shown: StatusLine
  readonly shownSince: number
  readonly lossShown: boolean
  readonly maxTries: number
  readonly resumed: Snapshot['resumed']
  readonly note: { readonly kind: 'resumed' | 'resumed-gap'; readonly missing: number; readonly since: number } | null
  readonly slow: { readonly since: number; readonly shown: boolean; readonly goneAt: number | null } | null
  /** Since when the browser has said that there is no network; null while it says nothing of the kind. */
  readonly offlineSince: number | null
  readonly readySaid: boolean
  readonly saidInLoss: readonly string[]
  readonly said: readonly { readonly text: string; readonly at: number }[]
  readonly polite: string
  readonly alert: string
}

export interface Step {
  readonly memory: Memory
  readonly line: StatusLine
  /** The earliest time at which the line changes by itself; null if only an event can change it. */
  readonly wakeAt: number | null
}

/** Milliseconds of the rules in the design. */
export const TIMES = {
  words: 400,
  slowStart: 5000,
  loss: 500,
  offline: 1000,
  stay: 700,
  resumed: 2000,
  gap: 20_000,
  gapSeen: 2000,
  slowPause: 1000,
  slowGone: 1000,
  catchUp: 400,
  retryEvery: 2000,
  pasteWords: 500,
  pasteStopped: 6000,
  bell: 2000,
  sayAgain: 10_000,
} as const

const text = (sentence: string): readonly Part[] => (sentence === '' ? [] : [{ kind: 'text', text: sentence }])

/** The line before anything is known: the sign alone, in a box of its final size. */
export const FIRST_PAINT: StatusLine = {
  id: 'first-paint',
  icon: 'work',
  tone: 'muted',
  level: 'quiet',
  parts: [],
  live: 'off',
  where: 'line',
}

export function firstMemory(now: number): Memory {
  return {
    startedAt: now,
    shown: FIRST_PAINT,
    shownSince: now,
    lossShown: false,
    maxTries: 10,
    resumed: null,
    note: null,
    slow: null,
    offlineSince: null,
    readySaid: false,
    saidInLoss: [],
    said: [],
    polite: '',
    alert: '',
  }
}

/** The sentence as one string, without the braces of its figures. */
export function sentence(line: StatusLine): string {
  return line.parts.map((part) => part.text.replace(/[{}]/g, '')).join(' ')
}

/** One look: the memory of the last look and the facts of now give the line. Looking twice at the same time changes nothing. */
export function step(before: Memory, facts: Facts, words: Words): Step {
  const wakes: number[] = []
  const memory = remember(before, facts)
  const wanted = describe(memory, facts, words, wakes)
  const line = hold(memory, wanted, facts, wakes)
  const changed = line.id !== memory.shown.id
  const shown = {
    ...memory,
    shown: line,
    shownSince: changed ? facts.now : memory.shownSince,
    lossShown: memory.lossShown || isLoss(line),
  }
  const after = changed ? speak(shown, line, facts) : shown
  const coming = wakes.filter((at) => at > facts.now)
  return { memory: after, line, wakeAt: coming.length === 0 ? null : Math.min(...coming) }
}

const isLoss = (line: StatusLine): boolean => LOSS_IDS.has(line.id)
const LOSS_IDS: ReadonlySet<StateId> = new Set<StateId>([
  'offline',
  'reconnect-wait',
  'reconnect-try',
  'server-busy',
  'held',
  'held-masked',
  'held-full',
])

// ---- memory -----------------------------------------------------------------------------------------------------------------

function remember(memory: Memory, facts: Facts): Memory {
  const { status } = facts.snapshot
  const starting = status.phase === 'starting' || status.phase === 'idle'
  const loading = facts.emulator === 'loading'
  const next: Memory = {
    ...memory,
    startedAt: starting || loading ? (memory.startedAt ?? facts.now) : null,
    readySaid: starting ? false : memory.readySaid,
    saidInLoss: status.phase === 'lost' ? memory.saidInLoss : [],
    maxTries: status.phase === 'lost' ? status.maxTries : memory.maxTries,
    slow: rememberSlow(memory.slow, facts),
    offlineSince: facts.snapshot.paused.offline ? (memory.offlineSince ?? facts.now) : null,
  }
  return status.phase === 'ready'
    ? rememberResume(next, facts)
    : status.phase === 'lost'
      ? next
      : { ...next, note: null, lossShown: false }
}

function rememberSlow(slow: Memory['slow'], facts: Facts): Memory['slow'] {
  const { status, paused } = facts.snapshot
  if (status.phase !== 'ready') return null
  const { now } = facts
  if (paused.transport) {
    const since = slow?.since ?? now
    return { since, shown: (slow?.shown ?? false) || now - since > TIMES.slowPause, goneAt: null }
  }
  if (slow === null || !slow.shown) return null
  const goneAt = slow.goneAt ?? now
  return now - goneAt >= TIMES.slowGone ? null : { ...slow, goneAt }
}

function rememberResume(memory: Memory, facts: Facts): Memory {
  const { resumed } = facts.snapshot
  if (resumed !== null && resumed.at !== memory.resumed?.at) {
    const kind = resumed.missing > 0 ? 'resumed-gap' : memory.lossShown ? 'resumed' : null
    return {
      ...memory,
      resumed,
      lossShown: false,
      note: kind === null ? null : { kind, missing: resumed.missing, since: facts.now },
    }
  }
  if (memory.note === null) return { ...memory, lossShown: false }
  return noteIsOver(memory, facts) ? { ...memory, note: null } : memory
}

function noteEnds(memory: Memory, facts: Facts): number {
  const { note } = memory
  if (note === null) return facts.now
  if (note.kind === 'resumed') return (memory.shown.id === 'resumed' ? memory.shownSince : facts.now) + TIMES.resumed
  const seen = facts.gapSeenAt !== null && facts.gapSeenAt >= note.since ? facts.gapSeenAt + TIMES.gapSeen : Infinity
  const dismissed = facts.gapDismissedAt !== null && facts.gapDismissedAt >= note.since ? facts.now : Infinity
  return Math.min(note.since + TIMES.gap, seen, dismissed)
}

const noteIsOver = (memory: Memory, facts: Facts): boolean => facts.now >= noteEnds(memory, facts)

// ---- what is wanted ---------------------------------------------------------------------------------------------------------

type Wakes = number[]

function describe(memory: Memory, facts: Facts, words: Words, wakes: Wakes): StatusLine {
  const { status } = facts.snapshot
  if (facts.emulator === 'failed') return needsYou(facts, { id: 'failed', text: words.failed, action: again('reload', words) })
  switch (status.phase) {
    case 'idle':
    case 'starting':
      return describeStart(memory, facts, status, words, wakes)
    case 'lost':
      return describeLost(memory, facts, status, words, wakes)
    case 'elsewhere':
      return unsentLine(facts, words) ?? describeElsewhere(facts, status.how, status.canTakeOver, words)
    case 'ended':
      return unsentLine(facts, words) ?? describeEnd(memory, facts, status.end, words)
    case 'ready':
      return facts.emulator === 'loading'
        ? describeStart(memory, facts, { phase: 'idle' }, words, wakes)
        : describeReady(memory, facts, words, wakes)
    default:
      return unreachable(status)
  }
}

const quiet = (id: StateId, words: string, more: Partial<StatusLine> = {}): StatusLine => ({
  id,
  icon: 'work',
  tone: 'muted',
  level: 'quiet',
  parts: text(words),
  live: 'off',
  where: 'line',
  ...more,
})

type StartStatus = Extract<Status, { phase: 'idle' | 'starting' }>

function describeStart(memory: Memory, facts: Facts, status: StartStatus, words: Words, wakes: Wakes): StatusLine {
  const startedAt = memory.startedAt ?? facts.now
  const age = facts.now - startedAt
  wakes.push(startedAt + TIMES.words, startedAt + TIMES.slowStart)
  if (age < TIMES.words) return FIRST_PAINT
  if (facts.emulator === 'loading') return quiet('loading', words.loading)
  if (age >= TIMES.slowStart)
    return quiet('connecting-slow', words.connectingSlow, {
      level: 'noticed',
      live: 'polite',
      action: { kind: 'cancel', label: words.cancel },
    })
  const step = status.phase === 'idle' ? 'connecting' : status.step
  switch (step) {
    case 'claiming':
    case 'connecting':
      return quiet('connecting', words.connecting, { live: 'polite' })
    case 'authorizing':
      return quiet('authenticating', words.authenticating)
    case 'opening':
      return quiet('opening', words.opening)
    default:
      return unreachable(step)
  }
}

type Lost = Extract<Status, { phase: 'lost' }>

function describeLost(memory: Memory, facts: Facts, status: Lost, words: Words, wakes: Wakes): StatusLine {
  const shows = status.since + (status.step === 'offline' ? TIMES.offline : TIMES.loss)
  wakes.push(shows)
  if (facts.now < shows) return memory.shown
  const retriedRecently = facts.retriedAt !== null && facts.now < facts.retriedAt + TIMES.retryEvery
  if (retriedRecently) wakes.push((facts.retriedAt ?? 0) + TIMES.retryEvery)
  const action: Action = { kind: 'retry', label: words.retryNow, busy: status.step === 'trying' || retriedRecently }
  const base = lostBase(facts, status, words, wakes, action)
  const { keys, full } = facts.snapshot.held
  if (full)
    return {
      ...base,
      id: 'held-full',
      icon: 'broken',
      tone: 'error',
      parts: text(words.heldFull),
      live: 'assertive',
      say: undefined,
    }
  if (keys === 0) return base
  const chip = { long: words.keysWaiting(keys), short: words.keysWaitingShort(keys) }
  if (facts.masked) return { ...base, id: 'held-masked', chip, live: 'off', say: undefined }
  return { ...base, id: 'held', chip, live: 'polite', say: words.heldKept }
}

function lostBase(facts: Facts, status: Lost, words: Words, wakes: Wakes, action: Action): StatusLine {
  const noticed = { tone: 'warn', level: 'noticed', action } as const
  switch (status.step) {
    case 'offline':
      return offlineLine(words, action)
    case 'trying': {
      const trying = facts.snapshot.everReady ? words.lostTrying : words.startTrying
      return quiet('reconnect-try', trying(status.tries, status.maxTries), noticed)
    }
    case 'waiting': {
      const seconds = countdown(facts.now, status.retryAt, wakes)
      if (status.busy)
        return quiet('server-busy', words.serverBusy(status.tries, status.maxTries, seconds), {
          ...noticed,
          icon: 'broken',
          live: 'polite',
        })
      const [waiting, say] = facts.snapshot.everReady ? [words.lostWaiting, words.lost] : [words.startWaiting, words.start]
      const sentence = waiting(status.tries, status.maxTries, seconds)
      return quiet('reconnect-wait', sentence, { ...noticed, icon: 'broken', live: 'polite', say })
    }
    default:
      return unreachable(status.step)
  }
}

function offlineLine(words: Words, action: Action): StatusLine {
  return quiet('offline', words.offline, { tone: 'warn', level: 'noticed', action, icon: 'offline', live: 'polite' })
}

/** Whole seconds left, never below 1, and the time at which the figure changes. */
function countdown(now: number, retryAt: number | undefined, wakes: Wakes): number {
  const left = retryAt === undefined ? 0 : retryAt - now
  const seconds = Math.max(1, Math.ceil(left / 1000))
  if (retryAt !== undefined && seconds > 1) wakes.push(retryAt - (seconds - 1) * 1000)
  return seconds
}

function describeReady(memory: Memory, facts: Facts, words: Words, wakes: Wakes): StatusLine {
  const { snapshot, now } = facts
  const unsent = unsentLine(facts, words)
  if (unsent !== null) return unsent
  if (snapshot.held.full)
    return quiet('held-full', words.heldFull, { icon: 'broken', tone: 'error', level: 'noticed', live: 'assertive' })
  // The socket may stand for a long time after the network went; the browser knows sooner.
  if (memory.offlineSince !== null) {
    const shows = memory.offlineSince + TIMES.offline
    wakes.push(shows)
    if (now >= shows) return offlineLine(words, { kind: 'retry', label: words.retryNow })
  }
  const ok = { icon: 'ready', tone: 'ok' } as const
  if (facts.hover) return quiet('ready-hover', words.connected(facts.roundTripMs), ok)
  return (
    describePaste(facts, words, wakes) ??
    describeNote(memory, facts, words, wakes) ??
    describePause(memory, facts, words, wakes) ??
    rest()
  )

  function rest(): StatusLine {
    if (facts.bellAt !== null && now < facts.bellAt + TIMES.bell) {
      wakes.push(facts.bellAt + TIMES.bell)
      return quiet('bell', words.bell, { icon: 'bell', tone: 'accent', live: 'polite', say: `${words.bell}.` })
    }
    const parts: Part[] = [{ kind: 'title', text: facts.title === '' ? words.shell : facts.title }]
    if (facts.folder !== '') parts.push({ kind: 'folder', text: facts.folder })
    return quiet('ready', '', { ...ok, parts, live: 'polite', say: words.ready })
  }
}

function describePaste(facts: Facts, words: Words, wakes: Wakes): StatusLine | null {
  const { paste, pasteStopped: stopped, now } = facts
  const noticed = { icon: 'ready', tone: 'ok', level: 'noticed', live: 'polite' } as const
  if (paste !== null) {
    wakes.push(paste.since + TIMES.pasteWords + 1)
    if (now <= paste.since + TIMES.pasteWords) return null
    wakes.push(now + 200)
    return quiet('paste-progress', words.pasting(paste.sent, paste.bytes), {
      ...noticed,
      action: { kind: 'stop-paste', label: words.stop },
      say: words.pastingSaid(paste.bytes),
      progress: paste.bytes === 0 ? 1 : paste.sent / paste.bytes,
    })
  }
  if (stopped === null || now >= stopped.at + TIMES.pasteStopped) return null
  wakes.push(stopped.at + TIMES.pasteStopped)
  return quiet('paste-stopped', words.pasteStopped(stopped.sent, stopped.bytes), noticed)
}

function describeNote(memory: Memory, facts: Facts, words: Words, wakes: Wakes): StatusLine | null {
  const { note } = memory
  if (note === null) return null
  wakes.push(noteEnds(memory, facts))
  if (note.kind === 'resumed') return quiet('resumed', words.resumed, { icon: 'check', tone: 'ok', live: 'polite' })
  return quiet('resumed-gap', words.resumedGap(note.missing), {
    icon: 'check',
    tone: 'warn',
    level: 'noticed',
    live: 'polite',
    action: { kind: 'show-gap', label: words.showGap },
  })
}

function describePause(memory: Memory, facts: Facts, words: Words, wakes: Wakes): StatusLine | null {
  const { slow } = memory
  if (slow !== null) {
    wakes.push(slow.goneAt === null ? slow.since + TIMES.slowPause + 1 : slow.goneAt + TIMES.slowGone)
    if (slow.shown)
      return quiet('paused-slow', words.pausedSlow, { icon: 'pause', tone: 'warn', level: 'noticed', live: 'polite' })
  }
  if (facts.catchingUpSince === null) return null
  const shows = facts.catchingUpSince + TIMES.catchUp + 1
  wakes.push(shows)
  return facts.now < shows ? null : quiet('paused-hidden', words.pausedHidden, { icon: 'pause', level: 'noticed' })
}

// ---- what needs the person --------------------------------------------------------------------------------------------------

interface Need {
  readonly id: StateId
  readonly text: string
  readonly action?: Action
  readonly icon?: IconName
  readonly tone?: Tone
  readonly live?: Live
}

function needsYou(facts: Facts, need: Need): StatusLine {
  return {
    id: need.id,
    icon: need.icon ?? 'error',
    tone: need.tone ?? 'error',
    level: 'needsYou',
    parts: text(need.text),
    action: need.action,
    live: need.live ?? 'assertive',
    where: facts.drawn || facts.snapshot.everReady ? 'line' : 'middle',
  }
}

const again = (kind: 'retry' | 'restart' | 'reload', words: Words): Action => ({ kind, label: words.tryAgain, enter: true })
const newShell = (words: Words): Action => ({ kind: 'restart', label: words.newShell, enter: true })
const takeOver = (words: Words): Action => ({ kind: 'take-over', label: words.takeOver })

/** Keys that were not sent come before everything else that waits for the person: they are gone once they are dismissed. */
function unsentLine(facts: Facts, words: Words): StatusLine | null {
  const { unsent } = facts.snapshot
  if (unsent === null) return null
  const dismiss: Action = { kind: 'dismiss-unsent', label: words.dismiss }
  const line = needsYou(facts, { id: 'not-sent', text: words.notSent(unsent.keys, unsent.bytes) })
  // What was typed without an echo may be a password: it is never offered for copying.
  if (facts.masked) return { ...line, where: 'line', action: dismiss }
  return { ...line, where: 'line', action: { kind: 'copy-unsent', label: words.copyKeys }, secondary: dismiss }
}

/** The line of a panel that has no connection at all. */
export function failedLine(words: Words): StatusLine {
  const action = again('reload', words)
  return {
    id: 'failed',
    icon: 'error',
    tone: 'error',
    level: 'needsYou',
    parts: text(words.failed),
    action,
    live: 'assertive',
    where: 'middle',
  }
}

type How = Extract<Status, { phase: 'elsewhere' }>['how']

function describeElsewhere(facts: Facts, how: How, canTakeOver: boolean, words: Words): StatusLine {
  const action = canTakeOver ? takeOver(words) : again('retry', words)
  const look = { icon: 'tabs', tone: 'accent', live: 'polite', action } as const
  switch (how) {
    case 'tab':
    case 'active':
      return needsYou(facts, { ...look, id: 'elsewhere', text: words.elsewhere })
    case 'superseded':
      return needsYou(facts, { ...look, id: 'superseded', text: words.superseded })
    case 'busy':
      return needsYou(facts, { ...look, id: 'allocation_busy', text: words.busy })
    default:
      return unreachable(how)
  }
}

type Help = 'new' | 'retry' | 'restart' | 'details' | 'sign-in'

/** What helps after an end, and how it looks: neutral ends are told politely. */
const ENDS: Readonly<Record<End['reason'], { readonly help: Help; readonly neutral?: true; readonly id?: StateId }>> = {
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
  target_unreachable: { help: 'restart', id: 'failed-unreachable' },
  not_found: { help: 'details', id: 'failed-gone' },
  failed: { help: 'restart', id: 'failed' },
  allocation_busy: { help: 'retry' },
  active_elsewhere: { help: 'retry' },
  superseded: { help: 'retry' },
}

function describeEnd(memory: Memory, facts: Facts, end: End, words: Words): StatusLine {
  const { reason } = end
  if (reason === 'allocation_busy') return describeElsewhere(facts, 'busy', false, words)
  if (reason === 'active_elsewhere') return describeElsewhere(facts, 'active', true, words)
  if (reason === 'superseded') return describeElsewhere(facts, 'superseded', true, words)
  // A reason that a newer client may know and this table does not.
  const { help, neutral, id } = ENDS[reason] ?? ENDS.internal_error
  const sentence = words.ended(end, memory.maxTries)
  const action = helpAction(help, facts, words)
  if (!neutral) return needsYou(facts, { id: id ?? (reason as StateId), text: sentence, action })
  const tone = reason === 'shell_exit' && !exitedWell(end) ? 'warn' : 'muted'
  return needsYou(facts, { id: id ?? (reason as StateId), text: sentence, action, icon: 'end', tone, live: 'polite' })
}

const exitedWell = (end: End): boolean => end.exit?.sig === undefined && (end.exit?.code ?? 0) === 0

function helpAction(help: Help, facts: Facts, words: Words): Action {
  switch (help) {
    case 'new':
      return newShell(words)
    case 'retry':
    case 'restart':
      return again(help, words)
    case 'details':
      return { kind: 'copy-details', label: words.copyDetails }
    case 'sign-in':
      return facts.canSignIn ? { kind: 'sign-in', label: words.signIn } : again('restart', words)
    default:
      return unreachable(help)
  }
}

// ---- how long it stays, what is said ----------------------------------------------------------------------------------------

/** Lines that give way at once: they say nothing, are the resting state, or follow the pointer. */
const GIVES_WAY: ReadonlySet<StateId> = new Set<StateId>([
  'first-paint',
  'ready',
  'ready-hover',
  'bell',
  'paste-progress',
  'paste-stopped',
])

/** What was shown stays long enough to be read, unless what comes needs the person or only follows a key or the pointer. */
function hold(memory: Memory, wanted: StatusLine, facts: Facts, wakes: Wakes): StatusLine {
  const { shown, shownSince } = memory
  if (wanted.id === shown.id || wanted.level === 'needsYou' || shown.level === 'needsYou') return wanted
  if (GIVES_WAY.has(shown.id) || wanted.id === 'ready-hover' || wanted.id.startsWith('held')) return wanted
  if (facts.now >= shownSince + TIMES.stay) return wanted
  wakes.push(shownSince + TIMES.stay)
  // The sentence may be a moment old; a count of keys that wait may not.
  return shown.chip !== undefined && facts.snapshot.held.keys === 0 ? { ...shown, chip: undefined } : shown
}

function speak(memory: Memory, line: StatusLine, facts: Facts): Memory {
  const silent: Memory = { ...memory, polite: '', alert: '' }
  if (line.live === 'off' || !(facts.speaks || line.level === 'needsYou')) return silent
  const words = line.say ?? sentence(line)
  if (line.id === 'ready' && memory.readySaid) return silent
  const ready = line.id === 'ready' || memory.readySaid
  const recent = memory.said.filter(({ at }) => facts.now - at < TIMES.sayAgain)
  if (recent.some((said) => said.text === words) || memory.saidInLoss.includes(words)) return { ...silent, readySaid: ready }
  return {
    ...silent,
    readySaid: ready,
    said: [...recent, { text: words, at: facts.now }],
    saidInLoss: isLoss(line) ? [...memory.saidInLoss, words] : memory.saidInLoss,
    [line.live === 'assertive' ? 'alert' : 'polite']: words,
  }
}

function unreachable(value: never): never {
  throw new Error(`The status line knows no ${JSON.stringify(value)}.`)
}
