/** Real sockets that break at chosen bytes, stall, crawl, crumble and go dumb: what is read is what was printed, what arrives is what was typed. */
import { afterEach, describe, expect, test } from 'vitest'
import type { ClientPorts } from '../../src/client/ports.ts'
import { echoBackend } from '../../src/server/backends/echo.ts'
import { nodeClock } from '../../src/server/runtimes/node.ts'
import type { Direction, TcpCut } from '../../src/testing/node/faultLink.ts'
import { seededRandom } from '../../src/testing/seededRandom.ts'
import { LENGTH } from '../length.ts'
import { startSite, type Site, type SiteOptions } from './site.ts'
import type { Visitor } from './visitor.ts'

const PROFILES = ['nimbus.v1', 'json-base64.v1', 'lenpfx.v1'] as const
const DIRECTIONS: readonly Direction[] = ['up', 'down']
const { real } = LENGTH

const sites: Site[] = []

afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()))
})

async function start(options: Partial<SiteOptions> = {}): Promise<Site> {
  const site = await startSite({ backend: echoBackend(), ...options })
  sites.push(site)
  return site
}

/** What was typed is what the program read, what it printed is what was drawn, and nothing is missing or left over. */
async function sealed(at: Site, visitor: Visitor): Promise<void> {
  const seen = at.seen.filter(({ allocation }) => allocation === allocationOf(visitor))
  expect(seen).toHaveLength(1)
  const [program] = seen
  await visitor.until(
    () => program?.input.bytes === visitor.typed.bytes && program.output.bytes === visitor.output.bytes,
    `all arrives (printed ${program?.output.bytes}, taken ${program?.input.bytes})`,
  )
  expect(visitor.output.sum()).toEqual(program?.output.sum())
  expect(visitor.typed.sum()).toEqual(program?.input.sum())
  expect({ unsent: visitor.unsentBytes, missing: visitor.missing }).toEqual({ unsent: 0, missing: 0 })
}

const allocations = new WeakMap<Visitor, string>()
let lastAllocation = 0

function visit(at: Site, options: Parameters<Site['visit']>[0] = {}): Visitor {
  const allocationId = `box${++lastAllocation}`
  const visitor = at.visit({ allocationId, ...options })
  allocations.set(visitor, allocationId)
  return visitor
}

/** Ends the session too: a server takes only so many. */
function finish(visitor: Visitor): void {
  visitor.connection.disconnect()
  visitor.leave()
}

function allocationOf(visitor: Visitor): string | undefined {
  return allocations.get(visitor)
}

/** A short life: a key, some output, a new size, more keys, a line of output that all of it ends with. */
async function live(visitor: Visitor): Promise<void> {
  await visitor.ready()
  visitor.type('hello\r')
  await visitor.reads('hello\r')
  visitor.type('/flood 1500\r')
  visitor.channel.resize({ cols: 100, rows: 30 })
  visitor.type(`bye \u{1f600}\r`)
  await visitor.until(() => visitor.output.bytes > 1500, 'the flood')
  visitor.type('/size\r')
  await visitor.reads('100 x 30\r\n')
}

