/** The door lets in what PROTOCOL.md names, drops what it does not, and refuses the rest with the right code. */
import { describe, expect, test } from 'vitest'
import { CLOSE_CODE } from './closeReasons.ts'
import { parseControl, readControl, readData } from './guards.ts'
import { CONTROL_LIMIT, CREDIT, MAX_CHANNEL_ID, MAX_INTEGER, SESSION } from './limits.ts'
import type { Decoded } from './wireProfile.ts'

/** What became of a message: itself, or the close code. */
function outcome(decoded: Decoded): unknown {
  if (!decoded.ok) return decoded.code
  return decoded.frame.kind === 'control' ? decoded.frame.message : decoded.frame.kind
}

const HELLO = { t: 'hello', proto: 1, caps: { profile: 'nimbus.v1' } }
const HELLO_OK = { t: 'hello_ok', server: 's', caps: { flow: 'credit', maxFrame: 1024, profileAccepted: 'nimbus.v1' } }
const OPEN = { t: 'open', id: 1, target: { allocation: 'a' } }

describe('refuses', () => {
  const { BAD_HELLO, MALFORMED_FRAME, UNSUPPORTED_MESSAGE } = CLOSE_CODE

  test.each<unknown>([
    { ...HELLO, proto: 2 },
    { ...HELLO, proto: '1' },
    { t: 'hello', proto: 1 },
    { ...HELLO, caps: {} },
    { ...HELLO, caps: { profile: 1 } },
    { ...HELLO, caps: { profile: 'nimbus.v1', resume: true } },
    { ...HELLO, caps: [] },
    { ...HELLO, auth: null },
    { ...HELLO, auth: { scheme: 'basic' } },
    { ...HELLO, auth: { scheme: 'bearer' } },
    { ...HELLO, resume: {} },
    { ...HELLO, resume: { channels: {} } },
    { ...HELLO, resume: { channels: [{ id: 0, received: 0 }] } },
    { ...HELLO, resume: { channels: [{ id: 1 }] } },
    { ...HELLO, resume: { channels: [], takeOver: 2 } },
    { ...HELLO, resume: { channels: [], attempt: -1 } },
  ])('a hello that is none, with 4002: %j', (value) => {
    expect(outcome(readControl(value))).toBe(BAD_HELLO)
  })

  test.each<unknown>([
    { ...HELLO_OK, server: 1 },
    { ...HELLO_OK, caps: { ...HELLO_OK.caps, maxFrame: 1023 } },
    { ...HELLO_OK, caps: { ...HELLO_OK.caps, flow: 'none' } },
    { ...HELLO_OK, session: { id: 's', token: 't' } },
    { ...HELLO_OK, resume: { accepted: false, session: 's', warm: true, ttlMs: 1, channels: [] } },
    { ...HELLO_OK, resume: { accepted: true, session: 's', warm: 1, ttlMs: 1, channels: [] } },
    { ...HELLO_OK, resume: { accepted: true, session: 's', warm: true, ttlMs: 1, channels: [], nextChannel: 0 } },
    { ...HELLO_OK, resume: { accepted: true, session: 's', warm: true, ttlMs: 1, channels: [{ id: 1, from: 0, received: 0 }] } },
    { ...OPEN, target: {} },
    { ...OPEN, target: { host: 'h' } },
    { ...OPEN, target: { host: 'h', port: 65_536 } },
    { ...OPEN, user: {} },
    { ...OPEN, term: { cols: 80 } },
    { ...OPEN, term: { cols: 80, rows: 24, env: { A: 1 } } },
    { ...OPEN, term: { cols: 80, rows: 24, env: ['A'] } },
    { t: 'open_ok', id: 0 },
    { t: 'open_ok', id: 1, ttlMs: '1' },
    { t: 'open_err', id: 1, code: 4005 },
    { t: 'flow', id: 1 },
    { t: 'flow', id: 1, credit: -1 },
    { t: 'flow', id: 1, credit: CREDIT.max + 1 },
    { t: 'flow', id: 1, credit: 0.5 },
    { t: 'flow', id: 1, credit: 0, ack: MAX_INTEGER + 1 },
    { t: 'flow', id: 1, credit: 0, hold: 0 },
    { t: 'flow', id: MAX_CHANNEL_ID + 1, credit: 0 },
    { t: 'flow', id: '1', credit: 0 },
    { t: 'reply', id: 1, at: 0 },
    { t: 'resize', id: 1, cols: 80, rows: 24.5 },
    { t: 'resize', id: 1, cols: 80, rows: null },
    { t: 'resize', id: 1, cols: 80, rows: Infinity },
    { t: 'signal', id: 1, sig: 'STOP' },
    { t: 'signal', id: 1 },
    { t: 'exit', id: 1 },
    { t: 'exit', id: 1, at: 0, code: null },
    { t: 'exit', id: 0, at: 0 },
    { t: 'close' },
    { t: 'close', id: -1 },
    { t: 'close', id: 0, reason: 1 },
    { t: 'ping' },
    { t: 'pong', ts: NaN },
    { t: 1 },
    {},
    [],
    [{ t: 'ping', ts: 1 }],
    null,
    undefined,
    'ping',
    1,
    { t: 'close', id: 0, reason: 'r'.repeat(CONTROL_LIMIT.stringLength + 1) },
    { ...HELLO_OK, resume: { accepted: true, session: 's', warm: true, ttlMs: 1, channels: Array(CONTROL_LIMIT.members + 1) } },
  ])('what is malformed, with 4014: %j', (value) => {
    expect(outcome(readControl(value))).toBe(MALFORMED_FRAME)
  })

  test.each(['', 'x', 'X-thing', 'Ping', 'toString', 'constructor', '__proto__', 'hasOwnProperty', 'data'])(
    't %j, with 4009',
    (t) => {
      expect(outcome(readControl({ t }))).toBe(UNSUPPORTED_MESSAGE)
      expect(outcome(parseControl(`{"t":"${t}"}`))).toBe(UNSUPPORTED_MESSAGE)
    },
  )

  test.each(['', '{', 'nonsense', '{"t":"ping","ts":1}x', '\ufeff{"t":"ping","ts":1}', '{"t":"ping","ts":01}', '"\ud800'])(
    'text that is not JSON, with 4014: %j',
    (text) => {
      expect(outcome(parseControl(text))).toBe(MALFORMED_FRAME)
    },
  )

  test('values that fight back', () => {
    const trap = new Proxy({}, { getOwnPropertyDescriptor: () => { throw new Error('no') } }) // prettier-ignore
    const cyclic: Record<string, unknown> = { ...OPEN, user: { username: 'u', auth: {} } }
    cyclic.user = { username: 'u', auth: cyclic }
    for (const value of [trap, cyclic, () => {}, Symbol('t'), 1n]) expect(outcome(readControl(value))).toBe(MALFORMED_FRAME)
    const doubled = Array.from({ length: 14 }).reduce<unknown>((inner) => [inner, inner], 'x')
    expect(outcome(readControl({ ...OPEN, user: { username: 'u', auth: doubled } }))).toBe(MALFORMED_FRAME)
    expect(outcome(readControl({ ...OPEN, user: { username: 'u', auth: { f: () => {} } } }))).toBe(MALFORMED_FRAME)
  })

  test('nesting and members beyond the bounds, even in fields that it would drop', () => {
    const nested = (depth: number) => `{"t":"ping","ts":1,"more":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect(outcome(parseControl(nested(CONTROL_LIMIT.depth)))).toEqual({ t: 'ping', ts: 1 })
    expect(parseControl(nested(CONTROL_LIMIT.depth + 1))).toEqual({ ok: false, code: MALFORMED_FRAME, detail: 'nested too deep' })
    // The object, its first member's two commas and the array count as well.
    const wide = (members: number) => `{"t":"ping","ts":1,"more":[${Array(members - 3).fill(0).join()}]}` // prettier-ignore
    expect(outcome(parseControl(wide(CONTROL_LIMIT.members)))).toEqual({ t: 'ping', ts: 1 })
    expect(parseControl(wide(CONTROL_LIMIT.members + 1))).toEqual({
      ok: false,
      code: MALFORMED_FRAME,
      detail: 'too many members',
    })
  })

  test('without repeating what the peer wrote', () => {
    const decoded = parseControl('{"t":"canary-in-a-name"}')
    expect(decoded.ok ? '' : decoded.detail).toBe('unknown message')
  })
})

describe('lets in', () => {
  test.each<object>([
    { t: 'resize', id: 1, cols: 0, rows: 5000 },
    { t: 'resize', id: 1, cols: -3, rows: MAX_INTEGER },
    { ...OPEN, term: { cols: 0, rows: 1001 } },
    { t: 'close', id: 0 },
    { t: 'close', id: MAX_CHANNEL_ID, reason: 'a name that nobody knows' },
    { t: 'flow', id: MAX_CHANNEL_ID, credit: CREDIT.max, ack: MAX_INTEGER },
    { t: 'ping', ts: MAX_INTEGER },
    { t: 'open_err', id: 1, code: 4005, msg: 'm'.repeat(CONTROL_LIMIT.stringLength) },
    { ...HELLO, resume: { channels: [] } },
    { ...HELLO, auth: { scheme: 'none' } },
    { ...OPEN, user: { username: 'u', auth: null } },
    { ...OPEN, user: { username: 'u', auth: [1.5, true, 'x', [{}]] } },
  ])('%j', (value) => {
    expect(outcome(readControl(value))).toEqual(value)
    expect(outcome(parseControl(JSON.stringify(value)))).toEqual(value)
  })

  test('modes of control sequences and printable ASCII, and nothing else', () => {
    const modes = (text: unknown) => {
      const channels = [{ id: 1, from: 9, received: 0, answered: 0, modes: text }]
      const resume = { accepted: true, session: 's', warm: false, ttlMs: 1, channels }
      const caps = { flow: 'credit', maxFrame: 1024, profileAccepted: 'nimbus.v1' }
      return readControl({ t: 'hello_ok', server: 's', caps, resume }).ok
    }
    for (const good of ['\u001b[?1049h\u001b[2 q\u001b(0\u001b~', '', '~'.repeat(SESSION.modesLength)])
      expect(modes(good)).toBe(true)
    for (const bad of ['\n', '\u0007', '\u007f', '\u009b1h', 'é', '~'.repeat(SESSION.modesLength + 1), 7, null])
      expect([bad, modes(bad)]).toEqual([bad, false])
  })

  test('and ignores what starts with x-', () => {
    expect(outcome(parseControl('{"t":"x-trace","id":{}}'))).toBe('ignored')
    expect(outcome(parseControl('{"t":"x-"}'))).toBe('ignored')
  })

  test('minus zero as zero', () => {
    expect(outcome(parseControl('{"t":"ping","ts":-0}'))).toStrictEqual({ t: 'ping', ts: 0 })
  })

  test('brackets and commas inside strings without counting them', () => {
    const reason = `${'[{,'.repeat(CONTROL_LIMIT.members)}\\"\\\\`
    expect(outcome(parseControl(JSON.stringify({ t: 'close', id: 0, reason })))).toEqual({ t: 'close', id: 0, reason })
  })
})

