/** Where a session goes on after a loss, and what it takes to be let back in. */
import { describe, expect, it } from 'vitest'
import type { HelloResume } from '../protocol/messages.ts'
import { DEFAULT_LIMITS, type TerminalServerOptions, type Verdict } from './options.ts'
import { scriptedBackend, serverBench, type Peer } from '../testing/serverPeer.ts'

const MiB = 1024 * 1024
/** Milliseconds after which everything that could be sent is. */
const REST = 2 * DEFAULT_LIMITS.gatherMs
const block = (length: number) => new Uint8Array(length).fill(0x61)

interface Page {
  readonly token: string
  readonly proof: string
}

/** What a page remembers of its connection. */
function remembered(peer: Peer, before?: Page): Page {
  const { session, resume, proof } = peer.last('hello_ok')
  return { token: session?.token ?? resume?.token ?? before!.token, proof: proof! }
}

function open(options: Partial<TerminalServerOptions> = {}, backendOptions = {}) {
  const backend = scriptedBackend(backendOptions)
  const bench = serverBench(backend, options)
  const peer = bench.fresh()
  const page = remembered(peer)
  let attempt = 0
  return {
    backend,
    bench,
    peer,
    page,
    program: backend.programs[0]!,
    warm: (by: Page = page, received = 0, sent = 0, extra: Partial<HelloResume> = {}) =>
      bench.resume({ ...by, attempt: ++attempt, channels: [{ id: 1, received, sent }], ...extra }),
    cold: ({ token }: { token: string } = page) => bench.resume({ token, channels: [] }),
    takeOver(principal = 'ann') {
      const auth = { scheme: 'bearer', token: bench.token('a', { takeOver: true, principal }) } as const
      const late = bench.connect()
      const resume = { takeOver: 1, channels: [] } as const
      late.send({ t: 'hello', proto: 1, auth, caps: { profile: 'nimbus.v1', resume: 1 }, resume })
      return late
    },
  }
}

const refusal = (reason: string) => ({ code: 4011, reason })

