/** One socket until it has a session: its hello, its frames, its rates and its heartbeat. */
import { describe, expect, it } from 'vitest'
import { jsonBase64V1 } from '../protocol/profiles/jsonBase64V1.ts'
import { lenpfxV1 } from '../protocol/profiles/lenpfxV1.ts'
import { nimbusV1 } from '../protocol/profiles/nimbusV1.ts'
import { scriptedBackend, serverBench, type Peer, type ServerBench } from '../testing/serverPeer.ts'

const violation = (code: number) => ({ code, reason: 'protocol_error' })

function start(): { bench: ServerBench; peer: Peer } {
  const bench = serverBench(scriptedBackend())
  return { bench, peer: bench.connect() }
}

function hello(bench: ServerBench, peer: Peer, caps = { profile: 'nimbus.v1', resume: 1 as const }): void {
  peer.send({ t: 'hello', proto: 1, auth: { scheme: 'bearer', token: bench.token() }, caps })
}

describe('the hello', () => {
  it('is waited for 5 s, then the close for 3 s, then the socket is dropped', () => {
    const { bench, peer } = start()
    bench.clock.advance(4999)
    expect(peer.closed()).toBeNull()
    bench.clock.advance(1)
    expect(peer.closed()).toEqual({ code: 4012, reason: 'timeout' })
    bench.clock.advance(2999)
    expect(peer.terminated()).toBe(false)
    bench.clock.advance(1)
    expect(peer.terminated()).toBe(true)
    expect(bench.server.stats().connections).toBe(0)
  })

  it.each([nimbusV1, jsonBase64V1, lenpfxV1])('is answered in the profile that it names: $name', (profile) => {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const peer = bench.fresh({ profile })
    expect(peer.last('hello_ok').caps.profileAccepted).toBe(profile.name)
    peer.grant(1000)
    peer.type('hi')
    backend.programs[0]!.print('ho')
    expect(backend.programs[0]!.input()).toBe('hi')
    expect(peer.text()).toBe('ho')
  })

  it('that names no profile of ours closes with 4001', () => {
    const { peer } = start()
    peer.raw('{"t":"hello","proto":1,"caps":{"profile":"mine.v9"}}')
    expect(peer.closed()).toEqual({ code: 4001, reason: 'unsupported_profile' })
  })

  it('that nobody can read closes with 4014, and a readable frame that is none with 4002', () => {
    for (const [first, code] of [
      ['{', 4014],
      [Uint8Array.of(9, 9, 9), 4014],
      ['{"t":"ping","ts":1}', 4002],
      ['{"t":"hello","proto":2,"caps":{"profile":"nimbus.v1"}}', 4002],
    ] as const) {
      const { peer } = start()
      peer.raw(first)
      expect(peer.closed()).toEqual(violation(code))
    }
  })

  it('comes once, and nothing comes before its answer', () => {
    const { bench, peer } = start()
    hello(bench, peer)
    peer.send({ t: 'hello', proto: 1, caps: { profile: 'nimbus.v1' } })
    expect(peer.closed()).toEqual(violation(4002))
    const waiting = serverBench(scriptedBackend(), {
      authorize: ({ purpose }) => (purpose === 'mint' ? 'allow' : new Promise(() => {})),
    })
    const early = waiting.connect()
    hello(waiting, early)
    early.send({ t: 'ping', ts: 1 })
    expect(early.closed()).toEqual(violation(4002))
  })

  it('waits for the host for 10 s', () => {
    const bench = serverBench(scriptedBackend(), {
      authorize: ({ purpose }) => (purpose === 'mint' ? 'allow' : new Promise(() => {})),
    })
    const peer = bench.connect()
    hello(bench, peer)
    bench.clock.advance(10_000)
    expect(peer.closed()).toEqual({ code: 4012, reason: 'timeout' })
  })

  it('without a token, or with one that is wrong, used, too old, of another page or another allocation, is refused', () => {
    const { bench } = start()
    const say = (token: string | null, where: { allocation?: string; origin?: string } = {}): ReturnType<Peer['closed']> => {
      const peer = bench.connect(where)
      const auth = token === null ? ({ scheme: 'none' } as const) : ({ scheme: 'bearer', token } as const)
      peer.send({ t: 'hello', proto: 1, auth, caps: { profile: 'nimbus.v1', resume: 1 } })
      return peer.closed()
    }
    const failed = { code: 4003, reason: 'auth_failed' }
    expect(say(null)).toEqual(failed)
    expect(say('wrong')).toEqual(failed)
    const used = bench.token('b')
    expect(say(used, { allocation: 'b' })).toBeNull()
    expect(say(used, { allocation: 'b' })).toEqual(failed)
    const old = bench.token()
    bench.clock.advance(30_000)
    expect(say(old)).toEqual(failed)
    const denied = { code: 4004, reason: 'policy_denied' }
    expect(say(bench.token(), { allocation: 'c' })).toEqual(denied)
    expect(say(bench.token(), { origin: 'https://elsewhere.example' })).toEqual(denied)
  })
})

