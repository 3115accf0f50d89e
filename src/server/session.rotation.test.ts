/** Which tokens and proofs of a session are valid after each way to come back. */
import { describe, expect, it } from 'vitest'
import { limitsOf } from './options.ts'
import { createSession, objection, transition, type ResumeRequest, type SessionEvent, type SessionState } from './session.ts'

const limits = limitsOf()

function after(state: SessionState, ...events: readonly SessionEvent[]): SessionState {
  return events.reduce((now, event) => transition(now, event)[0], state)
}

const fresh = after(createSession('s', limits, true), {
  type: 'attach',
  connection: 1,
  plain: false,
  issued: { token: 'T0', proof: 'P0' },
  now: 0,
})
const cut = (connection: number): SessionEvent => ({ type: 'gone', connection, ends: false, now: 0 })
const confirm = (connection: number): SessionEvent => ({ type: 'first-frame', connection })

/** A resume on connection n is issued Tn and Pn. */
function request(connection: number, kind: ResumeRequest['kind'], shown: Partial<ResumeRequest> = {}): ResumeRequest {
  const issued = { token: `T${connection}`, proof: `P${connection}` }
  return { connection, kind, token: 'T0', proof: null, attempt: null, channels: [], issued, ts: 77, ...shown }
}

const resume = (...args: Parameters<typeof request>): SessionEvent => ({ type: 'resume', request: request(...args), now: 0 })
const secrets = ({ tokens, proofs }: SessionState) => ({ tokens, proofs: proofs.map(({ hash }) => hash) })
const attempts = ({ proofs }: SessionState) => proofs.map(({ hash, attempt }) => `${hash}:${attempt}`)

describe('which tokens and proofs are valid (section 5.5)', () => {
  it('after a fresh hello: those that were issued', () => {
    expect(secrets(fresh)).toEqual({ tokens: ['T0'], proofs: ['P0'] })
    expect(secrets(after(fresh, confirm(1)))).toEqual({ tokens: ['T0'], proofs: ['P0'] })
  })

  it('after a plain hello: none', () => {
    const plain: SessionEvent = { type: 'attach', connection: 1, plain: true, issued: { token: 'T0', proof: 'P0' }, now: 0 }
    expect(secrets(after(createSession('s', limits, true), plain))).toEqual({ tokens: [], proofs: [] })
  })

  it('after a cold resume: the token presented and the proof replaced, those issued, and in the end only these', () => {
    const cold = after(fresh, cut(1), resume(2, 'cold'))
    expect(secrets(cold)).toEqual({ tokens: ['T0', 'T2'], proofs: ['P0', 'P2'] })
    expect(secrets(after(cold, confirm(2)))).toEqual({ tokens: ['T2'], proofs: ['P2'] })
    expect(after(cold, confirm(2)).retired).toEqual(['T0'])
  })

  it('after two cold resumes of which the first was never heard: two, never three', () => {
    const twice = after(fresh, cut(1), resume(2, 'cold'), cut(2), resume(3, 'cold'))
    expect(secrets(twice)).toEqual({ tokens: ['T0', 'T3'], proofs: ['P2', 'P3'] })
    expect(twice.retired).toEqual(['T2'])
  })

  it('after a warm resume: the token presented, the proof presented and the one issued', () => {
    const warm = after(fresh, cut(1), resume(2, 'warm', { proof: 'P0', attempt: 1 }))
    expect(secrets(warm)).toEqual({ tokens: ['T0'], proofs: ['P0', 'P2'] })
    expect(secrets(after(warm, confirm(2)))).toEqual({ tokens: ['T0'], proofs: ['P2'] })
  })

  it('after a warm resume with one of two tokens: that one', () => {
    const cold = after(fresh, cut(1), resume(2, 'cold'), cut(2))
    expect(secrets(after(cold, resume(3, 'warm', { token: 'T2', proof: 'P2', attempt: 1 })))).toEqual({
      tokens: ['T2'],
      proofs: ['P2', 'P3'],
    })
    expect(secrets(after(cold, resume(3, 'warm', { token: 'T0', proof: 'P0', attempt: 1 })))).toEqual({
      tokens: ['T0'],
      proofs: ['P0', 'P3'],
    })
  })

  it('after a take-over: those issued alone', () => {
    const taken = after(fresh, resume(2, 'take-over', { token: null }))
    expect(secrets(taken)).toEqual({ tokens: ['T2'], proofs: ['P2'] })
    expect(taken.retired).toEqual(['T0'])
    expect(secrets(after(taken, confirm(2)))).toEqual({ tokens: ['T2'], proofs: ['P2'] })
  })

  it('after the end: none', () => {
    expect(secrets(after(fresh, { type: 'end', reason: 'idle_timeout' }))).toEqual({ tokens: [], proofs: [] })
  })
})

