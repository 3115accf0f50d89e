/** Bytes reach the emulator once, in order, within a budget, and each is acknowledged exactly. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Feed, Scheduler, type Screen } from './feed.ts'

/** A page whose time stands still until it is moved, and whose hops run when told. */
class Page {
  time = 0
  hops: (() => void)[] = []
  readonly scheduler = new Scheduler({ now: () => this.time, hop: (task) => this.hops.push(task) })

  hop(): boolean {
    const task = this.hops.shift()
    task?.()
    return task !== undefined
  }
}

/** An emulator that parses when told: `rate` bytes a millisecond. */
class Parser implements Screen {
  readonly writes: Uint8Array[] = []
  #queue: { readonly bytes: Uint8Array; readonly done: () => void }[] = []
  #page: Page
  #rate: number

  constructor(page: Page, rate = 16 * 1024) {
    this.#page = page
    this.#rate = rate
  }

  write(bytes: Uint8Array<ArrayBuffer>, done: () => void): void {
    expect(bytes.length).toBeGreaterThan(0)
    this.writes.push(bytes)
    this.#queue.push({ bytes, done })
  }

  get pending(): number {
    return this.#queue.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  parse(): boolean {
    const batch = this.#queue
    this.#queue = []
    for (const { bytes, done } of batch) {
      this.#page.time += bytes.length / this.#rate
      done()
    }
    return batch.length > 0
  }

  get seen(): string {
    return Buffer.concat(this.writes).toString('latin1')
  }
}

const bytes = (length: number, fill = 0x61): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(fill)
const ascii = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

function setUp(rate?: number) {
  const page = new Page()
  const parser = new Parser(page, rate)
  const acks: number[] = []
  const feed = new Feed(page.scheduler, (offset) => acks.push(offset))
  return { page, parser, acks, feed }
}

function settle(page: Page, ...parsers: Parser[]): void {
  for (let steps = 0; steps < 100_000; steps++) {
    const moved = parsers.map((parser) => parser.parse()).some(Boolean)
    if (!page.hop() && !moved) return
  }
  throw new Error('The feed does not come to rest.')
}

