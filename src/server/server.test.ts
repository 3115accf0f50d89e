/** The server core over a scripted backend and fake sockets, from the hello to the exit. */
import { describe, expect, it } from 'vitest'
import { jsonBase64V1 } from '../protocol/profiles/jsonBase64V1.ts'
import { lenpfxV1 } from '../protocol/profiles/lenpfxV1.ts'
import { nimbusV1 } from '../protocol/profiles/nimbusV1.ts'
import type { WireMessage, WireProfile } from '../protocol/wireProfile.ts'
import { scriptedBackend, serverBench, type Peer } from '../testing/serverPeer.ts'
import { seededRandom } from '../testing/seededRandom.ts'
import type { Backend } from './ports.ts'

describe('the server core', () => {
  it('opens a program for a fresh hello, carries bytes both ways, and says the exit after the last byte', () => {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const peer = bench.fresh()
    expect(peer.last('hello_ok').caps).toEqual({ flow: 'credit', maxFrame: 1_048_576, profileAccepted: 'nimbus.v1', resume: 1 })
    expect(peer.last('hello_ok').session).toMatchObject({ ttlMs: 180_000 })
    expect(peer.order).toEqual(['hello_ok', 'open_ok', 'flow'])
    expect(peer.last('flow')).toEqual({ t: 'flow', id: 1, credit: 65_536, ack: 0 })
    const [program] = backend.programs
    expect(program!.request.size).toEqual({ cols: 100, rows: 30 })
    peer.grant(100_000)
    program!.print('hello ')
    bench.clock.advance(1)
    program!.print('world')
    bench.clock.advance(1)
    expect(peer.text()).toBe('hello world')
    peer.type('ls\r')
    expect(program!.input()).toBe('ls\r')
    program!.exit({ code: 3 })
    expect(peer.order.slice(-2)).toEqual(['flow', 'exit'])
    expect(peer.last('flow').ack).toBe(3)
    expect(peer.last('exit')).toEqual({ t: 'exit', id: 1, code: 3, at: 11 })
    peer.send({ t: 'close', id: 1 })
    expect(peer.closed()).toEqual({ code: 1000, reason: 'shell_exit' })
  })

  it('resumes warm where the client stands, and cold from the oldest byte kept', () => {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const first = bench.fresh()
    const { session, proof } = first.last('hello_ok')
    first.grant(100_000)
    backend.programs[0]!.print('0123456789')
    bench.clock.advance(1)
    expect(first.received()).toBe(10)
    first.cut()
    backend.programs[0]!.print('abc')
    const warm = bench.resume({ token: session!.token, proof, attempt: 1, channels: [{ id: 1, received: 7, sent: 0 }] })
    expect(warm.last('hello_ok').resume).toMatchObject({ accepted: true, session: session!.id, warm: true, nextChannel: 2 })
    expect(warm.last('hello_ok').resume!.channels).toEqual([
      { id: 1, from: 7, received: 0, answered: 10, produced: 13, size: { cols: 100, rows: 30 } },
    ])
    warm.grant(100, 7)
    bench.clock.advance(1)
    expect(warm.text()).toBe('789abc')
    warm.cut()
    const cold = bench.resume({ token: session!.token, channels: [] })
    expect(cold.last('hello_ok').resume).toMatchObject({ warm: false, token: expect.any(String) })
    cold.grant(100, 0)
    bench.clock.advance(1)
    expect(cold.text()).toBe('0123456789abc')
  })
})