describe('where a resume goes on', () => {
  it('‡ lowers the acknowledged offset to where the new screen begins, so that nothing above it is evicted', () => {
    const { bench, peer, program, cold, warm } = open()
    program.print(block(40_000))
    peer.grant(MiB)
    bench.clock.advance(0)
    peer.grant(0, 40_000)
    peer.cut()
    const second = cold()
    const page = remembered(second)
    expect(second.last('hello_ok').resume!.channels[0]).toMatchObject({ from: 0, produced: 40_000 })
    second.grant(MiB)
    bench.clock.advance(0)
    // This screen has drawn nothing yet, while the program goes on far beyond the tail that is kept of what was drawn.
    for (let i = 0; i < 20; i++) {
      program.print(block(60_000))
      bench.clock.advance(0)
    }
    second.cut()
    const third = warm(page, 100)
    expect(third.last('hello_ok').resume!.channels[0]!.from).toBe(100)
  })

  it('makes the program draw again where a new screen was rebuilt from output for several sizes, once', () => {
    const { bench, peer, program, cold } = open()
    program.print('wide')
    peer.send({ t: 'resize', id: 1, cols: 40, rows: 30 })
    program.print('narrow')
    peer.cut()
    program.told.length = 0
    const again = cold()
    again.send({ t: 'resize', id: 1, cols: 40, rows: 30 })
    again.send({ t: 'resize', id: 1, cols: 40, rows: 30 })
    bench.clock.advance(99)
    expect(program.told).toEqual(['40x29'])
    bench.clock.advance(1)
    again.send({ t: 'resize', id: 1, cols: 40, rows: 30 })
    bench.clock.advance(1000)
    expect(program.told).toEqual(['40x29', '40x30', '40x30'])
  })

  it('does not give a program its old size back that has got a new one meanwhile', () => {
    const { bench, peer, program, cold } = open()
    program.print('wide')
    peer.send({ t: 'resize', id: 1, cols: 40, rows: 1 })
    peer.cut()
    program.told.length = 0
    const again = cold()
    again.send({ t: 'resize', id: 1, cols: 40, rows: 1 })
    again.send({ t: 'resize', id: 1, cols: 50, rows: 10 })
    bench.clock.advance(1000)
    expect(program.told).toEqual(['40x2', '50x10'])
  })

  it('gives it its size back also while nobody is there, and not once it has ended', () => {
    const { bench, peer, program, cold } = open()
    program.print('wide')
    peer.send({ t: 'resize', id: 1, cols: 40, rows: 30 })
    peer.cut()
    program.told.length = 0
    const page = cold()
    page.send({ t: 'resize', id: 1, cols: 40, rows: 30 })
    const { token } = remembered(page)
    page.cut()
    bench.clock.advance(1000)
    expect(program.told).toEqual(['40x29', '40x30'])
    cold({ token }).send({ t: 'resize', id: 1, cols: 40, rows: 30 })
    program.exit({ code: 0 })
    bench.clock.advance(1000)
    expect(program.told).toEqual(['40x29', '40x30', '40x29'])
  })

  it('lets the program be where the screen is exact: of one size from its first byte, or warm', () => {
    const { bench, peer, program, cold, warm } = open()
    program.print('all of it')
    peer.cut()
    program.told.length = 0
    const again = cold()
    again.send({ t: 'resize', id: 1, cols: 100, rows: 30 })
    expect(program.told).toEqual(['100x30'])
    again.send({ t: 'resize', id: 1, cols: 50, rows: 30 })
    program.print('more')
    bench.clock.advance(0)
    const page = remembered(again)
    again.cut()
    program.told.length = 0
    warm(page).send({ t: 'resize', id: 1, cols: 50, rows: 30 })
    expect(program.told).toEqual(['50x30'])
  })

  it('keeps a tail of 512 KiB of what was acknowledged, and a cold screen begins there', () => {
    const { bench, peer, program, cold } = open()
    for (let sent = 0; sent < MiB; sent += 32_768) {
      program.print(block(32_768))
      peer.grant(32_768, peer.received())
      bench.clock.advance(0)
    }
    peer.grant(0, MiB)
    peer.cut()
    expect(cold().last('hello_ok').resume!.channels[0]!.from).toBe(512 * 1024)
  })

  describe('with output that was let go', () => {
    /** Prints `before`, then a MiB of which the second half is kept, and loses the line. */
    function trimmed(before: string) {
      const world = open()
      const { bench, peer, program } = world
      peer.grant(4 * MiB)
      program.print(before)
      for (let sent = 0; sent < MiB; sent += 32_768) {
        program.print(block(32_768))
        bench.clock.advance(REST)
        peer.grant(0, peer.received())
      }
      peer.cut()
      const resumed = (by: Peer) => by.last('hello_ok').resume!.channels[0]!
      return { ...world, resumed }
    }

    it('a cold screen gets the modes that hold where it begins', () => {
      const { cold, resumed } = trimmed('\u001b[?1049h\u001b[?1h\u001b[?1002;2026h')
      expect(resumed(cold()).modes).toBe('\u001b[?1049h\u001b[?1h\u001b[?1002h')
    })

    it('so does one that takes over', () => {
      const { takeOver, resumed } = trimmed('\u001b[?2004h')
      expect(resumed(takeOver()).modes).toBe('\u001b[?2004h')
    })

    it('but not one that is there already, nor one that begins as any other', () => {
      const one = trimmed('\u001b[?1049h')
      expect(one.resumed(one.warm(one.page, MiB))).not.toHaveProperty('modes')
      const other = trimmed('\u001b[?1049h\u001b[?1049l')
      expect(other.resumed(other.cold())).not.toHaveProperty('modes')
    })

    it('and what is kept is for itself to say', () => {
      const { program, cold, bench, resumed } = trimmed('')
      program.print('\u001b[?1049h')
      bench.clock.advance(REST)
      expect(resumed(cold())).not.toHaveProperty('modes')
    })

    it('whose program draws again, also where nothing is kept', () => {
      const { bench, peer, program, cold } = open({ limits: { tailBytes: 0 } })
      peer.grant(MiB)
      program.print('\u001b[?1049h')
      bench.clock.advance(REST)
      peer.grant(0, 8)
      peer.cut()
      program.told.length = 0
      const again = cold()
      expect(again.last('hello_ok').resume!.channels[0]).toMatchObject({ from: 8, produced: 8, modes: '\u001b[?1049h' })
      again.send({ t: 'resize', id: 1, cols: 100, rows: 30 })
      bench.clock.advance(100)
      expect(program.told).toEqual(['100x29', '100x30'])
    })
  })

  it('declares a gap by a `from` above what the client wanted', () => {
    const { bench, peer, program, warm } = open()
    peer.grant(2 * MiB)
    for (let sent = 0; sent < MiB; sent += 32_768) {
      program.print(block(32_768))
      bench.clock.advance(0)
    }
    bench.clock.advance(REST)
    peer.grant(0, MiB)
    peer.cut()
    expect(warm(undefined, 10).last('hello_ok').resume!.channels[0]!.from).toBe(512 * 1024)
  })

  it('refuses a `received` above what was printed, and nothing changes', () => {
    const { peer, page, warm } = open()
    peer.cut()
    expect(warm(page, 1).closed()).toEqual(refusal('unknown'))
    expect(warm(page, 0).last('hello_ok').resume!.warm).toBe(true)
  })

  it('refuses a warm page that typed less than what has arrived', () => {
    const { peer, page, warm } = open()
    peer.type('abc')
    peer.cut()
    expect(warm(page, 0, 2).closed()).toEqual(refusal('unknown'))
    expect(warm(page, 0, 3).closed()).toBeNull()
  })

  it('‡ counts as received what its queue took, and as acknowledged what the program took', () => {
    const { peer, program, warm } = open({}, { takesInput: false })
    peer.type('abcdef')
    program.take(2)
    peer.cut()
    const again = warm(undefined, 0, 6)
    expect(again.last('hello_ok').resume!.channels[0]!.received).toBe(6)
    expect(again.last('flow')).toEqual({ t: 'flow', id: 1, credit: 65_536 - 4, ack: 2 })
    again.type('gh')
    expect(program.input()).toBe('abcdefgh')
  })

  it('‡ says whether it is warm', () => {
    const { peer, warm, cold } = open()
    peer.cut()
    const again = warm()
    expect(again.last('hello_ok').resume!.warm).toBe(true)
    again.cut()
    expect(cold().last('hello_ok').resume!.warm).toBe(false)
  })

  it('answers without channels when none was opened, and the client opens one there', () => {
    const bench = serverBench(scriptedBackend())
    const peer = bench.fresh({ open: false })
    peer.cut()
    const again = bench.resume({ token: remembered(peer).token, channels: [] })
    expect(again.last('hello_ok').resume).toMatchObject({ channels: [], nextChannel: 1 })
    again.send({ t: 'open', id: 1, target: { allocation: 'a' } })
    expect(again.last('open_ok').id).toBe(1)
  })

  it('answers with a channel that is still opening, which is its open_ok', () => {
    const backend = scriptedBackend()
    backend.holdOpen = true
    const bench = serverBench(backend)
    const peer = bench.fresh()
    expect(peer.all('open_ok')).toEqual([])
    peer.cut()
    const again = bench.resume({ token: remembered(peer).token, channels: [] })
    expect(again.last('hello_ok').resume).toMatchObject({ channels: [{ id: 1, from: 0 }], nextChannel: 2 })
    expect(again.all('flow')).toEqual([])
    backend.programs[0]!.events.opened()
    expect(again.all('open_ok')).toEqual([])
    expect(again.last('flow').credit).toBe(65_536)
  })
})

