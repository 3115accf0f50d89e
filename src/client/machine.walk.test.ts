/** The machine as a whole: whatever happens in whatever state, it never throws, and what must hold in every state holds. */
import { describe, expect, test } from 'vitest'
import { ClientScript, GRANTED, STORED, URL_OF_SOCKET, greeting, plainGreeting, resumption } from '../testing/clientScript.ts'
import { seededRandom } from '../testing/seededRandom.ts'
import type { SeededRandom } from '../testing/seededRandom.ts'
import { CLOSE_CODE, closeReasonOf, closeReasons, closeRule } from '../protocol/closeReasons.ts'
import { HELD_INPUT, OUTPUT_WINDOW } from '../protocol/limits.ts'
import type { ControlMessage } from '../protocol/messages.ts'
import { initialState, transition } from './machine.ts'
import type { TokenAnswer } from './ports.ts'
import type { ClientEvent, Effect, Phase, State, TimerName } from './machine/state.ts'

const TIMERS: readonly TimerName[] = [
  'connect',
  'hello',
  'open',
  'closing',
  'retry',
  'heartbeat',
  'acknowledge',
  'held',
  'refusing',
  'lasting',
  'drain',
]

const ANSWERS: readonly TokenAnswer[] = [
  GRANTED,
  { ok: false, code: 'allocation_busy', state: 'attached', canTakeOver: true },
  { ok: false, code: 'allocation_busy', state: 'detached', canTakeOver: true },
  { ok: false, code: 'unreachable' },
  { ok: false, code: 'rate_limited', retryMs: 400 },
  { ok: false, code: 'auth_failed' },
  { ok: false, code: 'not_found' },
  { ok: false, code: 'bad_answer' },
]

const CODES = [1000, 1005, 1006, 1012, 3999, 4010, 4011, 4016, 4018, 4999]

/** A message that a server may send, or that it never should. */
function message(random: SeededRandom): ControlMessage {
  const id = random.int(1, 3)
  const some = random.pick([0, 1, 10, 1000, 70_000])
  return random.pick<() => ControlMessage>([
    () => greeting({ session: { id: random.pick(['s1', 's2']), token: `t${random.int(0, 9)}`, ttlMs: 90_000 } }),
    () => plainGreeting,
    () => resumption({ id, from: some, received: some }, { warm: random.chance(0.5), token: random.pick([undefined, 'next']) }),
    () => resumption(null, { warm: random.chance(0.5), token: 'next' }),
    () => ({ t: 'open_ok', id }),
    () => ({ t: 'open_err', id, code: 4005, msg: '' }),
    () => ({ t: 'flow', id, credit: random.pick([0, 10, 65_536]), ack: random.pick([0, 1, some]) }),
    () => ({ t: 'exit', id, code: 0, at: some }),
    () => ({ t: 'close', id: random.int(0, 2), reason: random.pick([undefined, 'idle_timeout', 'nonsense']), retryMs: some }),
    () => ({ t: 'ping', ts: some }),
    () => ({ t: 'pong', ts: random.pick([0, 1000, some]) }),
    () => ({ t: 'open', id, target: { allocation: 'x' } }),
  ])()
}

function pageEvent(random: SeededRandom): ClientEvent {
  const event = random.pick(['visible', 'hidden', 'online', 'offline', 'wake', 'leave', 'return'] as const)
  return { type: 'page', event, stored: random.pick([null, STORED, { ...STORED, token: 'elsewhere' }]) }
}

/** Any event at all; most are of the present socket, some of an older one. */
function anyEvent(random: SeededRandom, { epoch, channels }: State, handle: number): ClientEvent {
  const at = random.chance(0.9) ? epoch : Math.max(0, epoch - random.int(1, 3))
  const some = random.pick([0, 1, 5, 400, 5000, 100_000])
  const reach = channels.find((channel) => channel.handle === handle)?.output.received ?? 0
  const ofSocket: readonly (() => ClientEvent)[] = [
    () => ({ type: 'socket-opened', epoch: at }),
    () => ({ type: 'socket-opened', epoch: at }),
    () => ({
      type: 'socket-closed',
      epoch: at,
      code: random.pick(CODES),
      reason: random.pick(['', 'reused', 'active_elsewhere']),
    }),
    () => ({ type: 'message', epoch: at, message: message(random) }),
    () => ({ type: 'message', epoch: at, message: message(random) }),
    () => ({ type: 'message', epoch: at, message: message(random) }),
    () => ({ type: 'data', epoch: at, channel: random.int(1, 3), stream: random.pick([1, 2]), bytes: some }),
    () => ({ type: 'data', epoch: at, channel: 1, stream: 1, bytes: some }),
    () => ({ type: 'unreadable', epoch: at, code: random.pick([4002, 4008, 4014]), detail: 'walk' }),
    () => ({ type: 'buffered', epoch: at, bytes: random.pick([0, 3_000_000, 9_000_000]) }),
  ]
  const ofWorld: readonly (() => ClientEvent)[] = [
    () => ({ type: 'started', stored: random.pick([null, STORED]), hidden: random.chance(0.2), offline: random.chance(0.2) }),
    () => ({ type: 'claimed', name: 'x' }),
    () => ({ type: random.pick(['claimed', 'claim-denied'] as const), name: 'x' }),
    () => ({ type: 'token', answer: random.pick(ANSWERS), takeOver: random.chance(0.3) }),
    () => ({ type: 'token', answer: GRANTED, takeOver: false }),
    () => ({ type: 'timer', name: random.pick(TIMERS) }),
    () => ({ type: 'timer', name: 'retry' }),
    () => pageEvent(random),
  ]
  const ofApplication: readonly (() => ClientEvent)[] = [
    () => ({ type: 'typed', handle, bytes: Math.max(1, some), paste: random.chance(0.2) }),
    () => ({ type: 'typed', handle, bytes: 1, paste: false }),
    () => ({ type: 'replied', handle, bytes: 6, at: random.int(0, reach) }),
    () => ({ type: 'drawn', handle, offset: random.int(0, reach + 1) }),
    () => ({ type: 'resize', handle, size: { cols: random.int(0, 200), rows: 24 } }),
    () => ({ type: 'signal', handle, sig: 'INT' }),
    () => ({ type: 'retry' }),
    () => ({ type: random.pick(['restart', 'take-over', 'retry', 'close-channel'] as const), handle }),
    () => (random.chance(0.1) ? { type: random.pick(['disconnect', 'dispose'] as const) } : { type: 'retry' }),
  ]
  return random.pick(random.pick([ofSocket, ofSocket, ofWorld, ofApplication]))()
}