describe('isolation', () => {
  it('closes the session of a backend that throws with 4015, and no other', () => {
    const good = scriptedBackend()
    const bad: Backend = {
      open(request, events) {
        if (request.allocation === 'a') throw new TypeError('canary')
        return good.open(request, events)
      },
    }
    const bench = serverBench(bad)
    const other = bench.fresh({ allocation: 'b' })
    const broken = bench.fresh()
    expect(broken.closed()).toEqual({ code: 4015, reason: 'internal_error' })
    other.type('fine')
    expect(good.programs[0]!.input()).toBe('fine')
    expect(bench.codes()).toContain('backend_threw')
    expect(JSON.stringify(bench.events)).not.toContain('canary')
  })

  it('closes the session of a program that throws with 4015', () => {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const peer = bench.fresh()
    backend.programs[0]!.write = () => {
      throw new RangeError('canary')
    }
    peer.type('x')
    expect(peer.closed()).toEqual({ code: 4015, reason: 'internal_error' })
    expect(bench.codes()).toContain('session_crashed')
    expect(backend.programs[0]!.told).toEqual(['end'])
    expect(bench.server.stats()).toMatchObject({ sessions: 0, programs: 0 })
    expect(bench.fresh().last('open_ok').id).toBe(1)
  })

  it('closes the socket of a host that throws with 4015, and the session stays', () => {
    let throws = false
    const bench = serverBench(scriptedBackend(), {
      authorize: () => {
        if (throws) throw new Error('canary')
        return 'allow'
      },
    })
    const peer = bench.fresh()
    peer.cut()
    throws = true
    const late = bench.resume({ token: peer.last('hello_ok').session!.token, channels: [] })
    expect(late.closed()).toEqual({ code: 4015, reason: 'internal_error' })
    expect(bench.server.stats().sessions).toBe(1)
    expect(JSON.stringify(bench.events)).not.toContain('canary')
  })

  it('survives a socket that throws, and a listener that does', () => {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    bench.server.on(() => {
      throw new Error('not your concern')
    })
    const socket = {
      close() {},
      terminate() {},
      bufferedAmount: () => 0,
      send: () => {
        throw new Error('gone')
      },
    }
    const events = bench.server.accept(socket, { allocation: 'b', origin: 'https://example.com' })
    const auth = { scheme: 'bearer', token: bench.token('b') } as const
    events.message(nimbusV1.encodeControl({ t: 'hello', proto: 1, auth, caps: { profile: 'nimbus.v1', resume: 1 } }))
    expect(bench.codes()).toContain('connection_crashed')
    const peer = bench.fresh()
    peer.type('fine')
    expect(backend.programs[0]!.input()).toBe('fine')
  })

  it('keeps what happens in the middle of something out of it: a program that answers while it is written to', () => {
    const order: string[] = []
    const eager: Backend = {
      open(_request, events) {
        events.opened()
        events.output(1, Uint8Array.of(36, 32))
        return {
          write(bytes) {
            order.push('write')
            events.took(bytes.byteLength)
            events.output(1, bytes)
            order.push('wrote')
          },
          resize() {},
          signal() {},
          pause() {},
          resume() {},
          end: () => events.exited({ sig: 'HUP' }),
          kill() {},
        }
      },
    }
    const bench = serverBench(eager)
    const peer = bench.fresh()
    peer.grant(100)
    peer.type('ab')
    bench.clock.advance(0)
    expect(order).toEqual(['write', 'wrote'])
    expect(peer.text()).toBe('$ ab')
  })
})

