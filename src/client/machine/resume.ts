/** The handshake: what a hello asks for, and what the answer makes of session, screens and input. */
import { PROTO } from '../../protocol/messages.ts'
import type { Hello, HelloOk, HelloResumeChannel, ResumeAnswer, ResumedChannel } from '../../protocol/messages.ts'
import { sendOpen, supply, tellSize } from './channels.ts'
import { abandonInput, rebaseInput, releaseHeld, resumeInput, tellReplies } from './input.ts'
import { restartOutput, resumeOutput } from './output.ts'
import type { ChannelState, Effect, Plan, Session, State } from './state.ts'
import { channelByHandle, diagnose, enter, order, send, update, updateChannel } from './turn.ts'
import type { Turn } from './turn.ts'

/** The hello for a plan. A warm one has a proof and says where each screen stands; a cold one has neither. */
export function greet(state: State, plan: Plan): Hello {
  const { profile, resume, clientInfo } = state.config
  const hello: Hello = {
    t: 'hello',
    proto: PROTO,
    caps: { profile, ...(resume && { resume: 1 as const }), ...(clientInfo && { clientInfo }) },
  }
  switch (plan.kind) {
    case 'fresh':
      return { ...hello, auth: plan.token === null ? { scheme: 'none' } : { scheme: 'bearer', token: plan.token } }
    case 'take-over':
      return { ...hello, auth: { scheme: 'bearer', token: plan.token }, resume: { takeOver: 1, channels: [] } }
    case 'resume':
      return { ...hello, resume: askResume(state) }
  }
}

function askResume({ session, attempt, shown, channels }: State): NonNullable<Hello['resume']> {
  if (session === null) return { attempt, channels: [] }
  const warm = session.proof !== null && shown === session.id
  return {
    token: session.token,
    attempt,
    ...(warm && session.proof !== null && { proof: session.proof }),
    channels: warm ? channels.flatMap(standing) : [],
  }
}

/** Our hello showed a proof and where the screens of that very session stand. */
function isWarm({ session, shown }: State, plan: Plan, answer: ResumeAnswer): boolean {
  return plan.kind === 'resume' && session !== null && session.proof !== null && shown === session.id && shown === answer.session
}

function standing({ id, phase, output, input }: ChannelState): readonly HelloResumeChannel[] {
  return id === null || phase === 'closed' || phase === 'wanted'
    ? []
    : [{ id, received: output.received, sent: input.sender.sent }]
}

/**
 * Takes an answer to our hello. Returns null, or a sentence about what cannot be in it. Handles of channels that the
 * session has lost are in `vanished`.
 */
export function takeHelloOk(
  turn: Turn,
  plan: Plan,
  answer: HelloOk,
): { readonly problem: string } | { readonly vanished: readonly number[] } {
  const { config, lost } = turn.state
  if (answer.caps.profileAccepted !== config.profile) return { problem: 'the server accepted another profile' }
  const resume = config.resume && answer.caps.resume === 1
  const session = sessionAfter(turn.state, plan, answer)
  if (session === 'missing') return { problem: 'no session where there must be one' }
  if (plan.kind === 'resume' && !resume) leaveSession(turn)
  if (answer.resume?.warm === true && !isWarm(turn.state, plan, answer.resume))
    return { problem: 'warm, which was not asked for' }
  if (session !== null && resume) keepSession(turn, plan, session)
  const retried = plan.kind === 'resume' && (lost || turn.state.shown !== null)
  enter(turn, { name: 'ready', since: turn.now, maxFrame: answer.caps.maxFrame, resume, closing: null })
  update(turn, { lost: false, since: turn.now, reconnects: turn.state.reconnects + (retried ? 1 : 0) })
  if (answer.resume === undefined) {
    startFresh(turn)
    return { vanished: [] }
  }
  update(turn, { nextId: nextIdAfter(turn.state, answer.resume) })
  return answer.resume.warm ? goOn(turn, answer.resume) : showAnew(turn, plan, answer.resume)
}

