/** The shell as a program: its prompt, its commands, its signals, its manners towards a server that pauses it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../src/protocol/utf8.ts'
import type { Program, ProgramExit } from '../../src/server/ports.ts'
import { seededRandom } from '../../src/testing/seededRandom.ts'
import { virtualClock } from '../../src/testing/virtualClock.ts'
import type { ProgramPlan } from '../script.ts'
import { commands } from './commands.ts'
import { scriptedShell } from './shell.ts'

/** A shell that somebody watches. */
function started(plan: ProgramPlan = {}, cols = 80) {
  const clock = virtualClock()
  const shell = scriptedShell({ clock, random: seededRandom(1), plan })
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let took = 0
  let exit: ProgramExit | string | null = null
  const program: Program = shell.backend.open(
    {
      allocation: 'box',
      principal: { id: 'ana' },
      target: { allocation: 'box' },
      size: { cols, rows: 24 },
      env: { LANG: 'C' },
    },
    {
      opened: () => undefined,
      failed: (reason) => (exit = reason),
      output: (_, bytes) => void pieces.push(bytes),
      took: (bytes) => (took += bytes),
      exited: (how) => (exit = how),
    },
  )
  const raw = (): string => pieces.map((piece) => decodeUtf8(piece) ?? '(torn)').join('')
  return {
    clock,
    program,
    raw,
    pieces,
    running: shell.running,
    took: () => took,
    exit: () => exit,
    type: (text: string) => program.write(encodeUtf8(text)),
    /** Goes on until nothing is left to do. */
    rest: () => clock.runUntil(() => clock.pending() === 0),
    /** What a person reads: without what is not text. */
    seen: () => raw().replace(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]/g, ''),
  }
}

/** What is printed between a command and the next prompt. */
function printed(line: string, plan: ProgramPlan = {}): string {
  const shell = started(plan)
  shell.type(`${line}\r`)
  shell.rest()
  return between(shell.raw(), '\x1b]133;C\x07', '\x1b]133;D')
}

function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from)
  return text.slice(start + from.length, text.lastIndexOf(to))
}

describe('commands', () => {
  it.each([
    ['echo a "b  c"', 'a b  c\r\n'],
    ['echo -n a', 'a'],
    ['echo -e "a\\tb\\nc\\x41\\0102"', 'a\tb\r\ncAB\r\n'],
    ['echo -ne "a\\cb" c', 'a'],
    ['echo -x', '-x\r\n'],
    ['echo -n', ''],
    ['pwd', '/home/ana/shop\r\n'],
    ['cd .. && pwd', '/home/ana\r\n'],
    ['cd && pwd', '/home/ana\r\n'],
    ['cd /nowhere', 'cd: /nowhere: there is no such folder\r\n'],
    ['cd ../notes.txt', 'cd: ../notes.txt: that is no folder\r\n'],
    ['cat ~/notes.txt', 'Buy tea.\r\nCall Bo.\r\n'],
    ['cat src nothing', 'cat: src: that is a folder\r\ncat: nothing: there is no such file\r\n'],
    ['ls -1', 'README.md\r\n\x1b[1;34mlogs/\x1b[0m\r\npackage.json\r\n\x1b[1;34msrc/\x1b[0m\r\n'],
    ['seq 3', '1\r\n2\r\n3\r\n'],
    ['seq 2 3', '2\r\n3\r\n'],
    ['seq 5 -2 1', '5\r\n3\r\n1\r\n'],
    ['seq x', 'seq: say a last number, a first and a last, or a first, a step and a last\r\n'],
    ['false; echo $?', '1\r\n'],
    ['nonsense; echo $?', 'nonsense: command not found\r\n127\r\n'],
    ['false && echo no || echo yes', 'yes\r\n'],
    ['true && echo yes || echo no', 'yes\r\n'],
    ["echo 'a", 'sh: a quote is not closed\r\n'],
    ['sleep 3; echo up', 'up\r\n'],
    ['size', '80 x 24\r\n'],
    ['clear', '\x1b[H\x1b[2J\x1b[3J'],
    ['bell', '\x07'],
    ['title a b', '\x1b]2;a b\x07'],
    ['paste on', '\x1b[?2004h'],
    ['paste off', '\x1b[?2004l'],
    ['link https://example.com/ here', '\x1b]8;;https://example.com/\x1b\\here\x1b]8;;\x1b\\\r\n'],
    ['progress set 40', '\x1b]9;4;1;40\x07'],
    ['progress error 68', '\x1b]9;4;2;68\x07'],
    ['progress busy', '\x1b]9;4;3\x07'],
    ['progress paused 68', '\x1b]9;4;4;68\x07'],
    ['progress off', '\x1b]9;4;0\x07'],
  ])('%s', (line, expected) => expect(printed(line)).toBe(expected))

  it('shows progress from nothing to all of it, and takes it away', () => {
    const text = printed('progress')
    expect(text.match(/\x1b\]9;4;1;\d+/g)).toHaveLength(51)
    expect(text).toMatch(/\x1b\]9;4;0\x07\r\n$/)
  })

  it('makes the same log from the same seed', () => {
    expect(printed('logs 50')).toBe(printed('logs 50'))
    expect(printed('logs 50').split('\r\n')).toHaveLength(51)
  })

  it('tells of every command, and each says something', () => {
    const help = printed('help')
    for (const name of Object.keys(commands)) {
      expect(help).toContain(`${name} `)
      if (
        name !== 'true' &&
        name !== 'false' &&
        name !== 'yes' &&
        name !== 'full' &&
        name !== 'exit' &&
        name !== 'kill' &&
        name !== 'sleep' &&
        name !== 'cd'
      )
        expect(printed(name), name).not.toBe('')
    }
  })
})