/** Checks a million times what `expect` would check slowly. */
function holds(condition: boolean): void {
  if (!condition) throw new Error('A promise does not hold; the stack says which.')
}

function atMost(value: number, most: number): void {
  if (!(value <= most)) throw new Error(`${value} is above ${most}; the stack says what they are.`)
}

/** What must hold of any state. */
function checkState({ channels }: State): void {
  for (const { input, output } of channels) {
    atMost(output.drawn, output.received)
    atMost(output.receiver.received, output.receiver.limit)
    atMost(output.receiver.acked, output.receiver.consumed)
    atMost(output.receiver.consumed, output.receiver.received)
    atMost(OUTPUT_WINDOW.min, output.window.size)
    atMost(output.window.size, OUTPUT_WINDOW.max)
    atMost(input.sender.sent, input.sender.limit)
    atMost(input.acked, input.sender.sent)
    atMost(input.sender.sent, input.typed)
    // Between two sockets `heldFrom` may lie above what the next one starts from, never below what was acknowledged.
    atMost(input.heldFrom ?? input.typed, input.typed)
    atMost(input.acked, input.heldFrom ?? input.acked)
    atMost(input.typed - (input.heldFrom ?? input.typed), HELD_INPUT.bytes)
  }
}

/** What must hold of the orders of one event: nothing is sent where no socket is, nothing drawn that did not come. */
function checkOrders(before: State, event: ClientEvent, after: State, effects: readonly Effect[]): void {
  let hasSocket = before.phase.name === 'ready' || before.phase.name === 'greeting' || event.type === 'socket-opened'
  let greeted = before.phase.name === 'ready'
  for (const effect of effects) {
    if (effect.do === 'close-socket') hasSocket = false
    if (effect.do === 'store' || effect.do === 'ready') greeted = true
    if (effect.do === 'send' || effect.do === 'send-input') holds(hasSocket)
    if (effect.do === 'send' && effect.message.t !== 'hello') holds(greeted)
    if (effect.do === 'draw') {
      const end = after.channels.find(({ handle }) => handle === effect.handle)?.output.received ?? 0
      atMost(effect.end, end)
      holds(effect.bytes > 0)
      holds(event.type === 'data' && effect.skip + effect.bytes <= event.bytes)
    }
  }
}

/** Phases from which something goes on by itself, and what that is. */
function checkAlive({ phase }: State, timers: ReadonlyMap<TimerName, number>): void {
  const needs: Partial<Record<Phase['name'], TimerName>> = {
    authorizing: 'connect',
    connecting: 'connect',
    greeting: 'hello',
    ready: 'heartbeat',
    waiting: 'retry',
  }
  const timer = needs[phase.name]
  holds(timer === undefined || timers.has(timer))
}

/** A walk of events; the ones that runners take from a timer come only while that timer runs. */
function walk(seed: string, steps: number): ClientScript {
  const random = seededRandom(seed)
  const script = new ClientScript({
    url: random.chance(0.2) ? URL_OF_SOCKET : null,
    resume: random.chance(0.9),
    hidden: random.pick(['pause', 'trickle', 'continue']),
  })
  script.openChannel(0)
  script.openChannel(1)
  for (let step = 0; step < steps; step++) {
    script.chance = random.next()
    script.now += random.pick([0, 1, 50, 1000, 20_000])
    const event = anyEvent(random, script.state, random.int(0, 2))
    if (event.type === 'timer' && !script.timers.delete(event.name)) continue
    const before = script.state
    const effects = script.give(event)
    checkState(script.state)
    checkOrders(before, event, script.state, effects)
    checkAlive(script.state, script.timers)
    if (before.phase.name === 'ended' && script.state.phase.name === 'ended') holds(script.state.epoch === before.epoch)
  }
  return script
}