describe('a feed', () => {
  test('keeps bytes until there is an emulator, and writes the first ones at once', () => {
    const { parser, acks, feed } = setUp()
    feed.push({ bytes: ascii('hi'), end: 2, answered: false })
    expect(parser.writes).toHaveLength(0)
    feed.attach(parser)
    expect(parser.seen).toBe('hi')
    expect(acks).toEqual([])
    parser.parse()
    expect(acks).toEqual([2])
    feed.push({ bytes: ascii('!'), end: 3, answered: false })
    expect(parser.seen).toBe('hi!')
  })

  test('cuts ASCII into 16 KiB and the rest into 64 KiB, and hands over about 10 ms of parsing a hop', () => {
    for (const [fill, slice] of [
      [0x61, 16 * 1024],
      [0xe6, 64 * 1024],
    ] as const) {
      const { page, parser, acks, feed } = setUp(16 * 1024)
      feed.attach(parser)
      feed.push({ bytes: bytes(8 * 1024 * 1024, fill), end: 8 * 1024 * 1024, answered: false })
      while ((acks.at(-1) ?? 0) < 4 * 1024 * 1024) if (!parser.parse()) page.hop()
      expect(Math.max(...parser.writes.map(({ length }) => length))).toBe(slice)
      while (parser.pending === 0) page.hop()
      const before = page.time
      parser.parse()
      expect(page.time - before).toBeGreaterThan(8)
      expect(page.time - before).toBeLessThanOrEqual(11)
    }
  })

  test('hands over little before it knows the pace: a key would wait for all of it', () => {
    for (const fill of [0x61, 0xe6]) {
      const { parser, feed } = setUp()
      feed.attach(parser)
      feed.push({ bytes: bytes(1024 * 1024, fill), end: 1024 * 1024, answered: false })
      expect(parser.pending).toBeLessThanOrEqual(24 * 1024)
    }
  })

  test('learns how fast its emulator parses', () => {
    const { page, parser, feed } = setUp(2 * 1024)
    feed.attach(parser)
    feed.push({ bytes: bytes(4 * 1024 * 1024), end: 4 * 1024 * 1024, answered: false })
    for (let i = 0; i < 20; i++) {
      parser.parse()
      page.hop()
    }
    const before = page.time
    parser.parse()
    expect(page.time - before).toBeGreaterThan(5)
    expect(page.time - before).toBeLessThan(20)
  })

  test('goes on in a hop of its own, never inside the call in which the emulator tells that it is done', () => {
    const { page, parser, feed } = setUp()
    feed.attach(parser)
    feed.push({ bytes: bytes(1024 * 1024), end: 1024 * 1024, answered: false })
    const first = parser.writes.length
    parser.parse()
    expect(parser.writes).toHaveLength(first)
    page.hop()
    expect(parser.writes.length).toBeGreaterThan(first)
  })

  test('tells when it has parsed all that may have been sent before a key, once', () => {
    const { page, parser, feed } = setUp()
    feed.attach(parser)
    feed.push({ bytes: ascii('before'), end: 6, answered: false })
    feed.hurry(8)
    settle(page, parser)
    expect(feed.echoes()).toBe(0)
    feed.push({ bytes: ascii('xy'), end: 8, answered: false })
    expect(feed.echoes()).toBe(0)
    expect(feed.behind()).toBe(true)
    settle(page, parser)
    expect(feed.echoes()).toBe(1)
    feed.push({ bytes: ascii('z'), end: 9, answered: false })
    settle(page, parser)
    expect(feed.echoes()).toBe(1)
    expect(feed.behind()).toBe(false)
  })

  test('tells those who draw of each echo, and when nothing waits any more', () => {
    const { page, parser, feed } = setUp()
    feed.attach(parser)
    const looks: string[] = []
    feed.tells(() => looks.push(`${feed.echoes()} ${feed.behind() ? 'behind' : 'caught up'}`))
    feed.push({ bytes: ascii('a'), end: 1, answered: false })
    settle(page, parser)
    expect(looks).toEqual(['0 caught up'])
    feed.hurry(2)
    feed.push({ bytes: ascii('bc'), end: 3, answered: false })
    feed.push({ bytes: ascii('d'), end: 4, answered: false })
    settle(page, parser)
    expect(looks).toEqual(['0 caught up', '1 behind', '1 caught up'])
  })

  test('awaits the echo of a key until it has parsed that, for a tenth of a second at most', () => {
    const { page, parser, feed } = setUp()
    feed.attach(parser)
    expect(feed.awaited()).toBe(false)
    feed.hurry(2)
    expect(feed.awaited()).toBe(true)
    feed.push({ bytes: ascii('xy'), end: 2, answered: false })
    settle(page, parser)
    expect(feed.awaited()).toBe(false)
    feed.hurry(4)
    page.time += 99
    expect(feed.awaited()).toBe(true)
    page.time += 1
    expect(feed.awaited()).toBe(false)
  })

  test('acknowledges every byte once, at its absolute offset, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 12 }),
        fc.integer({ min: 0, max: 2 ** 40 }),
        (sizes, start) => {
          const { page, parser, acks, feed } = setUp()
          feed.attach(parser)
          let offset = start
          for (const size of sizes) {
            offset += size
            feed.push({ bytes: bytes(size), end: offset, answered: false })
            if (size % 3 === 0) parser.parse()
          }
          settle(page, parser)
          expect(parser.writes.reduce((sum, { length }) => sum + length, 0)).toBe(offset - start)
          if (sizes.length > 0) expect(acks.at(-1)).toBe(offset)
          expect(acks).toEqual(acks.toSorted((a, b) => a - b))
          expect(feed.idle()).toBe(true)
        },
      ),
    )
  })

  test('does what must happen alone between what came before and what comes after', () => {
    const { page, parser, feed } = setUp()
    feed.attach(parser)
    const done: (() => void)[] = []
    feed.push({ bytes: ascii('before'), end: 6, answered: false })
    feed.act((finish) => {
      expect(parser.pending).toBe(0)
      done.push(finish)
    })
    feed.push({ bytes: ascii('after'), end: 11, answered: false })
    expect(done).toHaveLength(0)
    parser.parse()
    expect(done).toHaveLength(1)
    settle(page, parser)
    expect(parser.seen).toBe('before')
    done[0]?.()
    settle(page, parser)
    expect(parser.seen).toBe('beforeafter')
  })

  test('resizes only while no write is pending, ahead of what waits, and only to the last size', () => {
    const { page, parser, feed } = setUp()
    feed.attach(parser)
    const sizes: number[] = []
    feed.push({ bytes: bytes(1024 * 1024), end: 1024 * 1024, answered: false })
    for (const size of [1, 2, 3]) feed.between(() => (expect(parser.pending).toBe(0), sizes.push(size)))
    expect(sizes).toEqual([])
    parser.parse()
    expect(sizes).toEqual([3])
    settle(page, parser)
    expect(feed.idle()).toBe(true)
  })

  test('resizes at once when what must happen alone asks for it and ends at once, with nothing behind it', () => {
    const { parser, feed } = setUp()
    const told: string[] = []
    feed.attach(parser)
    feed.act((done) => {
      feed.between(() => told.push('between'))
      told.push('act')
      done()
    })
    expect(told).toEqual(['act', 'between'])
    feed.act((done) => (feed.between(() => told.push('again')), done()))
    feed.act((done) => (told.push('next'), done()))
    expect(told.slice(2)).toEqual(['again', 'next'])
  })

  test('knows which bytes are parsed now', () => {
    const { page, parser, feed } = setUp()
    feed.attach(parser)
    feed.push({ bytes: ascii('old'), end: 103, answered: true })
    feed.push({ bytes: ascii('new'), end: 106, answered: false })
    expect(feed.parsing()).toMatchObject({ at: 103, answered: true })
    parser.parse()
    page.hop()
    expect(feed.parsing()).toMatchObject({ at: 106, answered: false })
    parser.parse()
    expect(feed.parsing()).toBeNull()
  })

  test('forgets everything when it is disposed, and late callbacks change nothing', () => {
    const { page, parser, acks, feed } = setUp()
    feed.attach(parser)
    feed.push({ bytes: bytes(1024 * 1024), end: 1024 * 1024, answered: false })
    feed.dispose()
    settle(page, parser)
    feed.push({ bytes: bytes(10), end: 1024 * 1024 + 10, answered: false })
    feed.act(() => expect.unreachable())
    settle(page, parser)
    expect(acks).toEqual([])
    expect(feed.idle()).toBe(true)
  })

  test('hears a callback that fires twice only once', () => {
    const { acks, feed } = setUp()
    const dones: (() => void)[] = []
    feed.attach({ write: (_, done) => dones.push(done) })
    feed.push({ bytes: ascii('x'), end: 1, answered: false })
    dones[0]?.()
    dones[0]?.()
    expect(acks).toEqual([1])
  })

  test('gets along with an emulator that parses at once', () => {
    const { page, acks, feed } = setUp()
    feed.attach({ write: (_, done) => done() })
    for (let end = 1; end <= 1000; end++) feed.push({ bytes: bytes(1), end, answered: false })
    while (page.hop());
    expect(acks).toHaveLength(1000)
  })
})

