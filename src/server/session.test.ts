/** What holds for a session whatever happens to it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, limitsOf } from './options.ts'
import {
  createSession,
  holdsAllocation,
  transition,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
} from './session.ts'

const limits = limitsOf({
  replayBytes: 400,
  tailBytes: 50,
  overrunBytes: 100,
  readAheadBytes: 64,
  sliceBytes: 32,
  burstBytes: 64,
  leadBytes: 100,
  inputWindowBytes: 40,
})

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) freeze(part)
  }
  return value
}

/** Runs events one after the other on frozen states: a transition that wrote to what it was given would throw. */
function run(
  events: readonly SessionEvent[],
  state = createSession('s', limits, true),
): { state: SessionState; effects: SessionEffect[] } {
  const all: SessionEffect[] = []
  let now = freeze(state)
  for (const event of events) {
    const [next, effects] = transition(now, freeze(event))
    now = freeze(next)
    all.push(...effects)
  }
  return { state: now, effects: all }
}

const attach = (connection: number): SessionEvent => ({
  type: 'attach',
  connection,
  plain: false,
  issued: { token: 't0', proof: 'p0' },
  now: 0,
})
const open = (connection: number, id: number): SessionEvent => ({
  type: 'open',
  connection,
  message: { t: 'open', id, target: { allocation: 'a' } },
  now: 0,
})

const small = fc.integer({ min: 0, max: 120 })
const channel = fc.integer({ min: 1, max: 3 })
const connection = fc.integer({ min: 1, max: 4 })
const secret = (kind: string) => fc.integer({ min: 0, max: 5 }).map((n) => `${kind}${n}`)

const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.record({
    type: fc.constant('open' as const),
    connection,
    message: channel.map((id) => ({ t: 'open' as const, id, target: { allocation: 'a' } })),
    now: small,
  }),
  fc.record({ type: fc.constant('opened' as const), channel }),
  fc.record({
    type: fc.constant('output' as const),
    channel,
    stream: fc.constant(1 as const),
    length: fc.integer({ min: 1, max: 90 }),
  }),
  fc.record({ type: fc.constant('took' as const), channel, bytes: small }),
  fc.record({ type: fc.constant('exited' as const), channel, exit: fc.constant({ code: 0 }) }),
  fc.record({ type: fc.constant('input' as const), connection, channel, length: small, now: small }),
  fc.record({
    type: fc.constant('flow' as const),
    connection,
    message: fc.record({
      t: fc.constant('flow' as const),
      id: channel,
      credit: small,
      ack: fc.nat({ max: 20 }),
      hold: fc.constantFrom(undefined, 1 as const),
    }),
  }),
  fc.record({
    type: fc.constant('reply' as const),
    connection,
    message: fc.record({ t: fc.constant('reply' as const), id: channel, at: small, input: small }),
  }),
  fc.record({ type: fc.constant('gone' as const), connection, ends: fc.constant(false), now: small }),
  fc.record({ type: fc.constant('first-frame' as const), connection }),
  fc.record({ type: fc.constant('pong' as const), connection, ts: small, now: small }),
  fc.record({ type: fc.constant('blocked' as const), connection, blocked: fc.boolean() }),
  fc.record({ type: fc.constant('transport-pause' as const), connection, holds: fc.boolean() }),
  fc.record({
    type: fc.constant('timer' as const),
    timer: fc.constantFrom('uncork' as const, 'challenge' as const, 'ack:1' as const),
    now: small,
  }),
  fc.record({ type: fc.constantFrom('authorising' as const, 'authorised' as const), now: small }),
  fc.record({ type: fc.constant('probe' as const), probe: small, ts: small }),
  fc.record({
    type: fc.constant('resume' as const),
    request: fc.record({
      connection,
      kind: fc.constantFrom('warm' as const, 'cold' as const, 'take-over' as const),
      token: secret('t'),
      proof: secret('p'),
      attempt: fc.option(fc.nat({ max: 9 })),
      channels: fc.array(fc.record({ id: channel, received: fc.nat({ max: 60 }) }), { maxLength: 2 }),
      issued: fc.record({ token: secret('t'), proof: secret('p') }),
      ts: small,
    }),
    now: small,
  }),
)

/** Says that a byte came which was printed and never sent. */
const IMPOSTOR: SessionEvent[] = [
  { type: 'output', channel: 1, stream: 1, length: 1 },
  {
    type: 'resume',
    request: {
      connection: 1,
      kind: 'warm',
      token: 't0',
      proof: 'p0',
      attempt: null,
      channels: [{ id: 1, received: 1 }],
      issued: { token: 't0', proof: 'p0' },
      ts: 0,
    },
    now: 0,
  },
]