describe('who was answered', () => {
  it('is the highest `at` whose `input` has arrived', () => {
    const { bench, peer, program, cold } = open()
    peer.grant(100)
    program.print('query query ')
    bench.clock.advance(0)
    peer.send({ t: 'reply', id: 1, at: 6, input: 2 })
    peer.type('aa')
    peer.send({ t: 'reply', id: 1, at: 12, input: 4 })
    peer.type('b')
    peer.cut()
    expect(cold().last('hello_ok').resume!.channels[0]!.answered).toBe(6)
  })

  it('is everything ever sent for a client that never said `reply`', () => {
    const { bench, peer, program, cold } = open()
    peer.grant(5)
    program.print('0123456789')
    bench.clock.advance(0)
    peer.cut()
    expect(cold().last('hello_ok').resume!.channels[0]!.answered).toBe(5)
  })

  it('forgets the answers that a lost screen was about to give', () => {
    const { bench, peer, program, cold } = open()
    peer.grant(100)
    program.print('query')
    bench.clock.advance(0)
    peer.send({ t: 'reply', id: 1, at: 5, input: 3 })
    peer.cut()
    const second = cold()
    second.type('abc')
    second.cut()
    expect(cold(remembered(second)).last('hello_ok').resume!.channels[0]!.answered).toBe(0)
  })
})