describe('a frame', () => {
  it('larger than maxFrame closes with 4008, before and after the hello', () => {
    const { bench, peer } = start()
    peer.raw('x'.repeat(1_048_577))
    expect(peer.closed()).toEqual(violation(4008))
    const open = bench.fresh()
    open.raw(new Uint8Array(1_048_577))
    expect(open.closed()).toEqual(violation(4008))
    expect(bench.server.stats().sessions).toBe(1)
  })

  it('with an unknown `t` closes with 4009, unless it begins with x-', () => {
    const { bench } = start()
    const peer = bench.fresh()
    peer.raw('{"t":"x-whatever","deep":{"er":1}}')
    expect(peer.closed()).toBeNull()
    peer.raw('{"t":"whatever"}')
    expect(peer.closed()).toEqual(violation(4009))
  })

  it('that only a server may send closes with 4014', () => {
    const { bench } = start()
    const peer = bench.fresh()
    peer.send({ t: 'exit', id: 1, at: 0 })
    expect(peer.closed()).toEqual(violation(4014))
  })
})

describe('the rates', () => {
  it('are 100 control messages at once and 50 a second, pings aside', () => {
    const { bench } = start()
    const peer = bench.fresh({ open: false })
    const resize = (): void => peer.send({ t: 'resize', id: 1, cols: 80, rows: 24 })
    peer.send({ t: 'open', id: 1, target: { allocation: 'a' } })
    for (let i = 0; i < 99; i++) resize()
    for (let i = 0; i < 500; i++) peer.send({ t: 'ping', ts: i })
    expect(peer.closed()).toBeNull()
    bench.clock.advance(1000)
    for (let i = 0; i < 50; i++) resize()
    expect(peer.closed()).toBeNull()
    resize()
    expect(peer.closed()).toEqual({ code: 4010, reason: 'server_overload' })
    expect(peer.last('close')).toMatchObject({ id: 0, reason: 'server_overload', retryMs: 1000 })
    expect(bench.codes()).toContain('rate_limited')
    expect(bench.server.stats().sessions).toBe(1)
  })

  it('count flow by itself: as often as data came, and 20 a second beyond that', () => {
    const { bench } = start()
    const peer = bench.fresh()
    let sent = 0
    while (peer.closed() === null && sent < 1000) {
      peer.grant(0)
      sent++
    }
    expect(sent).toBe(257)
    expect(peer.closed()?.code).toBe(4010)
  })

  it('let a client that draws a flood grant for every 8 KiB of it', () => {
    const backend = scriptedBackend()
    const bench = serverBench(backend)
    const peer = bench.fresh()
    peer.grant(8192)
    for (let i = 1; i < 2000; i++) {
      backend.programs[0]!.print(new Uint8Array(8192))
      bench.clock.advance(1)
      peer.grant(8192, peer.received())
    }
    expect(peer.closed()).toBeNull()
    expect(peer.received()).toBe(1999 * 8192)
  })

  it('count frames of data without data', () => {
    const { bench } = start()
    const peer = bench.fresh()
    for (let i = 0; i < 100; i++) peer.type('')
    expect(peer.closed()?.code).toBe(4010)
  })
})

describe('the heartbeat', () => {
  it('pings after 20, 40 and 60 s of silence and ends the socket at 65 s; the session stays', () => {
    const { bench } = start()
    const peer = bench.fresh()
    const pings = (): number => peer.all('ping').length
    for (const [at, count] of [
      [19_999, 0],
      [20_000, 1],
      [39_999, 1],
      [40_000, 2],
      [60_000, 3],
      [64_999, 3],
    ] as const) {
      bench.clock.advance(at - (bench.clock.now() - 1000))
      expect(pings()).toBe(count)
    }
    expect(peer.closed()).toBeNull()
    bench.clock.advance(1)
    expect(peer.closed()).toEqual({ code: 4012, reason: 'timeout' })
    expect(bench.server.stats()).toMatchObject({ sessions: 1, attached: 0 })
  })

  it('takes any frame for life, but not for two minutes without a pong', () => {
    const { bench } = start()
    const peer = bench.fresh()
    for (let s = 0; s < 119; s++) {
      bench.clock.advance(1000)
      peer.type('x')
    }
    expect(peer.closed()).toBeNull()
    expect(peer.all('ping').length).toBeGreaterThan(0)
    bench.clock.advance(1000)
    expect(peer.closed()).toEqual({ code: 4012, reason: 'timeout' })
  })

  it('leaves a peer that answers alone, and costs nothing between two beats', () => {
    const { bench } = start()
    const peer = bench.fresh()
    for (let i = 0; i < 40; i++) {
      bench.clock.advance(20_000)
      for (const ping of peer.all('ping').slice(i)) peer.send({ t: 'pong', ts: ping.ts })
    }
    expect(peer.closed()).toBeNull()
    // The heartbeat and the idle person.
    expect(bench.clock.pending()).toBe(2)
  })
})
