/** What is in a report, and what never is. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { greeting } from '../../testing/clientScript.ts'
import { world } from '../../testing/clientWorld.ts'
import { canonical, placeholders } from './redaction.ts'
import { readReport, replay } from './replay.ts'

// A hundred and fifty sessions, each looked for in all forms of all its texts.
vi.setConfig({ testTimeout: 60_000 })

const ascii = (bytes: Iterable<number>): string => String.fromCharCode(...bytes)

/** A text in all the forms in which it could leave, and each stretch of eight characters of those. */
function traces(secret: string): ReadonlySet<string> {
  const bytes = new TextEncoder().encode(secret)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const shifted = ['', 'a', 'ab'].map((before) =>
    btoa(before + ascii(bytes))
      .slice(4)
      .replace(/=+$/, ''),
  )
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), hex, [...bytes].join(','), ...shifted]
  const found = new Set<string>()
  for (const form of forms) for (let at = 0; at + 8 <= form.length; at++) found.add(form.slice(at, at + 8).toLowerCase())
  return found
}

/** Nothing like it stands in a report by chance. */
const canary = fc.string({ unit: fc.constantFrom(...'qxzjkvwQXZJKVW', 'é', '語', '"', '%'), minLength: 16, maxLength: 60 })

const session = fc.record({
  allocation: canary,
  token: canary,
  query: canary,
  proof: canary,
  resume: canary,
  id: canary,
  server: canary,
  typed: canary,
  printed: canary,
  title: canary,
  pasted: canary,
  replied: canary,
  reason: canary,
  signal: canary,
  user: canary,
  env: canary,
  ending: fc.constantFrom('close', 'exit', 'refuse', 'breach', 'cut'),
})

type Session = (typeof session)['generate'] extends (...args: never[]) => { value: infer T } ? T : never

/** Lives through a session that has the secrets wherever a text can be, and reports. */
function lived(s: Session) {
  const url = `wss://${encodeURIComponent(s.query)}.test/ws?ticket=${encodeURIComponent(s.query)}`
  const w = world({
    config: { allocation: s.allocation, clientInfo: s.server },
    ports: { getToken: () => ({ ok: true, token: s.token, url }) },
  })
  w.runner.start()
  const target = { host: s.user, port: 22 }
  const user = { username: s.user, auth: { password: s.token, [s.token]: s.env } }
  const channel = w.runner.open({ size: { cols: 80, rows: 24 }, target, user, env: { [s.env]: s.env } })
  channel.write(s.typed)
  w.socket.events.opened()
  w.socket.say(greeting({ server: s.server, proof: s.proof, session: { id: s.id, token: s.resume, ttlMs: 1000 } }))
  if (s.ending === 'refuse') w.socket.say({ t: 'open_err', id: 1, code: 4005, msg: s.reason })
  w.socket.say({ t: 'open_ok', id: 1, resumeKey: s.resume })
  w.socket.say({ t: 'flow', id: 1, credit: 9000 })
  w.socket.print(`${s.printed}\u001b]0;${s.title}\u0007`)
  channel.write(s.typed)
  channel.paste(s.pasted)
  channel.reply(s.replied, 4)
  w.clock.advance(500)
  const { socket } = w
  socket.events.closed(1006, s.reason)
  channel.write(s.typed)
  w.clock.advance(2000)
  if (s.ending === 'close') socket.say({ t: 'close', id: 1, reason: s.reason })
  if (s.ending === 'breach') w.socket.events.message(s.printed)
  w.socket.events.opened()
  w.socket.say(greeting({ caps: { flow: 'credit', maxFrame: 65_536, profileAccepted: s.reason, resume: 1 } }))
  if (s.ending === 'exit') w.socket.say({ t: 'exit', id: 1, sig: s.signal, at: 0 })
  w.runner.report()
  return w
}

test('no text of a session is in its report, in no form and not in part', () => {
  fc.assert(
    fc.property(session, (s) => {
      const text = JSON.stringify(lived(s).runner.report({ userAgent: 'Browser/1.0' })).toLowerCase()
      for (const secret of Object.values(s).filter((value) => value.length >= 16))
        for (const trace of traces(secret)) if (text.includes(trace)) throw new Error(`${JSON.stringify(trace)} of ${secret}`)
    }),
    { numRuns: 150 },
  )
})