describe('one socket a session (invariant 4)', () => {
  it('closes the older socket with 4016, and its frames change nothing', () => {
    const { peer, warm, program, bench } = open()
    const again = warm()
    expect(peer.closed()).toEqual({ code: 4016, reason: 'superseded' })
    peer.type('from the dead')
    peer.grant(100)
    peer.send({ t: 'close', id: 0 })
    program.print('x')
    bench.clock.advance(0)
    expect(program.input()).toBe('')
    expect(again.received()).toBe(0)
    peer.cut()
    again.type('alive')
    expect(program.input()).toBe('alive')
  })
})

describe('the challenge', () => {
  it('‡ is answered by its own pong alone', () => {
    const { bench, peer, cold } = open()
    const late = cold()
    const { ts } = peer.last('ping')
    expect(late.messages).toEqual([])
    peer.send({ t: 'pong', ts: ts + 1 })
    peer.send({ t: 'ping', ts: 3 })
    bench.clock.advance(1999)
    expect(late.closed()).toBeNull()
    peer.send({ t: 'pong', ts })
    expect(late.closed()).toEqual(refusal('active_elsewhere'))
    expect(peer.closed()).toBeNull()
  })

  it('is unguessable: no heartbeat and no other challenge has its `ts`', () => {
    const { peer, cold } = open()
    cold()
    const first = peer.last('ping').ts
    expect(first).toBeGreaterThan(2 ** 20)
    peer.send({ t: 'pong', ts: first })
    cold()
    expect(peer.last('ping').ts).not.toBe(first)
  })

  it('hands the session over after two seconds of silence, whatever else the socket says', () => {
    const { bench, peer, cold } = open()
    const late = cold()
    bench.clock.advance(1000)
    peer.type('x')
    bench.clock.advance(1000)
    expect(late.last('hello_ok').resume!.warm).toBe(false)
    expect(peer.closed()).toEqual({ code: 4016, reason: 'superseded' })
  })

  it('hands the session over as soon as the socket is gone', () => {
    const { peer, cold } = open()
    const late = cold()
    peer.cut()
    expect(late.last('hello_ok').resume!.warm).toBe(false)
  })

  it('lets a warm resume that comes meanwhile win', () => {
    const { cold, warm } = open()
    const late = cold()
    const own = warm()
    expect(own.last('hello_ok').resume!.warm).toBe(true)
    expect(late.closed()).toEqual(refusal('active_elsewhere'))
  })

  it('lets four wait; the first gets it, and the others ask the new socket', () => {
    const { bench, cold } = open()
    const waiting = [cold(), cold(), cold(), cold()]
    expect(cold().closed()).toEqual(refusal('active_elsewhere'))
    bench.clock.advance(2000)
    const [winner, ...others] = waiting
    expect(winner!.last('hello_ok').resume!.accepted).toBe(true)
    for (const other of others) expect(other.messages).toEqual([])
    winner!.send({ t: 'pong', ts: winner!.last('ping').ts })
    for (const other of others) expect(other.closed()?.code).toBe(4011)
  })

  it('looks again whether the token is valid when the wait is over', () => {
    const { bench, cold, page } = open()
    const late = cold()
    // Meanwhile the waiting page resumes on another socket and confirms, which uses its token up.
    const twin = cold()
    bench.clock.advance(2000)
    late.send({ t: 'ping', ts: 1 })
    expect(late.last('hello_ok').resume!.token).not.toBe(page.token)
    bench.clock.advance(2000)
    expect(twin.closed()).toEqual(refusal('reused'))
  })

  it('is over when those who waited are gone', () => {
    const { bench, peer, cold } = open()
    cold().cut()
    bench.clock.advance(5000)
    expect(peer.closed()).toBeNull()
    const later = cold()
    expect(peer.all('ping')).toHaveLength(2)
    expect(later.closed()).toBeNull()
  })
})