describe('which attempts a proof admits', () => {
  const lost = after(fresh, cut(1), resume(2, 'warm', { proof: 'P0', attempt: 4 }), cut(2))
  const against = (state: SessionState, proof: string, attempt: number | null) =>
    objection(state, request(3, 'warm', { proof, attempt }))

  it('only numbers above the highest that was accepted, for the proof shown and for the one issued', () => {
    expect(attempts(lost)).toEqual(['P0:4', 'P2:4'])
    for (const proof of ['P0', 'P2']) {
      expect(against(lost, proof, 3)).toBe('reused')
      expect(against(lost, proof, 4)).toBe('reused')
      expect(against(lost, proof, 5)).toBeNull()
    }
  })

  it('a hello without a number, which counts as none', () => {
    expect(against(lost, 'P0', null)).toBeNull()
    expect(attempts(after(lost, resume(3, 'warm', { proof: 'P0', attempt: null })))).toEqual(['P0:4', 'P3:0'])
  })

  it('the page that a cold one replaced counts on by itself', () => {
    const replaced = after(lost, resume(3, 'cold', { attempt: 1 }), cut(3))
    expect(attempts(replaced)).toEqual(['P2:4', 'P3:1'])
    expect(against(replaced, 'P2', 4)).toBe('reused')
    expect(against(replaced, 'P3', 2)).toBeNull()
  })
})

describe('what stands against a resume', () => {
  const open = after(
    fresh,
    { type: 'open', connection: 1, message: { t: 'open', id: 1, target: { allocation: 'a' } }, now: 0 },
    { type: 'opened', channel: 1 },
    { type: 'open', connection: 1, message: { t: 'open', id: 2, target: { allocation: 'a' } }, now: 0 },
    { type: 'opened', channel: 2 },
    { type: 'output', channel: 2, stream: 1, length: 10 },
    { type: 'input', connection: 1, channel: 2, length: 5, now: 0 },
    cut(1),
  )
  const warm = (id: number, received: number, sent?: number) =>
    objection(open, request(2, 'warm', { proof: 'P0', channels: [{ id, received, sent }] }))

  it('is what its own channel says, and no other', () => {
    expect(warm(2, 10, 5)).toBeNull()
    expect(warm(2, 11, 5)).toBe('unknown')
    expect(warm(1, 10, 0)).toBe('unknown')
    expect(warm(1, 0, 0)).toBeNull()
    expect(warm(3, 99, 0)).toBeNull()
  })

  it('is input that came and was never typed, where the same page goes on and says how much it typed', () => {
    expect(warm(2, 0, 4)).toBe('unknown')
    expect(warm(2, 0)).toBeNull()
    const cold = (sent: number) => objection(open, request(2, 'cold', { channels: [{ id: 2, received: 0, sent }] }))
    expect(cold(0)).toBeNull()
  })

  it('is nothing for a take-over but the end', () => {
    const taking = request(2, 'take-over', { token: null, channels: [{ id: 2, received: 99 }] })
    expect(objection(open, taking)).toBeNull()
    expect(objection(after(open, { type: 'end', reason: 'idle_timeout' }), taking)).toBe('expired')
  })

  it('is a token that is missing, wrong or used up', () => {
    expect(objection(open, request(2, 'cold', { token: null }))).toBe('unknown')
    expect(objection(open, request(2, 'cold', { token: 'T9' }))).toBe('unknown')
    const used = after(open, resume(2, 'cold'), confirm(2))
    expect(objection(used, request(3, 'cold'))).toBe('reused')
  })
})

