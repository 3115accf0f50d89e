/** The echo backend repeats every byte, obeys its commands and never runs ahead of a pause. */
import { expect, test } from 'vitest'
import type { SignalName } from '../../protocol/messages.ts'
import type { OpenRequest, Program } from '../ports.ts'
import { echoBackend, FLOOD_LINE, floodPattern, type EchoClock, type EchoOptions } from './echo.ts'

const REQUEST: OpenRequest = {
  allocation: 'a',
  principal: { id: 'p' },
  target: { allocation: 'a' },
  size: { cols: 80, rows: 24 },
  env: {},
}

/** A clock that runs what is due only when it is told to. */
class HandClock implements EchoClock {
  now = 0
  #due: { at: number; callback: () => void }[] = []

  after(delayMs: number, callback: () => void): () => void {
    const entry = { at: this.now + delayMs, callback }
    this.#due.push(entry)
    return () => {
      this.#due = this.#due.filter((other) => other !== entry)
    }
  }

  soon(callback: () => void): () => void {
    return this.after(0, callback)
  }

  get pending(): number {
    return this.#due.length
  }

  /** Runs what becomes due within `ms` from now. */
  run(ms = 0): void {
    const until = this.now + ms
    while (this.#runFirst(until)) continue
    this.now = until
  }

  turns(count: number): void {
    for (let turn = 0; turn < count; turn++) this.#runFirst(this.now)
  }

  #runFirst(until: number): boolean {
    const [first] = this.#due.filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at)
    if (!first) return false
    this.#due = this.#due.filter((entry) => entry !== first)
    this.now = Math.max(this.now, first.at)
    first.callback()
    return true
  }
}

function start(options: EchoOptions = {}) {
  const clock = new HandClock()
  const log: string[] = []
  const seen = { out: new Uint8Array(0), took: 0, log, clock }
  const backend = echoBackend({ clock, ...options })
  const program: Program = backend.open(REQUEST, {
    opened: () => log.push('opened'),
    failed: (reason) => log.push(`failed ${reason}`),
    output: (_stream, bytes) => {
      log.push('output')
      seen.out = joined(seen.out, bytes)
    },
    took: (count) => {
      log.push('took')
      seen.took += count
    },
    exited: (exit) => log.push(`exited ${exit.code ?? exit.sig}`),
  })
  const type = (text: string) => program.write(bytesOf(text))
  return Object.assign(seen, { program, type, backend })
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

test('opens after the call of open has returned', () => {
  const echo = start()
  expect(echo.log).toEqual([])
  echo.clock.run()
  expect(echo.log).toEqual(['opened'])
})

test('repeats every byte value, in any pieces, and takes each once', () => {
  const all = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7 + (index >> 8)) % 256).map((byte) =>
    byte === 0x2f ? 0 : byte,
  )
  const echo = start({ chunkBytes: 100 })
  for (let at = 0; at < all.length; at += 333) echo.program.write(all.slice(at, at + 333))
  echo.clock.run()
  expect(echo.out).toEqual(all)
  expect(echo.took).toBe(5000)
  expect(echo.clock.pending).toBe(0)
})

test('gives no output and takes no input while paused', () => {
  const echo = start()
  echo.clock.run()
  echo.program.pause()
  echo.type('abc')
  echo.clock.run()
  expect([echo.out.length, echo.took, echo.clock.pending]).toEqual([0, 0, 0])
  echo.program.resume()
  echo.clock.run()
  expect(textOf(echo.out)).toBe('abc')
})

test('a command line is echoed like everything else, its answer follows', () => {
  const echo = start()
  echo.program.resize({ cols: 132, rows: 50 })
  echo.type('hi\r/size\rthere')
  echo.clock.run()
  expect(textOf(echo.out)).toBe('hi\r/size\r\r\n132 x 50\r\nthere')
})

test('a command typed key by key behind the answer to a query is understood', () => {
  const echo = start()
  for (const key of '/query\n\x1b[?1;2c/size\n') echo.type(key)
  echo.clock.run()
  expect(textOf(echo.out)).toBe('/query\n\r\n\x1b[c\x1b[?1;2c/size\n\r\n80 x 24\r\n')
})

test.each(['/nonsense', '/flood x', '/slow 0', '/exit -1', '/signal term'])(
  '%s is answered with the list of commands',
  (line) => {
    const echo = start()
    echo.type(`${line}\r`)
    echo.clock.run()
    expect(textOf(echo.out)).toContain('/flood [bytes|forever]')
    expect(echo.log.filter((entry) => entry.startsWith('exited'))).toEqual([])
  },
)

test.each([
  ['/exit', 'exited 0'],
  ['/exit 7', 'exited 7'],
  ['/exit 259', 'exited 3'],
  ['/signal', 'exited TERM'],
  ['/signal SEGV', 'exited SEGV'],
])('%s ends the program after the last output', (line, ending) => {
  const echo = start()
  echo.type(`${line}\rnever`)
  echo.clock.run()
  expect(echo.log.slice(-3)).toEqual(['output', 'took', ending])
  expect(textOf(echo.out)).toBe(`${line}\r\r\n`)
  expect(echo.clock.pending).toBe(0)
})

test('a flood is the pattern, exactly as long as asked for', () => {
  const echo = start({ chunkBytes: 1000 })
  echo.type('/flood 10007\r')
  echo.clock.run()
  const head = '/flood 10007\r\r\n'.length
  expect(echo.out.slice(head)).toEqual(floodPattern(0, 10_007))
  echo.type('x')
  echo.clock.run()
  expect(textOf(echo.out.slice(-1))).toBe('x')
})