describe('rotation (invariant 5)', () => {
  it('leaves the presented and the issued token valid until the first frame arrives', () => {
    const { peer, page, cold } = open()
    peer.cut()
    const first = cold()
    const next = remembered(first)
    first.cut()
    // hello_ok may not have arrived: the page may come with either.
    const second = cold(page)
    expect(second.last('hello_ok').resume!.accepted).toBe(true)
    second.cut()
    expect(cold(next).closed()).toEqual(refusal('reused'))
  })

  it('‡ leaves only the issued token once the first frame has arrived', () => {
    const { bench, peer, page, cold } = open()
    peer.cut()
    const first = cold()
    first.send({ t: 'ping', ts: 1 })
    const replay = cold(page)
    expect(replay.closed()).toEqual(refusal('reused'))
    expect(first.closed()).toBeNull()
    expect(bench.events.filter(({ bus, code }) => bus === 'policy' && code === 'resume_refused')).toHaveLength(1)
    first.cut()
    expect(cold(remembered(first)).last('hello_ok').resume!.accepted).toBe(true)
  })

  it('remembers the last 64 used-up tokens, and none of them disturbs the session', () => {
    const { peer, page, cold } = open()
    peer.cut()
    const used: Page[] = []
    let now = page
    for (let i = 0; i < 70; i++) {
      const again = cold(now)
      used.push(now)
      now = remembered(again)
      again.send({ t: 'ping', ts: i })
      again.cut()
    }
    expect(cold(used.at(-1)).closed()).toEqual(refusal('reused'))
    expect(cold(used[10]).closed()).toEqual(refusal('reused'))
    expect(cold(used[0]).closed()).toEqual(refusal('unknown'))
    expect(cold(now).closed()).toBeNull()
  })

  it('keeps the token over a warm resume, and exchanges the proof', () => {
    const { peer, page, warm } = open()
    peer.cut()
    const again = warm()
    expect(again.last('hello_ok').resume!.token).toBeUndefined()
    const next = remembered(again, page)
    expect(next.proof).not.toBe(page.proof)
    again.send({ t: 'ping', ts: 1 })
    again.cut()
    expect(warm(page).closed()).toEqual(refusal('reused'))
    expect(warm(next).last('hello_ok').resume!.warm).toBe(true)
  })

  it('‡ takes the proof of a lost hello_ok as well as the one before it', () => {
    const { peer, page, warm } = open()
    peer.cut()
    const lost = warm()
    lost.cut()
    // The page never got the new proof and shows the old one.
    expect(warm(page).last('hello_ok').resume!.warm).toBe(true)
  })

  it('‡ refuses a proof that matches none and never takes it for cold', () => {
    const { peer, page, warm } = open()
    peer.cut()
    expect(warm({ token: page.token, proof: 'made up' }).closed()).toEqual(refusal('reused'))
  })

  it('lets the page that a cold resume replaced come back warm while that is not confirmed', () => {
    const { bench, peer, page, cold, warm } = open()
    const thief = cold()
    bench.clock.advance(2000)
    expect(thief.last('hello_ok').resume!.warm).toBe(false)
    expect(peer.closed()?.code).toBe(4016)
    expect(warm(page).last('hello_ok').resume!.warm).toBe(true)
    expect(thief.closed()?.code).toBe(4016)
  })

  it('refuses a late hello of the same page', () => {
    const { peer, page, warm } = open()
    peer.cut()
    const second = warm(page, 0, 0, { attempt: 2 })
    const first = warm(page, 0, 0, { attempt: 1 })
    expect(first.closed()).toEqual(refusal('reused'))
    expect(second.closed()).toBeNull()
  })

  it('gives one presenter of two the session, and the other is told (invariant 5)', () => {
    const { peer, cold } = open()
    peer.cut()
    const one = cold()
    const two = cold()
    one.send({ t: 'pong', ts: one.last('ping').ts })
    expect(one.closed()).toBeNull()
    expect(two.closed()?.code).toBe(4011)
  })

  it('binds the session token to allocation and origin', () => {
    const { bench, peer, page } = open()
    peer.cut()
    const request = { token: page.token, channels: [] }
    expect(bench.resume(request, { allocation: 'b' }).closed()).toEqual(refusal('unknown'))
    expect(bench.resume(request, { origin: 'https://example.org' }).closed()).toEqual(refusal('unknown'))
    expect(bench.resume(request).closed()).toBeNull()
  })
})