describe('any event in any state (invariants 2, 4, 6, 7)', () => {
  const reached = new Set<string>()

  test.each(Array.from({ length: 20 }, (_, i) => `walk-${i}`))('%s: 100 walks keep every promise', (seed) => {
    for (let i = 0; i < 100; i++) {
      const script = walk(`${seed}/${i}`, 120)
      for (const { code, fields } of script.all.filter((effect) => effect.do === 'diagnostic'))
        if (code === 'phase') reached.add(String(fields['to']))
    }
  })

  test('the walks come through every phase', () => {
    expect([...reached].sort()).toEqual(
      [
        'authorizing',
        'claiming',
        'connecting',
        'elsewhere',
        'ended',
        'greeting',
        'idle',
        'offline',
        'ready',
        'suspended',
        'waiting',
      ].sort(),
    )
  })

  test('a state survives JSON, and the list of events gives the same states again', () => {
    for (let i = 0; i < 50; i++) {
      const script = walk(`replay-${i}`, 150)
      let state = initialState(script.state.config)
      for (const event of script.events) [state] = transition(JSON.parse(JSON.stringify(state)) as State, event)
      expect(JSON.parse(JSON.stringify(state))).toEqual(JSON.parse(JSON.stringify(script.state)))
    }
  })

  test('after an end and after letting go no timer runs', () => {
    let ends = 0
    for (let i = 0; i < 300; i++) {
      const script = walk(`end-${i}`, 80)
      script.give({ type: i % 2 === 0 ? 'disconnect' : 'dispose' })
      if (script.state.phase.name !== 'ended' && script.state.phase.name !== 'idle') continue
      ends++
      expect([...script.timers.keys()]).toEqual([])
    }
    expect(ends).toBe(300)
  })
})

describe('the table of close codes (7)', () => {
  const known = [
    ...new Set([...Object.values(CLOSE_CODE), 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4409]),
  ]
  const unknown = [1014, 2999, 3000, 3999, 4019, 4410, 4999]

  test.each([...known, ...unknown])('%i does to phase, token and retry what its rule says', (code) => {
    const rule = closeRule(code)
    const script = new ClientScript().ready()
    const effects = script.close(code)
    const forgets = effects.some((effect) => effect.do === 'forget')
    expect(forgets).toBe(rule.token !== 'keep')
    expect(script.state.session === null).toBe(rule.token !== 'keep')
    const { phase } = script.state
    if (rule.retry) expect(phase.name).toBe('waiting')
    else if (code === 4016) expect(phase).toMatchObject({ name: 'elsewhere', how: 'superseded' })
    else expect(phase).toMatchObject({ name: 'ended', end: { code, reason: closeReasonOf(code) } })
  })

  test.each(Object.entries(closeReasons))('%s keeps its name on the way to the person', (reason, code) => {
    const script = new ClientScript().ready()
    script.close(code, reason)
    const { phase } = script.state
    if (closeRule(code).retry) expect(phase.name).toBe('waiting')
    else if (phase.name === 'elsewhere') expect(['superseded', 'active_elsewhere']).toContain(reason)
    else expect(phase).toMatchObject({ name: 'ended', end: { reason } })
  })

  test('the same codes on the way to the first hello_ok', () => {
    for (const code of [...known, ...unknown]) {
      const script = new ClientScript()
      script.start(STORED)
      script.give({ type: 'claimed', name: 'x' })
      script.connected()
      script.close(code)
      expect(script.state.phase.name === 'waiting').toBe(closeRule(code).retry)
      expect(script.state.session === null).toBe(closeRule(code).token !== 'keep')
    }
  })

  test.each(['expired', 'unknown', 'reused'] as const)(
    'a resume that is refused as %s ends, and a new session waits for a person',
    (reason) => {
      const script = new ClientScript()
      script.start(STORED)
      script.give({ type: 'claimed', name: 'x' })
      script.connected()
      const effects = [...script.hear({ t: 'close', id: 0, reason }), ...script.close(4011, reason)]
      expect(script.state.phase).toMatchObject({ name: 'ended', end: { reason, code: 4011 } })
      expect(effects.filter((effect) => effect.do === 'forget')).toEqual([{ do: 'forget', token: STORED.token }])
      script.wait(3_600_000)
      expect(script.state.phase.name).toBe('ended')
    },
  )

  test('a resume that is refused as active_elsewhere offers to take over', () => {
    const script = new ClientScript()
    script.start(STORED)
    script.give({ type: 'claimed', name: 'x' })
    script.connected()
    script.close(4011, 'active_elsewhere')
    expect(script.state.phase).toEqual({ name: 'elsewhere', how: 'active', canTakeOver: true })
  })

  test('a page closes its socket only with codes that pages may use', () => {
    for (const code of [...known, ...unknown]) {
      const script = new ClientScript().ready()
      for (const effect of script.close(code)) {
        if (effect.do === 'close-socket') expect(effect.code === 1000 || (effect.code >= 3000 && effect.code <= 4999)).toBe(true)
      }
    }
  })
})