describe('policy', () => {
  it('opens the own allocation alone, and other targets when the host says so', () => {
    const asked: unknown[] = []
    const bench = serverBench(scriptedBackend(), {
      allowTargets: (target, principal) => {
        asked.push(target, principal.id)
        return 'host' in target && target.host === 'good'
      },
    })
    const peer = bench.fresh({ open: false })
    peer.send({ t: 'open', id: 1, target: { allocation: 'b' } })
    expect(peer.last('open_err')).toMatchObject({ id: 1, code: 4004 })
    peer.send({ t: 'open', id: 2, target: { host: 'bad', port: 22 } })
    expect(peer.last('open_err')).toMatchObject({ id: 2, code: 4004 })
    peer.send({ t: 'open', id: 3, target: { host: 'good', port: 22 } })
    expect(peer.last('open_ok')).toMatchObject({ id: 3 })
    expect(asked).toEqual([{ host: 'bad', port: 22 }, 'ann', { host: 'good', port: 22 }, 'ann'])
    const strict = serverBench(scriptedBackend()).fresh({ open: false })
    strict.send({ t: 'open', id: 1, target: { host: 'good', port: 22 } })
    expect(strict.last('open_err').code).toBe(4004)
  })

  it('starts nothing for a session that ended while the host was asked', async () => {
    let allow: (yes: boolean) => void = () => {}
    const backend = scriptedBackend()
    const bench = serverBench(backend, { allowTargets: () => new Promise<boolean>((resolve) => (allow = resolve)) })
    const peer = bench.fresh({ open: false })
    peer.send({ t: 'open', id: 1, target: { host: 'good', port: 22 } })
    bench.server.revoke({ principal: 'ann' })
    allow(true)
    await bench.clock.settleUntil(() => true)
    expect(backend.programs).toEqual([])
  })

  it('ends the program of a channel that was closed while the host was asked', async () => {
    let allow: (yes: boolean) => void = () => {}
    const backend = scriptedBackend()
    const bench = serverBench(backend, { allowTargets: () => new Promise<boolean>((resolve) => (allow = resolve)) })
    const peer = bench.fresh()
    peer.send({ t: 'open', id: 2, target: { host: 'good', port: 22 } })
    peer.send({ t: 'close', id: 2 })
    allow(true)
    await bench.clock.settleUntil(() => true)
    expect(backend.programs[1]!.told).toEqual(['end'])
    expect(bench.server.stats().programs).toBe(1)
  })

  it('lets a client set its terminal, language and time zone, and nothing else', () => {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const peer = bench.fresh({ open: false })
    const env = {
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      LC_ALL: 'C',
      TZ: 'UTC',
      LD_PRELOAD: 'evil',
      PATH: '.',
      BASH_ENV: 'x',
      LC_: '',
      'LC_X=Y': '1',
    }
    peer.send({ t: 'open', id: 1, target: { allocation: 'a' }, term: { cols: 80, rows: 24, env } })
    expect(backend.programs[0]!.request.env).toEqual({ TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C', TZ: 'UTC', LC_: '' })
    expect(bench.events.find(({ code }) => code === 'env_refused')?.fields).toMatchObject({ names: 4 })
  })

  it('bounds connections, handshakes and sessions, of all and of each person', () => {
    const limits = {
      maxConnections: 4,
      maxHandshakes: 3,
      maxSessions: 3,
      maxSessionsPerPrincipal: 2,
      maxConnectionsPerPrincipal: 2,
    }
    const bench = serverBench(scriptedBackend(), { limits })
    const overload = { code: 4010, reason: 'server_overload' }
    const idle = [bench.connect(), bench.connect(), bench.connect()]
    expect(bench.connect().closed()).toEqual(overload)
    bench.clock.advance(10_000)
    expect(idle.every((peer) => peer.terminated())).toBe(true)
    const own = [bench.fresh({ allocation: 'a' }), bench.fresh({ allocation: 'b' })]
    expect(bench.fresh({ allocation: 'c', open: false }).closed()).toEqual(overload)
    own[0]!.cut()
    const refused = bench.fresh({ allocation: 'c', open: false })
    expect(refused.closed()).toEqual(overload)
    expect(refused.last('close')).toMatchObject({ id: 0, reason: 'server_overload', retryMs: 1000 })
    expect(bench.fresh({ allocation: 'c', principal: 'bob' }).closed()).toBeNull()
    expect(bench.fresh({ allocation: 'd', principal: 'eve', open: false }).closed()).toEqual(overload)
  })

  it('shuts down by ending every session and waiting for every program', async () => {
    const stubborn: Backend = {
      open(_request, events) {
        events.opened()
        const noop = (): void => {}
        return {
          write: noop,
          resize: noop,
          signal: noop,
          pause: noop,
          resume: noop,
          end: noop,
          kill: () => events.exited({ sig: 'KILL' }),
        }
      },
    }
    const bench = serverBench(stubborn)
    const peer = bench.fresh()
    const waiting = bench.connect()
    let closed = false
    const done = bench.server.close().then(() => (closed = true))
    expect(peer.closed()).toEqual({ code: 4018, reason: 'gateway_restart' })
    expect(waiting.closed()?.code).toBe(1001)
    await Promise.resolve()
    expect(closed).toBe(false)
    bench.clock.advance(5000)
    await done
    expect(bench.server.stats().programs).toBe(0)
    expect(bench.connect().closed()?.code).toBe(1001)
  })

  it('says everything in events that hold neither a secret nor a byte of payload', () => {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const secrets: string[] = []
    const token = bench.token()
    const peer = bench.connect()
    peer.send({
      t: 'hello',
      proto: 1,
      auth: { scheme: 'bearer', token },
      caps: { profile: 'nimbus.v1', resume: 1, clientInfo: 'canary-info' },
    })
    const env = { CANARY: 'canary-env' }
    const user = { username: 'canary-user', auth: { password: 'canary-password' } }
    peer.send({ t: 'open', id: 1, target: { allocation: 'a' }, user, term: { cols: 80, rows: 24, env } })
    peer.grant(1000)
    peer.type('canary-input')
    backend.programs[0]!.print('canary-output')
    const { session, proof } = peer.last('hello_ok')
    secrets.push(token, session!.token, session!.token.split('.')[1]!, proof!)
    const replayed = bench.connect()
    replayed.send({ t: 'hello', proto: 1, auth: { scheme: 'bearer', token }, caps: { profile: 'nimbus.v1', resume: 1 } })
    peer.cut()
    bench.resume({ token: session!.token, proof: 'canary-proof', channels: [] })
    const cold = bench.resume({ token: session!.token, channels: [] })
    cold.raw('{"t":"canary-message"}')
    bench.clock.advance(200_000)
    const log = JSON.stringify(bench.events)
    expect(bench.events.length).toBeGreaterThan(5)
    for (const secret of secrets) expect(log).not.toContain(secret)
    expect(log).not.toContain('canary')
    for (const event of bench.events) {
      expect(event).toMatchObject({ timestamp: expect.any(Number), phase: expect.any(String), code: expect.any(String) })
      expect(JSON.parse(JSON.stringify(event))).toEqual(event)
    }
  })
})

describe('a one-time token', () => {
  it('admits one of a hundred that show it at once (invariant 5)', () => {
    const bench = serverBench(scriptedBackend())
    const token = bench.token()
    const peers = Array.from({ length: 100 }, () => bench.connect())
    for (const peer of peers)
      peer.send({ t: 'hello', proto: 1, auth: { scheme: 'bearer', token }, caps: { profile: 'nimbus.v1', resume: 1 } })
    const admitted = peers.filter((peer) => peer.closed() === null)
    expect(admitted).toHaveLength(1)
    expect(peers.filter((peer) => peer.closed()?.code === 4003)).toHaveLength(99)
  })

  it('is limited for each person, and says when to come again', () => {
    const bench = serverBench(scriptedBackend(), { limits: { mint: { perSecond: 1, burst: 3 } } })
    const ask = (id = 'ann') => bench.server.mintToken({ principal: { id }, allocation: 'a', origin: null, takeOver: false })
    for (let i = 0; i < 3; i++) expect(ask()).toMatchObject({ ok: true })
    expect(ask()).toEqual({ ok: false, code: 'rate_limited', retryMs: 1000 })
    expect(ask('bob')).toMatchObject({ ok: true })
    bench.clock.advance(1000)
    expect(ask()).toMatchObject({ ok: true })
  })
})

describe('whatever arrives', () => {
  /** Frames that are nearly right, and frames that are not at all. */
  function mutated(profile: WireProfile, random: ReturnType<typeof seededRandom>): WireMessage {
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)]!
    const number = (): number => pick([0, 1, 2, 3, 80, 1000, 65_536, 2 ** 31, 2 ** 53 - 1])
    const frames: (() => WireMessage)[] = [
      () => profile.encodeControl({ t: 'open', id: number() || 1, target: { allocation: 'a' } }),
      () => profile.encodeControl({ t: 'flow', id: 1, credit: number(), ack: number() }),
      () => profile.encodeControl({ t: 'reply', id: 1, at: number(), input: number() }),
      () => profile.encodeControl({ t: 'resize', id: 1, cols: number(), rows: number() }),
      () => profile.encodeControl({ t: 'close', id: number() }),
      () => profile.encodeControl({ t: 'pong', ts: number() }),
      () =>
        profile.encodeControl({
          t: 'hello',
          proto: 1,
          caps: { profile: profile.name, resume: 1 },
          resume: { token: 'a.b', channels: [] },
        }),
      () => profile.encodeData(1, number() || 1, new Uint8Array(number() % 70_000)),
      () => '{"t":',
    ]
    const frame = pick(frames)()
    if (random.next() < 0.5) return frame
    if (typeof frame === 'string')
      return frame.slice(0, Math.floor(random.next() * frame.length)) + pick(['', '}', '"', '\u0000', '[[[['])
    const broken = frame.slice()
    if (broken.length > 0) broken[Math.floor(random.next() * Math.min(12, broken.length))] = Math.floor(random.next() * 256)
    return broken
  }

  it.each([nimbusV1, jsonBase64V1, lenpfxV1])('closes by name and leaves other sessions alone: $name', (profile) => {
    const random = seededRandom(7)
    const backend = scriptedBackend()
    const bench = serverBench(backend, { limits: { mint: { perSecond: 1e9, burst: 1e9 } } })
    const bystander = bench.fresh({ allocation: 'bystander' })
    const closes = new Set<number>()
    for (let run = 0; run < 400; run++) {
      const peer: Peer =
        run % 2 === 0 ? bench.connect({ profile }) : bench.fresh({ profile, principal: `p${run}`, allocation: `x${run}` })
      for (let i = 0; i < 25 && peer.closed() === null; i++) peer.raw(mutated(profile, random))
      if (peer.closed() !== null) closes.add(peer.closed()!.code)
      peer.close(1000)
      bench.clock.advance(0)
    }
    expect([...closes].every((code) => code === 1000 || (code >= 4001 && code <= 4014))).toBe(true)
    expect(closes.size).toBeGreaterThan(3)
    expect(bench.codes()).not.toContain('session_crashed')
    expect(bench.codes()).not.toContain('connection_crashed')
    expect(bench.codes()).not.toContain('job_threw')
    bystander.type('still here')
    expect(backend.programs[0]!.input()).toBe('still here')
    // What the attackers left behind goes with its time to live.
    bench.clock.advance(60_000)
    expect(bench.server.stats().connections).toBe(1)
  })
})