describe('a take-over', () => {
  it('takes an attached session at once, with a new screen, and leaves only its own secrets valid', () => {
    const { peer, page, takeOver, warm, cold, program, bench } = open()
    peer.grant(100)
    program.print('screen')
    const taker = takeOver()
    expect(peer.closed()).toEqual({ code: 4016, reason: 'superseded' })
    expect(taker.last('hello_ok').resume).toMatchObject({
      warm: false,
      token: expect.any(String),
      channels: [{ id: 1, from: 0 }],
    })
    taker.grant(100)
    bench.clock.advance(0)
    expect(taker.text()).toBe('screen')
    expect(warm(page).closed()).toEqual(refusal('reused'))
    expect(cold(page).closed()).toEqual(refusal('reused'))
  })

  it('‡ takes a detached one, so that nobody is locked out by a session that nobody can reach (invariant 8)', () => {
    const { peer, takeOver, bench } = open()
    peer.cut()
    const answer = bench.server.mintToken({ principal: { id: 'ann' }, allocation: 'a', origin: null, takeOver: false })
    expect(answer).toEqual({ ok: false, code: 'allocation_busy', state: 'detached', canTakeOver: true })
    expect(takeOver().last('hello_ok').resume!.accepted).toBe(true)
  })

  it('becomes a fresh session where there is nothing left to take', () => {
    const { peer, takeOver } = open()
    const token = takeOver
    peer.send({ t: 'close', id: 0 })
    const fresh = token()
    expect(fresh.last('hello_ok').session).toBeDefined()
    expect(fresh.last('hello_ok').resume).toBeUndefined()
  })

  it('needs a token that says so, of the same person', async () => {
    const { bench, peer } = open()
    const auth = { scheme: 'bearer', token: 'none' } as const
    const forged = bench.connect()
    forged.send({ t: 'hello', proto: 1, auth, caps: { profile: 'nimbus.v1', resume: 1 }, resume: { takeOver: 1, channels: [] } })
    expect(forged.closed()).toEqual({ code: 4003, reason: 'auth_failed' })
    const answer = await bench.server.mintToken({ principal: { id: 'bob' }, allocation: 'a', origin: null, takeOver: true })
    expect(answer).toEqual({ ok: false, code: 'allocation_busy', state: 'attached', canTakeOver: false })
    expect(peer.closed()).toBeNull()
  })
})