describe('the time to live in the state', () => {
  const detached = after(fresh, { type: 'gone', connection: 1, ends: false, now: 1000 })

  it('runs from the cut, stands still while anybody is being authorised, and goes on with what is left', () => {
    expect(detached.life).toEqual({ phase: 'detached', ttlLeft: 180_000, runningSince: 1000, proof: 'P0' })
    const first = after(detached, { type: 'authorising', now: 31_000 })
    expect(first.life).toMatchObject({ ttlLeft: 150_000, runningSince: null })
    const second = after(first, { type: 'authorising', now: 32_000 }, { type: 'authorised', now: 40_000 })
    expect(second.life).toMatchObject({ ttlLeft: 150_000, runningSince: null })
    const [last, effects] = transition(second, { type: 'authorised', now: 50_000 })
    expect(last.life).toMatchObject({ ttlLeft: 150_000, runningSince: 50_000 })
    expect(effects).toEqual([{ type: 'timer', timer: 'ttl', delayMs: 150_000 }])
  })

  it('does not begin while somebody is being authorised', () => {
    const [state, effects] = transition(after(fresh, { type: 'authorising', now: 0 }), {
      type: 'gone',
      connection: 1,
      ends: false,
      now: 5,
    })
    expect(state.life).toMatchObject({ phase: 'detached', ttlLeft: 180_000, runningSince: null })
    expect(effects.some((effect) => effect.type === 'timer' && effect.timer === 'ttl')).toBe(false)
  })

  it('is cancelled by an attach, and the idle person is counted again', () => {
    const [, effects] = transition(detached, { type: 'resume', request: request(2, 'cold'), now: 2000 })
    expect(effects).toContainEqual({ type: 'cancel', timer: 'ttl' })
    expect(effects).toContainEqual({ type: 'timer', timer: 'idle', delayMs: 30 * 60_000 })
  })

  it('never falls below nothing', () => {
    expect(after(detached, { type: 'authorising', now: 900_000 }).life).toMatchObject({ ttlLeft: 0 })
  })
})

describe('a channel on its new socket', () => {
  const two = after(
    fresh,
    ...[1, 2].flatMap((id): SessionEvent[] => [
      { type: 'open', connection: 1, message: { t: 'open', id, target: { allocation: 'a' } }, now: 0 },
      { type: 'opened', channel: id },
      { type: 'flow', connection: 1, message: { t: 'flow', id, credit: 100, ack: 0, hold: 1 } },
      { type: 'output', channel: id, stream: 1, length: 10 },
      { type: 'timer', timer: 'uncork', now: 0 },
      { type: 'reply', connection: 1, message: { t: 'reply', id, at: 8, input: 3 } },
    ]),
    cut(1),
  )
  const channels = [1, 2].map((id) => ({ id, received: id * 3, sent: 0 }))

  it('goes on where its own entry in the hello says, without credit and without hold', () => {
    const warm = after(two, resume(2, 'warm', { proof: 'P0', attempt: 1, channels }))
    expect(warm.channels.map(({ output, hold }) => [output.sent, output.limit, hold])).toEqual([
      [3, 3, false],
      [6, 6, false],
    ])
  })

  it('still waits for the answers of a page that lives', () => {
    const pending = (state: SessionState) => state.channels.map(({ pendingReplies }) => pendingReplies.length)
    expect(pending(after(two, resume(2, 'warm', { proof: 'P0', attempt: 1, channels })))).toEqual([1, 1])
    expect(pending(after(two, resume(2, 'cold')))).toEqual([0, 0])
  })
})