describe('rebuilds', () => {
  test('without the fields that the protocol does not name, at any depth', () => {
    const value = { ...HELLO, more: 1, caps: { ...HELLO.caps, more: 1 }, auth: { scheme: 'none', token: 't' } }
    expect(outcome(readControl(value))).toStrictEqual({ ...HELLO, auth: { scheme: 'none' } })
  })

  test('without keys for what is absent', () => {
    expect(Object.keys(outcome(parseControl('{"t":"exit","id":1,"at":0}')) ?? {})).toEqual(['t', 'id', 'at'])
  })

  test('from own fields only: a prototype lends nothing', () => {
    expect(outcome(readControl(Object.create({ t: 'ping', ts: 1 })))).toBe(CLOSE_CODE.MALFORMED_FRAME)
    expect(outcome(parseControl('{"__proto__":{"t":"ping","ts":1}}'))).toBe(CLOSE_CODE.MALFORMED_FRAME)
    expect(outcome(parseControl('{"t":"ping","__proto__":{"ts":1}}'))).toBe(CLOSE_CODE.MALFORMED_FRAME)
  })

  test('open-ended parts as objects without prototype, whatever their keys are called', () => {
    const keys = '{"__proto__":"p","constructor":"c","toString":"s"}'
    const text = `{"t":"open","id":1,"target":{"allocation":"a"},"user":{"username":"u","auth":${keys}},"term":{"cols":1,"rows":1,"env":${keys}}}`
    const decoded = parseControl(text)
    if (!decoded.ok || decoded.frame.kind !== 'control' || decoded.frame.message.t !== 'open') throw new Error('not readable')
    const { user, term } = decoded.frame.message
    for (const part of [user?.auth, term?.env]) {
      expect(Object.getPrototypeOf(part)).toBeNull()
      expect(Object.entries(part ?? {})).toEqual([['constructor', 'c'], ['toString', 's']]) // prettier-ignore
      expect(Object.getPrototypeOf(Object.assign({}, part))).toBe(Object.prototype)
    }
  })
})

describe('data', () => {
  const payload = new Uint8Array([1])

  test('on streams 1 and 2 of a channel', () => {
    expect(outcome(readData(1, 1, payload))).toBe('data')
    expect(outcome(readData(2, MAX_CHANNEL_ID, payload))).toBe('data')
  })

  test.each([
    [0, 1],
    [3, 1],
    [16, 1],
    [255, 1],
    [1, 0],
    [1, MAX_CHANNEL_ID + 1],
    [1, 1.5],
    [1, NaN],
  ])('not on stream %j of channel %j', (stream, channel) => {
    // prettier-ignore
    expect(outcome(readData(stream, channel, payload))).toBe(CLOSE_CODE.MALFORMED_FRAME)
  })
})