describe('a page with several terminals', () => {
  function panels(count: number) {
    const page = new Page()
    return {
      page,
      panels: Array.from({ length: count }, () => {
        const parser = new Parser(page)
        const feed = new Feed(page.scheduler, () => {})
        feed.attach(parser)
        return { parser, feed }
      }),
    }
  }

  test('hands over one budget for all of them', () => {
    const { page, panels: all } = panels(16)
    for (const { feed } of all) feed.push({ bytes: bytes(1024 * 1024), end: 1024 * 1024, answered: false })
    for (let i = 0; i < 50; i++) {
      const inFlight = all.reduce((sum, { parser }) => sum + parser.pending, 0)
      expect(inFlight).toBeLessThanOrEqual(12 * 16 * 1024)
      for (const { parser } of all) parser.parse()
      page.hop()
    }
  })

  test('gives each its turn', () => {
    const { page, panels: all } = panels(16)
    for (const { feed } of all) feed.push({ bytes: bytes(4 * 1024 * 1024), end: 4 * 1024 * 1024, answered: false })
    for (let i = 0; i < 160; i++) {
      for (const { parser } of all) parser.parse()
      page.hop()
    }
    const written = all.slice(1).map(({ parser }) => parser.writes.reduce((sum, { length }) => sum + length, 0))
    expect(Math.min(...written)).toBeGreaterThan(0.5 * Math.max(...written))
  })

  test('serves the focused one in every hop', () => {
    const { page, panels: all } = panels(16)
    const [, focused] = all
    focused!.feed.focus(true)
    for (const { feed } of all) feed.push({ bytes: bytes(4 * 1024 * 1024), end: 4 * 1024 * 1024, answered: false })
    for (const { parser } of all) parser.parse()
    page.hop()
    for (let i = 0; i < 20; i++) {
      expect(focused!.parser.pending).toBeGreaterThan(0)
      for (const { parser } of all) parser.parse()
      page.hop()
    }
  })

  test('does not wait for one that was disposed in the middle of a write', () => {
    const { page, panels: all } = panels(2)
    const [gone, left] = all
    gone!.feed.push({ bytes: bytes(1024 * 1024), end: 1024 * 1024, answered: false })
    left!.feed.push({ bytes: bytes(1024 * 1024), end: 1024 * 1024, answered: false })
    gone!.feed.dispose()
    settle(page, left!.parser)
    expect(left!.parser.writes.reduce((sum, { length }) => sum + length, 0)).toBe(1024 * 1024)
  })
})