describe('the session', () => {
  it('keeps its numbers in order and never writes to a state that it was given, whatever happens (invariants 2, 3, 4)', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let { state } = run([attach(1), open(1, 1), { type: 'opened', channel: 1 }])
        for (const event of events) {
          const { state: next, effects } = run([event], state)
          state = next
          expect(state.tokens.length).toBeLessThanOrEqual(2)
          expect(state.proofs.length).toBeLessThanOrEqual(2)
          expect(state.challenge?.waiters.filter(({ kind }) => kind === 'resume').length ?? 0).toBeLessThanOrEqual(4)
          for (const { oldest, output, produced, everSent, seen, input } of state.channels) {
            expect(oldest).toBeLessThanOrEqual(output.acked)
            expect(output.acked).toBeLessThanOrEqual(output.sent)
            expect(output.sent).toBeLessThanOrEqual(Math.min(output.limit, produced))
            expect(output.sent).toBeLessThanOrEqual(everSent)
            expect(seen).toBeLessThanOrEqual(everSent)
            expect(produced - oldest).toBeLessThanOrEqual(limits.replayBytes + limits.tailBytes + limits.overrunBytes)
            expect(input.consumed).toBeLessThanOrEqual(input.received)
            expect(input.received - input.consumed).toBeLessThanOrEqual(limits.inputWindowBytes)
          }
          const attached = state.life.phase === 'attached' ? state.life.connection : null
          for (const effect of effects) if (effect.type === 'send-output') expect(effect.connection).toBe(attached)
        }
      }),
      { numRuns: 400, examples: [[IMPOSTOR]] },
    )
  })

  it('sends whenever nothing stands against it: the program has bytes, the client gave credit, the socket has room (invariant 2)', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const { state } = run([attach(1), open(1, 1), { type: 'opened', channel: 1 }, ...events])
        const { state: settled } = run(
          Array.from({ length: 40 }, () => ({ type: 'timer', timer: 'uncork', now: 0 })),
          state,
        )
        if (settled.life.phase !== 'attached' || settled.life.blocked) return
        for (const { output, produced } of settled.channels) expect(output.sent).toBe(Math.min(output.limit, produced))
      }),
      { numRuns: 200 },
    )
  })

  it('takes what is illegal in its state for nothing but a diagnostic (invariant 7)', () => {
    const { state } = run([attach(1), open(1, 1), { type: 'opened', channel: 1 }])
    const illegal: readonly SessionEvent[] = [
      { type: 'input', connection: 9, channel: 1, length: 5, now: 0 },
      { type: 'flow', connection: 9, message: { t: 'flow', id: 1, credit: 5, ack: 0 } },
      { type: 'close', connection: 9, channel: 1 },
      { type: 'first-frame', connection: 9 },
      { type: 'gone', connection: 9, ends: true, now: 0 },
      { type: 'output', channel: 7, stream: 1, length: 5 },
      { type: 'exited', channel: 7, exit: {} },
      { type: 'timer', timer: 'ack:7', now: 0 },
      { type: 'timer', timer: 'ttl', now: 0 },
      { type: 'timer', timer: 'challenge', now: 0 },
    ]
    for (const event of illegal) {
      const { state: after, effects } = run([event], state)
      expect(after, event.type).toEqual(state)
      expect(
        effects.filter(({ type }) => type !== 'note' && type !== 'cancel'),
        event.type,
      ).toEqual([])
    }
  })

  it('after its end answers those who ask for it and nothing else', () => {
    const { state } = run([attach(1), open(1, 1), { type: 'end', reason: 'policy_denied' }])
    const request = {
      connection: 2,
      kind: 'cold',
      token: 't0',
      proof: null,
      attempt: null,
      channels: [],
      issued: { token: 'x', proof: 'y' },
      ts: 1,
    } as const
    expect(run([{ type: 'resume', request, now: 0 }], state).effects).toEqual([
      { type: 'refuse', connection: 2, reason: 'expired' },
    ])
    expect(run([{ type: 'probe', probe: 3, ts: 1 }], state).effects).toEqual([
      { type: 'answer-probe', probe: 3, state: 'detached' },
    ])
    expect(
      run(
        [
          { type: 'output', channel: 1, stream: 1, length: 3 },
          { type: 'end', reason: 'idle_timeout' },
        ],
        state,
      ),
    ).toEqual({ state, effects: [] })
  })

  it('ends a channel that has no offset left', () => {
    const { state } = run([attach(1), open(1, 1), { type: 'opened', channel: 1 }])
    const full = { ...state, channels: state.channels.map((one) => ({ ...one, produced: Number.MAX_SAFE_INTEGER - 3 })) }
    expect(run([{ type: 'output', channel: 1, stream: 1, length: 4 }], full).state.life).toEqual({
      phase: 'ended',
      reason: 'internal_error',
    })
  })

  it('holds its allocation from the moment it is made until its last program ended', () => {
    const steps: readonly (readonly [SessionEvent | null, boolean])[] = [
      [null, true],
      [attach(1), true],
      [open(1, 1), true],
      [{ type: 'gone', connection: 1, ends: false, now: 0 }, true],
      [{ type: 'exited', channel: 1, exit: { code: 0 } }, false],
    ]
    let state = createSession('s', limits, true)
    for (const [event, holds] of steps) {
      if (event !== null) state = run([event], state).state
      expect(holdsAllocation(state)).toBe(holds)
    }
  })
})

it('limits are checked when the server is made', () => {
  expect(limitsOf({}).ttlMs).toBe(DEFAULT_LIMITS.ttlMs)
  expect(() => limitsOf({ maxFrame: 1000 })).toThrow(/maxFrame/)
  expect(() => limitsOf({ ttlMs: 16 * 60_000 })).toThrow(/ttlMs/)
})