test('any slice of the pattern is the slice of the whole, and its lines name their offset', () => {
  const whole = floodPattern(0, 1000)
  for (let from = 0; from < 200; from++) expect(floodPattern(from, 131)).toEqual(whole.slice(from, from + 131))
  const far = FLOOD_LINE * 123_456_789
  expect(textOf(floodPattern(far, 14))).toBe(String(far).padStart(14, '0'))
  expect(floodPattern(5, 0).length).toBe(0)
})

test('a flood makes one piece in each turn and none while paused', () => {
  const echo = start({ chunkBytes: 1000 })
  echo.type('/flood forever\r')
  echo.clock.turns(12)
  const before = echo.out.length
  expect(before).toBeGreaterThan(9000)
  echo.clock.turns(1)
  expect(echo.out.length - before).toBe(1000)
  echo.program.pause()
  echo.clock.run()
  expect(echo.out.length - before).toBe(1000)
  expect(echo.clock.pending).toBe(0)
})

test.each(['running', 'paused'])('^C stops a %s flood, and what comes behind it is echoed again', (state) => {
  const echo = start({ chunkBytes: 64 })
  echo.type('/flood\r')
  echo.clock.turns(10)
  if (state === 'paused') echo.program.pause()
  const before = echo.took
  echo.type('lost\x03ok')
  echo.clock.turns(3)
  if (state === 'paused') expect(echo.took - before).toBe(5)
  echo.program.resume()
  echo.clock.run()
  expect(textOf(echo.out.slice(-6))).toBe('^C\r\nok')
  expect(echo.took - before).toBe(7)
  expect(echo.clock.pending).toBe(0)
})

test('the signal INT stops a flood and nothing else', () => {
  const echo = start()
  echo.type('/flood\r')
  echo.clock.turns(10)
  echo.program.signal('INT')
  echo.clock.run()
  echo.program.signal('INT')
  echo.clock.run()
  expect(textOf(echo.out.slice(-6))).toBe('\r\n^C\r\n')
  expect(echo.log.some((entry) => entry.startsWith('exited'))).toBe(false)
})

test('a slow program takes so many bytes a second, and everything at ^C', () => {
  const echo = start()
  echo.type('/slow 40\r')
  echo.clock.run()
  const before = echo.took
  echo.type('y'.repeat(1000))
  echo.clock.run(1000)
  expect(echo.took - before).toBe(40)
  echo.clock.run(2000)
  expect(echo.took - before).toBe(120)
  echo.type('\x03')
  echo.clock.run()
  expect(echo.took - before).toBe(1001)
  expect(textOf(echo.out.slice(-3))).toBe('yy\x03')
})

test('a paused slow program takes nothing', () => {
  const echo = start()
  echo.type('/slow\rabc')
  echo.clock.turns(2)
  const before = echo.took
  echo.program.pause()
  echo.clock.run(5000)
  expect(echo.took).toBe(before)
  echo.program.resume()
  echo.clock.run(5000)
  expect(textOf(echo.out.slice(-3))).toBe('abc')
})

test('an unpausable program says so and floods on', () => {
  const echo = start({ unpausable: true, chunkBytes: 100 })
  expect(echo.backend.pausable).toBe(false)
  echo.type('/flood 5000\r')
  echo.program.pause()
  echo.clock.run()
  expect(echo.out.length).toBe('/flood 5000\r\r\n'.length + 5000)
})

test.each([
  ['end', 'exited HUP', (program: Program) => program.end()],
  ['kill', 'exited KILL', (program: Program) => program.kill()],
  ...(['TERM', 'HUP', 'QUIT', 'KILL'] as SignalName[]).map(
    (name) => [`signal ${name}`, `exited ${name}`, (program: Program) => program.signal(name)] as const,
  ),
] as const)('%s ends a paused flood, once, and nothing follows', (_name, ending, end) => {
  const echo = start()
  echo.type('/flood\r')
  echo.clock.turns(10)
  echo.program.pause()
  end(echo.program)
  const length = echo.log.length
  end(echo.program)
  echo.type('x')
  echo.program.resume()
  echo.clock.run()
  expect(echo.log.slice(length)).toEqual([ending])
  expect(echo.clock.pending).toBe(0)
})

test('a receiver may pause and end the program from inside its events', () => {
  const clock = new HandClock()
  const log: string[] = []
  const program = echoBackend({ clock, chunkBytes: 10 }).open(REQUEST, {
    opened: () => program.write(bytesOf('/flood\r')),
    failed: () => log.push('failed'),
    output: () => {
      log.push('output')
      program.pause()
      if (log.length === 6) program.end()
    },
    took: () => log.push('took'),
    exited: () => log.push('exited'),
  })
  for (let turn = 0; turn < 20; turn++) {
    clock.run()
    program.resume()
  }
  expect(log).toEqual(['output', 'took', 'output', 'output', 'output', 'output', 'exited'])
})

test('floods on the timers of the platform when it is given no clock', async () => {
  const total = await new Promise<number>((resolve) => {
    let length = 0
    const program = echoBackend().open(REQUEST, {
      opened: () => program.write(bytesOf('/flood 1000000\r/exit\r')),
      failed: () => resolve(-1),
      output: (_stream, bytes) => {
        length += bytes.length
        if (length >= 1_000_000) program.end()
      },
      took: () => undefined,
      exited: () => resolve(length),
    })
  })
  expect(total).toBe('/flood 1000000\r\r\n'.length + 1_000_000)
})