describe('a page that a person looks at', () => {
  const SLICE_MS = 1
  const RATE = 16 * 1024

  /** Panels whose emulators parse in tasks of their own, in the order in which they were written to, as in a browser. */
  class Panels {
    readonly tasks: (() => void)[] = []
    time = 0
    readonly scheduler = new Scheduler({ now: () => this.time, hop: (task) => this.tasks.push(task) })
    readonly panels: { readonly feed: Feed; parsed: number; turns: number; ends: number }[]
    /** Written to since the last hop. */
    written = new Set<number>()

    constructor(count: number) {
      this.panels = Array.from({ length: count }, (_, index) => this.#panel(index))
    }

    #panel(index: number) {
      const panel = { feed: new Feed(this.scheduler, () => {}), parsed: 0, turns: 0, ends: 0 }
      let queue: { readonly length: number; readonly done: () => void }[] = []
      panel.feed.attach({
        write: (bytes, done) => {
          if (queue.length === 0) this.tasks.push(() => parse())
          queue.push({ length: bytes.length, done })
          this.written.add(index)
        },
      })
      const parse = (): void => {
        const batch = queue
        queue = []
        panel.turns++
        for (const { length, done } of batch) {
          this.time += length / RATE
          panel.parsed += length
          done()
        }
      }
      return panel
    }

    push(index: number, length: number): void {
      const panel = this.panels[index]!
      panel.ends += length
      panel.feed.push({ bytes: bytes(length), end: panel.ends, answered: false })
    }

    /** Everybody named has at least so much waiting. */
    flood(indices: readonly number[]): void {
      for (const index of indices) while (this.panels[index]!.feed.waitingMs() < 64) this.push(index, 256 * 1024)
    }

    step(): void {
      this.tasks.shift()?.()
    }

    run(ms: number, flooded: readonly number[]): void {
      for (const until = this.time + ms; this.time < until;) {
        this.flood(flooded)
        this.step()
      }
    }
  }

  const all = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

  test('nobody starves, whoever is seen, focused or typed into; the seen ones come first', () => {
    const setting = fc.record({
      count: fc.integer({ min: 2, max: 20 }),
      outOfView: fc.array(fc.nat(19), { maxLength: 20 }),
      focused: fc.option(fc.nat(19)),
      keyEveryMs: fc.option(fc.integer({ min: 20, max: 2000 })),
    })
    fc.assert(
      fc.property(setting, ({ count, outOfView, focused, keyEveryMs }) => {
        const page = new Panels(count)
        const { panels } = page
        const hidden = new Set(outOfView.filter((index) => index < count && index !== focused))
        for (const index of hidden) panels[index]!.feed.see(false)
        if (focused !== null) panels[focused % count]!.feed.focus(true)
        page.run(500, all(count)) // every pace is known
        for (const panel of panels) panel.parsed = 0
        for (let spent = 0; spent < 8000; spent += keyEveryMs ?? 1000) {
          if (keyEveryMs !== null) panels[0]!.feed.hurry(Infinity)
          page.run(keyEveryMs ?? 1000, all(count))
        }
        const others = panels
          .map(({ parsed }, index) => ({ parsed, index }))
          .filter(({ index }) => index !== (focused ?? -1) % count)
        const seen = others.filter(({ index }) => !hidden.has(index)).map(({ parsed }) => parsed)
        const unseen = others.filter(({ index }) => hidden.has(index)).map(({ parsed }) => parsed)
        for (const group of [seen, unseen]) {
          expect(Math.min(...group, Infinity)).toBeGreaterThan(0)
          if (group.length > 0) expect(Math.min(...group)).toBeGreaterThan(0.5 * Math.max(...group))
        }
        if (seen.length > 0 && unseen.length > 0)
          expect(unseen.reduce((sum, one) => sum + one, 0)).toBeLessThan(seen.reduce((sum, one) => sum + one, 0) / 4)
      }),
      { numRuns: 15 },
    )
  }, 30_000)

  test('an echo in the focused terminal waits for what is being parsed, and for nobody in the queue', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 400 }), fc.boolean(), (count, steps, typed) => {
        const page = new Panels(count)
        const focused = page.panels[0]!
        focused.feed.focus(true)
        const others = all(count).slice(1)
        page.run(200, others)
        if (typed) focused.feed.hurry(Infinity)
        const step = (): void => {
          page.flood(others)
          page.step()
        }
        for (let done = 0; done < steps; done++) step()
        const pushedAt = page.time
        const { ends } = focused
        page.push(0, 1)
        while (focused.parsed === ends) step()
        expect(page.time - pushedAt).toBeLessThanOrEqual((typed ? 10 : 20) + SLICE_MS)
      }),
    )
  })

  test('while somebody types, the focused terminal has three quarters of the page, and else half of it', () => {
    const page = new Panels(16)
    const [focused] = page.panels
    focused!.feed.focus(true)
    page.run(1000, all(16))
    const share = (hurried: boolean): number => {
      for (const panel of page.panels) panel.parsed = 0
      for (let round = 0; round < 20; round++) {
        if (hurried) focused!.feed.hurry(Infinity)
        page.run(100, all(16))
      }
      return focused!.parsed / page.panels.reduce((sum, { parsed }) => sum + parsed, 0)
    }
    expect(share(false)).toBeCloseTo(0.5, 1)
    expect(share(true)).toBeCloseTo(0.75, 1)
  })

  test('an echo is awaited by the whole page, unless its terminal has gone', () => {
    const page = new Panels(2)
    const [typed, other] = page.panels
    typed!.feed.hurry(Infinity)
    expect(other!.feed.awaited()).toBe(true)
    typed!.feed.dispose()
    expect(other!.feed.awaited()).toBe(false)
  })

  test('few are written to at a time, because each of them has a frame to draw', () => {
    for (const [focused, most] of [
      [null, 1],
      [0, 2],
    ] as const) {
      const page = new Panels(16)
      if (focused !== null) page.panels[focused]!.feed.focus(true)
      page.run(1000, all(16))
      const since = page.time
      for (const panel of page.panels) panel.turns = 0
      page.run(2000, all(16))
      const turns = page.panels.reduce((sum, panel) => sum + panel.turns, 0)
      expect(turns / ((page.time - since) / 10)).toBeLessThanOrEqual(most * 1.2)
    }
  })

  test('little things of many terminals go together', () => {
    const page = new Panels(16)
    for (const index of all(16)) page.push(index, 10)
    expect(page.written.size).toBe(16)
  })

  test('after a key a hop is short, for a second', () => {
    const page = new Panels(1)
    page.run(500, [0])
    const longest = (ms: number): number => {
      let most = 0
      for (const until = page.time + ms; page.time < until;) {
        page.flood([0])
        const before = page.time
        page.step()
        most = Math.max(most, page.time - before)
      }
      return most
    }
    expect(longest(200)).toBeGreaterThan(8)
    page.panels[0]!.feed.hurry(Infinity)
    longest(20)
    expect(longest(900)).toBeLessThan(5)
    longest(100)
    expect(longest(200)).toBeGreaterThan(8)
  })

  test('a terminal out of view has the page to itself when nobody else wants it', () => {
    const page = new Panels(2)
    page.panels[1]!.feed.see(false)
    page.run(500, [1])
    page.panels[1]!.parsed = 0
    const since = page.time
    page.run(1000, [1])
    expect(page.panels[1]!.parsed / (page.time - since)).toBeGreaterThan(0.99 * RATE)
  })
})