describe('the prompt', () => {
  it('names the folder, and marks where prompt, command, output and end are', () => {
    const shell = started()
    shell.type('echo hi\r')
    shell.rest()
    const prompt = '\x1b]7;file://demo/home/ana/shop\x07\x1b]133;A\x07\x1b[1;32m~/shop\x1b[0m $ \x1b]133;B\x07'
    expect(shell.raw()).toBe(`\x1b]2;sh\x07${prompt}echo hi\r\n\x1b]133;C\x07hi\r\n\x1b]133;D;0\x07${prompt}`)
  })

  it('takes a line back at Ctrl-C, and ends at Ctrl-D', () => {
    const shell = started()
    shell.type('half\x03echo $?\r\x04')
    shell.rest()
    expect(shell.seen()).toBe('~/shop $ half^C\r\n~/shop $ echo $?\r\n130\r\n~/shop $ exit\r\n')
    expect(shell.exit()).toEqual({ code: 0 })
  })

  it('draws itself again on a clear screen at Ctrl-L', () => {
    const shell = started()
    shell.type('abc\x0c')
    shell.rest()
    expect(shell.raw()).toMatch(/\x1b\[H\x1b\[2J.*133;B\x07.*abc$/s)
  })

  it('runs what it was told to, as if somebody had typed it', () => {
    const shell = started({ run: 'echo hi' })
    shell.rest()
    expect(shell.seen()).toBe('~/shop $ echo hi\r\nhi\r\n~/shop $ ')
    expect(shell.took()).toBe(0)
  })
})

describe('how it ends', () => {
  it.each([
    ['exit 3', { code: 3 }],
    ['false; exit', { code: 1 }],
    ['kill', { sig: 'TERM' }],
    ['kill -SIGHUP', { sig: 'HUP' }],
  ])('%s', (line, exit) => {
    const shell = started()
    shell.type(`${line}\r`)
    shell.rest()
    expect(shell.exit()).toEqual(exit)
    expect(shell.running()).toEqual([])
  })

  it.each(['TERM', 'HUP', 'KILL', 'QUIT'] as const)('by the signal %s, in the middle of a command', (sig) => {
    const shell = started({ run: 'sleep 1000' })
    shell.clock.advance(10)
    shell.program.signal(sig)
    shell.rest()
    expect(shell.exit()).toEqual({ sig })
  })

  it.each([
    ['end', { sig: 'HUP' }],
    ['kill', { sig: 'KILL' }],
  ] as const)('%s', (how, exit) => {
    const shell = started()
    shell.rest()
    shell.program[how]()
    shell.program[how]()
    shell.rest()
    expect(shell.exit()).toEqual(exit)
  })

  it.each([
    [{ start: 'target_unreachable' }, 'target_unreachable'],
    [{ start: 'never' }, null],
  ] as const)('%j', (plan, exit) => {
    const shell = started(plan)
    shell.rest()
    expect(shell.exit()).toBe(exit)
  })
})

describe('Ctrl-C', () => {
  it.each([
    ['the byte', (shell: ReturnType<typeof started>) => shell.type('\x03')],
    ['the signal', (shell: ReturnType<typeof started>) => shell.program.signal('INT')],
  ])('%s ends a command, also one that prints for ever and is paused', (_, interrupt) => {
    const shell = started()
    shell.type('yes\r')
    shell.clock.runUntil(() => shell.pieces.length > 20)
    shell.program.pause()
    const before = shell.pieces.length
    interrupt(shell)
    shell.rest()
    expect(shell.pieces.length).toBe(before)
    shell.program.resume()
    shell.type('echo $?\r')
    shell.rest()
    expect(shell.seen()).toMatch(/y\r\n\^C\r\n~\/shop \$ echo \$\?\r\n130\r\n~\/shop \$ $/)
  })

  it('forgets what was typed before it, and keeps what was typed behind it', () => {
    const shell = started({ run: 'sleep 1000' })
    shell.clock.advance(10)
    shell.type('echo no\r\x03echo yes\r')
    shell.clock.advance(10)
    expect(shell.seen()).toMatch(/\^C\r\n~\/shop \$ echo yes\r\nyes\r\n~\/shop \$ $/)
    expect(shell.seen()).not.toContain('no\r\n')
  })

  it('ends a whole list of commands', () => {
    const shell = started({ run: 'sleep 1000; echo no' })
    shell.clock.advance(10)
    shell.type('\x03')
    shell.rest()
    expect(shell.seen()).toMatch(/\^C\r\n~\/shop \$ $/)
  })

  it('comes through, however much was typed before it', () => {
    const shell = started({ run: 'sleep 1000' })
    shell.clock.advance(10)
    for (let i = 0; i < 20; i++) shell.type('x'.repeat(1000))
    shell.clock.advance(10)
    expect(shell.took()).toBeLessThan(6000)
    shell.type('\x03')
    shell.rest()
    expect(shell.seen()).toMatch(/\^C\r\n~\/shop \$ $/)
  })
})

describe('a full-screen program', () => {
  it('draws its size, again when it changes, and gives the screen back', () => {
    const shell = started({ run: 'full' }, 20)
    shell.clock.advance(10)
    expect(shell.raw()).toMatch(/\x1b\[\?1049h.*20 × 24/s)
    shell.program.resize({ cols: 30, rows: 5 })
    shell.clock.advance(10)
    expect(shell.raw()).toMatch(/┌─{28}┐.*30 × 5/s)
    shell.type('xq')
    shell.rest()
    expect(shell.raw()).toMatch(/\x1b\[\?25h\x1b\[\?1049l\x1b\]133;D;0/)
  })

  it('gives the screen back at Ctrl-C too', () => {
    const shell = started({ run: 'full' })
    shell.clock.advance(10)
    shell.type('\x03')
    shell.rest()
    expect(shell.raw()).toMatch(/\x1b\[\?1049l\^C\r\n\x1b\]133;D;130/)
  })

  it.each([1, 2, 3, 5])('fits into %i columns', (cols) => {
    const shell = started({ run: 'full' }, cols)
    shell.clock.advance(10)
    const drawing = between(shell.raw(), '\x1b[?25l', '')
    for (const row of drawing.replace(/\x1b\[[\d;]*H/g, '').split('\r\n')) expect(row.length).toBeLessThanOrEqual(cols)
  })
})

describe('query', () => {
  it('asks the terminal and shows what it says', () => {
    const shell = started({ run: 'query' })
    shell.clock.advance(10)
    expect(shell.raw()).toMatch(/\x1b\[c\x1b\[6n$/)
    shell.type('\x1b[?1;2c\x1b[5;1R')
    shell.rest()
    expect(shell.seen()).toContain('ESC [?1;2c\r\nESC [5;1R\r\n')
  })

  it('does not wait for ever', () => {
    const shell = started({ run: 'query' })
    shell.rest()
    expect(shell.seen()).toContain('query: no answer')
  })
})

describe('towards its server', () => {
  it('prints nothing while it is paused, and everything afterwards', () => {
    const shell = started()
    shell.rest()
    shell.program.pause()
    const before = shell.raw()
    shell.type('echo hi\r')
    shell.rest()
    expect(shell.raw()).toBe(before)
    shell.program.resume()
    shell.rest()
    expect(shell.seen()).toMatch(/echo hi\r\nhi\r\n~\/shop \$ $/)
  })

  it('prints on while it is paused, if it cannot be', () => {
    const shell = started({ unpausable: true, run: 'yes' })
    shell.program.pause()
    shell.clock.runUntil(() => shell.pieces.length > 100)
    expect(shell.pieces.length).toBeGreaterThan(100)
  })

  it('takes every byte once, in pieces of any size', () => {
    const shell = started()
    shell.type('echo one')
    shell.rest()
    shell.type(' two\r')
    shell.rest()
    expect(shell.took()).toBe('echo one two\r'.length)
  })
})

const LINES = fc.constantFrom(
  'echo 煎茶 👩‍🌾 e\u0301\r',
  'wrong\x01\x0becho ri\x1b[D\x1b[Dght\x05!\r',
  'seq 3; false || cat ~/notes.txt\r',
  '\x1b[A\x1b[A\x1b[B\r',
  '\x1b[200~pasted\rtwice\x1b[201~\x15',
  '\x1b]11;rgb:0/0/0\x1b\\\x1bOA\x7f\x17',
  'cd src && ls\r',
)

describe('input in pieces', () => {
  it('gives the same, however it is cut: inside a letter, inside a sequence, with time between', () => {
    fc.assert(
      fc.property(
        fc.array(LINES, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.boolean(),
        (lines, cuts, withTime) => {
          // When Ctrl-C comes is a matter of time: it ends what runs then.
          const bytes = encodeUtf8(lines.join(withTime ? '' : 'half\x03'))
          const whole = started()
          whole.program.write(bytes)
          whole.rest()
          const cut = started()
          const places = [...new Set([0, ...cuts.map((at) => at % bytes.length), bytes.length])].sort((a, b) => a - b)
          places.slice(1).forEach((end, i) => {
            cut.program.write(bytes.slice(places[i], end))
            if (withTime) cut.rest()
          })
          cut.rest()
          expect(cut.raw()).toBe(whole.raw())
          expect(cut.took()).toBe(bytes.length)
        },
      ),
      { numRuns: 300 },
    )
  })
})