describe('a cut at chosen bytes of a small life (invariant 1)', () => {
  for (const profile of PROFILES) {
    for (const direction of DIRECTIONS) {
      test(`${profile}, ${direction}`, async () => {
        const at = await start()
        const clean = visit(at, { profile })
        await live(clean)
        await sealed(at, clean)
        finish(clean)
        const length = at.link.passed(direction)
        expect(length).toBeGreaterThan(500)
        let broke = 0
        let lives = 0
        for (let after = 1; after < length; after += real.traceStep) {
          const cutsBefore = at.link.cuts()
          const how = lives % 2 === 0 ? 'rst' : 'fin'
          // Sometimes only one end hears of it: the server keeps a socket that nobody has.
          const noticedBy = lives % 3 === 2 ? 'client' : 'both'
          at.link.cutNext({ direction, after, how, noticedBy })
          const visitor = visit(at, { profile })
          await live(visitor)
          await sealed(at, visitor)
          expect(visitor.reconnects).toBeLessThanOrEqual(1)
          finish(visitor)
          lives++
          if (at.link.cuts() > cutsBefore) broke++
          else at.link.restore()
        }
        // A life with a cut is not always as long as one without; the last positions may lie behind its end.
        expect(broke).toBeGreaterThanOrEqual(Math.floor(lives * 0.9))
      })
    }
  }

  test('keys that were typed before the first screen are written or reported, whatever byte of the greeting it breaks at (invariant 6)', async () => {
    const at = await start()
    let [written, reported] = [0, 0]
    const cuts: TcpCut[] = []
    for (let after = 1; after < 900; after += Math.min(31, real.traceStep)) cuts.push({ direction: DIRECTIONS[after % 2], after })
    // Here the server thinks that the page is still there, until the page that comes back makes it ask.
    for (let after = 200; after < 400; after += 100) cuts.push({ direction: 'down', after, noticedBy: 'client' })
    for (const cut of cuts) {
      at.link.cutNext(cut)
      const visitor = visit(at)
      visitor.type('early')
      await visitor.ready()
      visitor.type(' and late\r')
      await visitor.reads(' and late\r')
      const input = at.seen.find(({ allocation }) => allocation === allocationOf(visitor))?.input.bytes ?? 0
      expect(input + visitor.unsentBytes).toBe(visitor.typed.bytes)
      expect(visitor.text).toBe(visitor.unsentBytes === 0 ? 'early and late\r' : ' and late\r')
      if (visitor.unsentBytes === 0) written++
      else reported++
      finish(visitor)
      at.link.restore()
    }
    expect(written).toBeGreaterThan(0)
    expect(reported).toBeGreaterThan(0)
  })

  test('and two more cuts inside the resume that follows', async () => {
    const at = await start()
    const random = seededRandom('cuts in resumes')
    const clean = visit(at)
    await live(clean)
    finish(clean)
    const length = { up: at.link.passed('up'), down: at.link.passed('down') }
    for (let i = 0; i < real.exits * 4; i++) {
      const cut = (share: number): TcpCut => {
        const direction = random.pick(DIRECTIONS)
        return {
          direction,
          after: random.int(0, Math.floor(length[direction] * share)),
          how: random.pick(['rst', 'fin'] as const),
        }
      }
      at.link.cutNext(cut(0.9))
      at.link.cutNext(cut(0.3))
      at.link.cutNext(cut(0.3))
      const visitor = visit(at, { profile: random.pick(PROFILES) })
      await live(visitor)
      await sealed(at, visitor)
      finish(visitor)
      at.link.restore()
    }
    expect(at.link.cuts()).toBeGreaterThan(real.exits * 4 * 2)
  })
})

describe('a network that carries everything, badly (invariants 1 and 2)', () => {
  for (const profile of PROFILES) {
    test(`${profile}: one byte a segment`, async () => {
      const at = await start()
      at.link.segment(1)
      const visitor = visit(at, { profile })
      await live(visitor)
      await sealed(at, visitor)
    })

    test(`${profile}: both ways stall in the middle of frames and go on`, async () => {
      const at = await start()
      const random = seededRandom(`stall ${profile}`)
      const visitor = visit(at, { profile })
      await visitor.ready()
      visitor.type('/flood 600000\r')
      for (let i = 0; i < 12; i++) {
        const passed = at.link.passed('down')
        const some = random.int(1_000, 30_000)
        await visitor.until(() => at.link.passed('down') > passed + some || visitor.output.bytes > 600_000, 'some bytes')
        at.link.hold(random.pick(['up', 'down', 'both'] as const))
        visitor.type(`stalled ${i}\r`)
        await visitor.until(() => visitor.connection.stats().typed >= visitor.typed.bytes, 'the key is on its way')
        at.link.release()
      }
      await visitor.until(() => visitor.output.bytes > 600_000, 'all output')
      await sealed(at, visitor)
      expect(visitor.reconnects).toBe(0)
    })
  }

  test('a slow line, with keys going up under a flood coming down', async () => {
    const at = await start()
    at.link.throttle(400_000, 'down')
    at.link.throttle(50_000, 'up')
    const visitor = visit(at)
    await visitor.ready()
    visitor.type('/flood 300000\r')
    for (let i = 0; i < 20; i++) {
      const before = visitor.output.bytes
      visitor.type(`key ${i}`)
      await visitor.until(() => visitor.output.bytes > before + 5_000 || visitor.output.bytes > 300_000, 'output goes on')
    }
    await visitor.until(() => visitor.output.bytes > 300_000, 'all output')
    await sealed(at, visitor)
    expect(visitor.reconnects).toBe(0)
  })

  test('a slow line that breaks every few thousand bytes', async () => {
    const at = await start()
    const random = seededRandom('slow and broken')
    at.link.throttle(1_000_000)
    for (let i = 0; i < 20; i++) {
      at.link.cutNext({
        direction: 'down',
        after: random.int(3_000, 30_000),
        how: random.pick(['rst', 'fin'] as const),
        noticedBy: random.pick(['both', 'client'] as const),
      })
    }
    const visitor = visit(at)
    await visitor.ready()
    visitor.type('/flood 500000\r')
    await visitor.until(() => visitor.output.bytes > 500_000, 'all output')
    await sealed(at, visitor)
    expect(visitor.reconnects).toBe(20)
  })
})