function sessionAfter({ session, config }: State, plan: Plan, answer: HelloOk): Session | null | 'missing' {
  const proof = answer.proof ?? null
  const { url } = plan
  if (answer.resume !== undefined) {
    const token = answer.resume.token ?? (plan.kind === 'resume' ? session?.token : undefined)
    return token === undefined ? 'missing' : { id: answer.resume.session, token, url, ttlMs: answer.resume.ttlMs, proof }
  }
  if (answer.session !== undefined) return plan.kind === 'resume' ? 'missing' : { ...answer.session, url, proof }
  return config.resume && answer.caps.resume === 1 ? 'missing' : null
}

/** The server keeps no sessions any more: ours is gone, and what was typed for it must not reach another program. */
function leaveSession(turn: Turn): void {
  const { session, channels } = turn.state
  for (const channel of channels) abandonInput(turn, channel)
  if (session !== null) order(turn, { do: 'forget', token: session.token })
  update(turn, { session: null })
}

/** Stored before anything is sent, so that a page that dies now can come back. */
function keepSession(turn: Turn, plan: Plan, session: Session): void {
  const { id, token, url } = session
  const before = turn.state.session
  if (before?.token !== token || before.url !== url) order(turn, { do: 'store', session: { id, token, url } })
  update(turn, { session })
  if (plan.kind !== 'resume') order(turn, { do: 'claim', name: lockName(id), timeoutMs: null })
}

/** The name under which the tabs of a browser agree who owns a session. */
export function lockName(sessionId: string): string {
  return `nimbus-terminal:${sessionId}`
}

function nextIdAfter({ nextId }: State, answer: ResumeAnswer): number {
  return Math.max(answer.nextChannel ?? 1, ...answer.channels.map((channel) => channel.id + 1), answer.warm ? nextId : 1)
}

function startFresh(turn: Turn): void {
  const { shown, session } = turn.state
  update(turn, { shown: session?.id ?? '', nextId: 1, resumed: null })
  order(turn, { do: 'ready', resumed: false })
  for (const channel of turn.state.channels) {
    if (channel.phase === 'closed') continue
    if (shown !== null) order(turn, { do: 'reset', handle: channel.handle })
    const input = rebaseInput(turn, channel, 0, isUnopened(channel)).input
    sendOpen(turn, updateChannel(turn, channel.handle, { input, output: restartOutput(channel.output, 0, 0), exit: null }))
  }
}

/** Warm: every screen goes on where it stands. */
function goOn(turn: Turn, answer: ResumeAnswer): { readonly problem: string } | { readonly vanished: readonly number[] } {
  const before = missingBytes(turn.state)
  const vanished: number[] = []
  order(turn, { do: 'ready', resumed: true })
  for (const channel of turn.state.channels) {
    const resumed = answer.channels.find((other) => other.id === channel.id)
    if (channel.phase === 'wanted') sendOpen(turn, channel)
    else if (resumed === undefined) missing(turn, channel, vanished)
    else if (channel.phase === 'closed') send(turn, { t: 'close', id: resumed.id })
    else if (!goOnWith(turn, channel, resumed))
      return { problem: `the server took input up to ${resumed.received}, which was never sent` }
  }
  update(turn, { resumed: { at: turn.now, missing: missingBytes(turn.state) - before, warm: true } })
  return { vanished }
}

/** An `open` that the server never heard is sent again; a channel that it knew and lost is over. */
function missing(turn: Turn, channel: ChannelState, vanished: number[]): void {
  // Its credit went with it.
  if (channel.phase === 'opening')
    sendOpen(turn, updateChannel(turn, channel.handle, { output: restartOutput(channel.output, 0, 0) }))
  else if (channel.phase === 'open') vanished.push(channel.handle)
}