describe('one session an allocation', () => {
  it('refuses a second fresh hello while the program lives, and two at once get one session', () => {
    const bench = serverBench(scriptedBackend())
    const tokens = [bench.token(), bench.token()]
    const [one, two] = tokens.map((token) => {
      const peer = bench.connect()
      peer.send({ t: 'hello', proto: 1, auth: { scheme: 'bearer', token }, caps: { profile: 'nimbus.v1', resume: 1 } })
      return peer
    })
    expect(one!.last('hello_ok').session).toBeDefined()
    expect(two!.closed()).toEqual({ code: 4004, reason: 'allocation_busy' })
  })

  it('‡ names the session at the hello: a page that is cut before its open comes back to it', () => {
    const bench = serverBench(scriptedBackend())
    const peer = bench.fresh({ open: false })
    peer.cut()
    const page = remembered(peer)
    expect(bench.resume({ token: page.token, channels: [] }).last('hello_ok').resume!.session).toBe(
      peer.last('hello_ok').session!.id,
    )
  })

  it('is not held by a session without a program that nobody is attached to', () => {
    const bench = serverBench(scriptedBackend())
    bench.fresh({ open: false }).cut()
    expect(bench.fresh().last('open_ok').id).toBe(1)
  })

  it('tells a session that lost the allocation so when it opens', () => {
    const bench = serverBench(scriptedBackend())
    const early = bench.fresh({ open: false })
    early.cut()
    bench.fresh()
    const late = bench.resume({ token: remembered(early).token, channels: [] })
    late.send({ t: 'open', id: 1, target: { allocation: 'a' } })
    expect(late.last('open_err')).toEqual({ t: 'open_err', id: 1, code: 4004, msg: 'allocation_busy' })
  })
})

describe('the time to live', () => {
  it('‡ is 180 s from the moment the socket is noticed to be gone, and not less than 90 s', () => {
    const { bench, peer, cold, program } = open()
    bench.clock.advance(10)
    peer.cut()
    bench.clock.advance(179_999)
    expect(bench.server.stats().sessions).toBe(1)
    bench.clock.advance(1)
    expect(bench.server.stats()).toMatchObject({ sessions: 0, programs: 0 })
    expect(program.told).toContain('end')
    expect(cold().closed()).toEqual(refusal('expired'))
    expect(() => open({ limits: { ttlMs: 60_000 } })).toThrow(/ttlMs/)
  })

  it('counts the bytes that nobody saw', () => {
    const { bench, peer, program } = open()
    peer.grant(100)
    program.print('0123456789')
    peer.grant(0, 4)
    peer.cut()
    bench.clock.advance(180_000)
    expect(bench.events.find(({ code }) => code === 'session_ended')?.fields).toMatchObject({
      reason: 'detach_expired',
      unseen: 6,
    })
  })

  it('stands still during an authorisation', () => {
    let answer: (verdict: Verdict) => void = () => {}
    const { bench, peer, cold } = open({
      authorize: ({ purpose }) =>
        purpose !== 'resume'
          ? 'allow'
          : // A promise by shape alone, so that everything stays in virtual time.
            ({
              then: (resolve: (verdict: Verdict) => void) => ((answer = resolve), { catch: () => {} }),
            } as unknown as Promise<Verdict>),
    })
    peer.cut()
    bench.clock.advance(179_000)
    const late = cold()
    bench.clock.advance(9000)
    expect(bench.server.stats().sessions).toBe(1)
    answer('allow')
    expect(late.last('hello_ok').resume!.accepted).toBe(true)
  })

  it('goes on where it stood when the authorisation brought nobody', () => {
    let answer: (verdict: Verdict) => void = () => {}
    const { bench, peer, cold } = open({
      authorize: ({ purpose }) =>
        purpose !== 'resume'
          ? 'allow'
          : ({
              then: (resolve: (verdict: Verdict) => void) => ((answer = resolve), { catch: () => {} }),
            } as unknown as Promise<Verdict>),
    })
    peer.cut()
    bench.clock.advance(179_000)
    const late = cold()
    bench.clock.advance(5000)
    late.cut()
    answer('allow')
    bench.clock.advance(999)
    expect(bench.server.stats().sessions).toBe(1)
    bench.clock.advance(1)
    expect(bench.server.stats().sessions).toBe(0)
  })
})