describe('what a mebibyte costs', () => {
  const MiB = 1024 * 1024

  function cost(fill: number) {
    const { page, parser, acks, feed } = setUp()
    feed.attach(parser)
    let hops = 0
    const { hop } = page
    page.hop = () => {
      const ran = hop.call(page)
      if (ran) hops++
      return ran
    }
    const frames = Array.from({ length: 4 * 16 }, () => bytes(64 * 1024, fill))
    frames.forEach((frame, index) => feed.push({ bytes: frame, end: (index + 1) * 64 * 1024, answered: false }))
    settle(page, parser)
    expect(acks.at(-1)).toBe(4 * MiB)
    return { writes: parser.writes, frames, hops: hops / 4, perMiB: parser.writes.length / 4, acks: acks.length / 4 }
  }

  test('no byte is copied: what the emulator gets lies in the frame that came', () => {
    for (const fill of [0x61, 0xe6]) {
      const { writes, frames } = cost(fill)
      const buffers = new Set<ArrayBufferLike>(frames.map(({ buffer }) => buffer))
      expect(writes.every(({ buffer }) => buffers.has(buffer))).toBe(true)
    }
  })

  test('a write, a callback and an acknowledgement for each slice, and a hop for each ten milliseconds', () => {
    const plain = cost(0x61)
    expect(plain.perMiB).toBeLessThanOrEqual(80)
    expect(plain.acks).toBe(plain.perMiB)
    // Ten milliseconds are 160 KiB here.
    expect(plain.hops).toBeLessThanOrEqual(10)
    const wide = cost(0xe6)
    expect(wide.perMiB).toBeLessThanOrEqual(32)
    expect(wide.acks).toBe(wide.perMiB)
    expect(wide.hops).toBeLessThanOrEqual(10)
  })
})