test('with placeholders for its texts the machine does what it did', () => {
  fc.assert(
    fc.property(session, (s) => {
      const read = readReport(JSON.stringify(lived(s).runner.report()))
      expect(read.ok && replay(read.report).divergence).toBeNull()
    }),
    { numRuns: 150 },
  )
})

test('a check that looks for traces finds them', () => {
  const secret = 'qxzjkvwqxzjkvwqx'
  for (const text of [secret, btoa(secret), btoa(`a${secret}`), `01${secret.slice(3, 13)}`])
    expect([...traces(secret)].some((trace) => text.toLowerCase().includes(trace))).toBe(true)
})

describe('placeholders', () => {
  test('equal texts have equal ones, others have others, and none stays none', () => {
    const texts = placeholders('nimbus.v1')
    const [a, b] = [texts('one', 'token'), texts('two', 'token')]
    expect(a).not.toBe(b)
    expect(texts('one', 'proof')).toBe(a)
    expect(texts('', 'token')).toBe('')
  })

  test('the name of a lock keeps its head and hides the session like the session itself', () => {
    const texts = placeholders('nimbus.v1')
    expect(texts('nimbus-terminal:s1', 'name')).toBe(`nimbus-terminal:${texts('s1', 'id')}`)
  })

  test.each([
    ['reason', 'idle_timeout'],
    ['reason', 'page_hidden'],
    ['sig', 'TERM'],
    ['sig', 'SIGSEGV'],
    ['profileAccepted', 'nimbus.v1'],
    ['type', 'socket-closed'],
  ])('words of the protocol stay: %s %s', (key, word) => {
    expect(placeholders('nimbus.v1')(word, key)).toBe(word)
  })

  test.each([
    ['reason', 'my password'],
    ['sig', 'TERMINATOR'],
    ['profileAccepted', 'other'],
    ['server', 'name'],
    ['a key that nobody thought of', 'text'],
  ])('other texts do not: %s %s', (key, text) => {
    expect(placeholders('nimbus.v1')(text, key)).toBe(`<${key} 1>`)
  })

  test('whom a host lets in is left out whole', () => {
    const event = { type: 'open', user: { username: 'ana', auth: { x: 1 } }, env: { A: 'b' }, target: { host: 'h' } }
    expect(canonical(event, placeholders('nimbus.v1'))).toEqual({ type: 'open', user: {}, env: {}, target: {} })
  })
})

test('it says what helps: versions, profile, facts of the host, figures, snapshot and diagnostics with their times', () => {
  const w = world()
  w.ready()
  w.clock.advance(1000)
  w.socket.events.closed(1006, 'no words of ours')
  const report = w.runner.report({ userAgent: 'Browser/1.0', renderer: 'webgl', cols: 80 })
  expect(report).toMatchObject({
    format: 'nimbus-terminal-report',
    version: 1,
    profile: 'nimbus.v1',
    made: { wall: w.clock.wall(), now: w.clock.now() },
    facts: { userAgent: 'Browser/1.0', renderer: 'webgl', cols: 80 },
    snapshot: { status: { phase: 'lost' } },
    stats: { reconnects: 0 },
  })
  expect(report.notes).toContainEqual({
    at: w.clock.now(),
    bus: 'diagnostic',
    code: 'socket-lost',
    fields: { code: 1006, in: 'ready', reason: expect.stringMatching(/^<reason \d+>$/) },
    phase: 'ready',
    timestamp: w.clock.wall(),
    times: 1,
  })
})

test('facts are few and short', () => {
  const facts = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`fact ${i}`, 'x'.repeat(10_000)]))
  const report = world().runner.report(facts)
  expect(Object.keys(report.facts)).toHaveLength(40)
  expect(JSON.stringify(report.facts).length).toBeLessThan(40 * 500)
})

test('it is JSON through and through', () => {
  const w = world()
  w.ready()
  const report = w.runner.report()
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
})