describe('the right to a session', () => {
  it('is asked again at every resume, and who lost it loses the session', () => {
    let verdict: Verdict = 'allow'
    const { peer, cold, bench, program } = open({ authorize: () => verdict })
    peer.cut()
    verdict = 'policy_denied'
    expect(cold().closed()).toEqual({ code: 4004, reason: 'policy_denied' })
    expect(program.told).toContain('end')
    expect(bench.server.stats().sessions).toBe(0)
  })

  it('is looked at again after an asynchronous authorisation', () => {
    let answer: (verdict: Verdict) => void = () => {}
    const { bench, peer, cold } = open({
      authorize: ({ purpose }) =>
        purpose !== 'resume'
          ? 'allow'
          : ({
              then: (resolve: (verdict: Verdict) => void) => ((answer = resolve), { catch: () => {} }),
            } as unknown as Promise<Verdict>),
    })
    peer.cut()
    const late = cold()
    bench.server.revoke({ principal: 'ann' })
    answer('allow')
    expect(late.closed()).toEqual(refusal('expired'))
  })

  it('is not asked for a token that is worth nothing', () => {
    const asked: string[] = []
    const { peer, bench } = open({
      authorize: ({ purpose }) => {
        asked.push(purpose)
        return 'allow'
      },
    })
    peer.cut()
    const id = peer.last('hello_ok').session!.id
    expect(bench.resume({ token: `${id}.guess`, channels: [] }).closed()).toEqual(refusal('unknown'))
    expect(bench.resume({ token: 'nothing', channels: [] }).closed()).toEqual(refusal('unknown'))
    expect(bench.resume({ channels: [] }).closed()).toEqual(refusal('unknown'))
    expect(asked).toEqual(['mint', 'attach'])
  })

  it('ends with a revocation at once', () => {
    const { bench, peer, program } = open()
    bench.server.revoke({ allocation: 'other' })
    expect(peer.closed()).toBeNull()
    bench.server.revoke({ principal: 'ann', allocation: 'a' })
    expect(peer.closed()).toEqual({ code: 4004, reason: 'policy_denied' })
    expect(program.told).toContain('end')
  })
})

describe('who ends a session', () => {
  it('is the client with close 0 or 1000, not a cut or a page that goes away', () => {
    for (const code of [1001, 1005, 1006, 4014]) {
      const { bench, peer } = open()
      peer.close(code)
      expect(bench.server.stats()).toMatchObject({ sessions: 1, attached: 0 })
    }
    const byCode = open()
    byCode.peer.close(1000)
    expect(byCode.bench.server.stats().sessions).toBe(0)
    const byMessage = open()
    byMessage.peer.send({ t: 'close', id: 0 })
    expect(byMessage.peer.closed()).toEqual({ code: 1000, reason: 'user_closed' })
    expect(byMessage.program.told).toContain('end')
  })

  it('is the person who closes the last terminal', () => {
    const { peer, program, bench } = open()
    peer.send({ t: 'open', id: 2, target: { allocation: 'a' } })
    peer.send({ t: 'close', id: 1 })
    expect(program.told).toContain('end')
    expect(peer.closed()).toBeNull()
    peer.send({ t: 'close', id: 2 })
    expect(peer.closed()).toEqual({ code: 1000, reason: 'user_closed' })
    expect(bench.server.stats()).toMatchObject({ sessions: 0, programs: 0 })
  })

  it('is half an hour in which nobody did anything, however lively the socket', () => {
    const { bench, peer, program } = open()
    const minutes = (count: number): void => {
      for (let half = 0; half < 2 * count; half++) {
        bench.clock.advance(30_000)
        peer.send({ t: 'pong', ts: 0 })
      }
    }
    minutes(20)
    peer.type('still here')
    minutes(29)
    expect(peer.closed()).toBeNull()
    minutes(1)
    expect(peer.last('close')).toEqual({ t: 'close', id: 0, reason: 'idle_timeout', afterMs: 30 * 60_000 })
    expect(peer.closed()).toEqual({ code: 4018, reason: 'idle_timeout' })
    expect(program.told).toContain('end')
  })
})
