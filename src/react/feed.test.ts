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