function goOnWith(turn: Turn, channel: ChannelState, resumed: ResumedChannel): boolean {
  const withInput = resumeInput(turn, channel, resumed.received)
  if (withInput === null) return false
  const first = channel.phase === 'opening'
  const withOutput = resumeOutput(turn, withInput, resumed.from)
  updateChannel(turn, withOutput.handle, { phase: first ? 'open' : channel.phase })
  comeAlive(turn, channel.handle, resumed, !first)
  return true
}

/** Cold: new screens that show what the session kept. */
function showAnew(turn: Turn, plan: Plan, answer: ResumeAnswer): { readonly vanished: readonly number[] } {
  const vanished: number[] = []
  const { channels } = turn.state
  const before = turn.state.shown === answer.session ? channels : []
  const unclaimed = answer.channels.filter(({ id }) => !before.some((channel) => channel.id === id)).sort((a, b) => a.id - b.id)
  update(turn, { shown: answer.session, resumed: { at: turn.now, missing: 0, warm: false } })
  order(turn, { do: 'ready', resumed: true })
  for (const channel of channels) {
    // A page that showed this session knows whose bytes are whose; any other takes the terminals in their order.
    const own = before.length > 0 ? answer.channels.find(({ id }) => id === channel.id) : undefined
    if (channel.phase === 'closed') {
      if (own !== undefined) send(turn, { t: 'close', id: own.id })
      continue
    }
    const resumed = own ?? (before.length === 0 || isUnopened(channel) ? unclaimed.shift() : undefined)
    if (resumed !== undefined) showChannel(turn, plan, channel, resumed)
    else if (before.length === 0 || isUnopened(channel)) openAnew(turn, plan, channel)
    else missing(turn, channel, vanished)
  }
  if (unclaimed.length > 0) diagnose(turn, 'channels-unclaimed', { count: unclaimed.length })
  return { vanished }
}

/** No program has been seen behind it: what was typed was typed for the one to come. */
function isUnopened({ phase }: ChannelState): boolean {
  return phase === 'wanted' || phase === 'opening'
}

function openAnew(turn: Turn, plan: Plan, channel: ChannelState): void {
  order(turn, { do: 'reset', handle: channel.handle })
  const input = rebaseInput(turn, channel, 0, plan.kind === 'resume' && isUnopened(channel)).input
  sendOpen(turn, updateChannel(turn, channel.handle, { input, output: restartOutput(channel.output, 0, 0), exit: null }))
}

/**
 * The modes in which a new screen begins, the size that its replay was made for, and where that ends. Where nothing is replayed
 * the page's own size is right.
 */
function replayOf({ size, produced, from, modes }: ResumedChannel): Omit<Extract<Effect, { do: 'reset' }>, 'do' | 'handle'> {
  const begins = modes === undefined ? {} : { modes }
  if (produced !== undefined && produced <= from) return begins
  return { ...begins, ...(size && { size }), ...(produced !== undefined && { until: produced }) }
}

function showChannel(turn: Turn, plan: Plan, channel: ChannelState, resumed: ResumedChannel): void {
  order(turn, { do: 'reset', handle: channel.handle, ...replayOf(resumed) })
  const input = rebaseInput(turn, channel, resumed.received, plan.kind === 'resume').input
  const output = restartOutput(channel.output, resumed.from, resumed.answered)
  updateChannel(turn, channel.handle, { id: resumed.id, phase: 'open', input, output, exit: null })
  comeAlive(turn, channel.handle, resumed, true)
}

/** A channel that carries bytes again: its size, the answers that the server may not know, credit, and what was held. */
function comeAlive(turn: Turn, handle: number, resumed: ResumedChannel, again: boolean): void {
  const channel = channelByHandle(turn, handle)
  if (channel === undefined) return
  update(turn, { everReady: true })
  order(turn, { do: 'channel-ready', handle, resumed: again })
  tellSize(turn, channel)
  const released = releaseHeld(turn, channel)
  tellReplies(turn, released, resumed.received)
  supply(turn, released)
}

function missingBytes({ channels }: State): number {
  return channels.reduce((sum, channel) => sum + channel.output.missing, 0)
}