describe('a line that takes bytes and never answers (the rows "half-open link")', () => {
  /** Both ends live ten times as fast as the wall, so that a minute of silence is six seconds of a test. */
  const SPEED = 10
  const hurriedServer = {
    ...nodeClock,
    now: () => nodeClock.now() * SPEED,
    after: (ms: number, callback: () => void) => nodeClock.after(ms / SPEED, callback),
  }
  const hurriedClient: ClientPorts['clock'] = {
    now: () => performance.now() * SPEED,
    wall: () => Date.now(),
    after(ms, callback) {
      const timer = setTimeout(callback, ms / SPEED)
      return () => clearTimeout(timer)
    },
  }

  // A timer of a busy machine may come late: half a second of the wall is five seconds here.
  const LATE_MS = 5_000

  async function noticed(direction: 'up' | 'down' | 'both', typing: boolean): Promise<number> {
    const at = await start({ clock: hurriedServer })
    const visitor = visit(at, { ports: { clock: hurriedClient } })
    await visitor.ready()
    visitor.type('before\r')
    await visitor.reads('before\r')
    await visitor.until(() => visitor.connection.stats().written === 7, 'the program took it')
    const holeAt = visitor.connection.now()
    at.link.blackHole(direction)
    if (typing) visitor.type('into the hole\r')
    await visitor.until(() => visitor.count('socket-lost') > 0, 'the page notices')
    const ms = visitor.connection.now() - holeAt
    at.link.restore()
    await visitor.resumedAfter(0)
    visitor.type('after\r')
    await visitor.reads('after\r')
    await sealed(at, visitor)
    return ms
  }

  test('whichever way it is dumb, it is noticed and everything typed into it arrives', async () => {
    const ways = (['up', 'down', 'both'] as const).flatMap((direction) => [
      { direction, typing: false, withinMs: 65_000 },
      { direction, typing: true, withinMs: 10_000 },
    ])
    await Promise.all(
      ways.map(async ({ direction, typing, withinMs }) => {
        const ms = await noticed(direction, typing)
        expect(ms, `${direction}, ${typing ? 'typing' : 'idle'}`).toBeLessThanOrEqual(withinMs + LATE_MS)
      }),
    )
  })
})

test(`${real.resumes} resumes of one session in a row (invariants 1, 4 and 6)`, async () => {
  const at = await start()
  const random = seededRandom('resumes')
  const visitor = visit(at)
  await visitor.ready()
  for (let i = 0; i < real.resumes; i++) {
    // A flood takes what is typed meanwhile and does not repeat it.
    if (i % 5 === 0) await flood(visitor, 3000)
    visitor.type(`key ${i}\r`)
    if (random.chance(0.5)) await visitor.reads(`key ${i}\r`)
    at.link.cut({ how: random.pick(['rst', 'fin'] as const), noticedBy: random.pick(['both', 'both', 'client'] as const) })
    // Typed into a socket that may be gone or not know it yet.
    visitor.type('x')
    await visitor.resumedAfter(i)
  }
  visitor.type('\rthe end\r')
  await visitor.reads('the end\r')
  await sealed(at, visitor)
  expect(visitor.reconnects).toBe(real.resumes)
  expect(at.server.stats()).toMatchObject({ sessions: 1, attached: 1, opened: 1 })
  await visitor.until(() => at.server.stats().connections === 1, 'the sockets that nobody has are gone')
  tell('resume', visitor.resumeMs)
})

async function flood(visitor: Visitor, bytes: number): Promise<void> {
  const before = visitor.output.bytes
  visitor.type(`\r/flood ${bytes}\r`)
  await visitor.until(() => visitor.output.bytes > before + bytes, 'the flood')
}

/** Figures for whoever runs the long form. */
function tell(what: string, ms: readonly number[]): void {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? NaN).toFixed(1)
  process.stdout.write(`${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms of ${sorted.length}\n`)
}
