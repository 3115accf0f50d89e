/** Commands on the real buffer: what is typed and printed is found again after scrolling, reflow, erasing and resets. */
import { Terminal } from '@xterm/xterm'
import { afterEach, beforeAll, expect, test, describe } from 'vitest'
import fc from 'fast-check'
import type { Command } from '../commands/commands.ts'
import { standIn } from '../pageStandIns.ts'
import { clearAround } from './clearing.ts'
import { commandRows } from './commandRows.ts'
import { oscReaders } from './readers.ts'

beforeAll(standIn)

const open: (() => void)[] = []
afterEach(() => open.splice(0).forEach((close) => close()))

const osc = (body: string): string => `\u001b]133;${body}\u0007`
const PROMPT = `${osc('A')}$ ${osc('B')}`
/** A command as a shell shows it, up to the next prompt. */
const run = (text: string, output: string, code: number | '' = 0): string =>
  `${text}\r\n${osc('C')}${output}${osc(`D;${code}`)}${PROMPT}`

function terminal({ cols = 40, rows = 10, scrollback = 100 } = {}) {
  const terminal = new Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: 'off' })
  const signal = new AbortController()
  const look = () => ({ rowHeight: 18, warn: '#eebb5e', error: '#f7817c' })
  // Only these parts of a look are read here.
  const read = oscReaders(terminal.parser, () => Promise.resolve())
  const part = commandRows({ terminal, look, signal: signal.signal, host: document.body, read } as unknown as Parameters<
    typeof commandRows
  >[0])
  let now: number | null = 0
  const heard: string[] = []
  part.watch({
    now: () => now,
    changed: () => {},
    began: ({ text }) => heard.push(`began ${text}`),
    ended: ({ text, exitCode, durationMs }) => heard.push(`ended ${text} ${exitCode} ${durationMs}`),
    folder: (path) => heard.push(`folder ${path}`),
  })
  open.push(() => (part.dispose?.(), terminal.dispose()))
  const write = (data: string): Promise<void> => new Promise((resolve) => terminal.write(data, resolve))
  return { terminal, part, heard, write, at: (time: number | null) => (now = time) }
}
const named = (commands: readonly Command[], text: string): number => commands.find((command) => command.text === text)!.id

describe('a command', () => {
  test('is known by what was typed after the prompt, and has the output between its marks', async () => {
    const { part, write, heard, at } = terminal()
    await write(`welcome\r\n${PROMPT}npm test\r\n`)
    at(1000)
    await write(`${osc('C')}one\r\ntwo\r\n`)
    at(13_400)
    await write(`${osc('D;1')}${PROMPT}`)
    expect(heard).toEqual(['began npm test', 'ended npm test 1 12400'])
    const id = named(part.commands(), 'npm test')
    expect(part.output(id)).toBe('one\ntwo')
    expect(part.range(id)).toEqual({ start: { row: 2, column: 0 }, end: { row: 4, column: 0 } })
    expect(part.marks().map(({ kind, row, span }) => ({ kind, row, span }))).toEqual([
      { kind: 'failed', row: 1, span: { row: 2, rows: 2 } },
      { kind: 'current', row: 4, span: null },
    ])
  })

  test('that wraps, and runs over lines, is one text', async () => {
    const { part, write } = terminal({ cols: 10 })
    await write(`${PROMPT}${run('echo 1234567890123', 'x\r\n')}`)
    await write(run('for i in 1\r\n> do :; done', ''))
    expect(part.commands().map(({ text }) => text)).toEqual(['echo 1234567890123', 'for i in 1\n> do :; done', ''])
  })

  test('whose output ends in the middle of a row keeps that row', async () => {
    const { part, write } = terminal()
    await write(`${PROMPT}${run('printf x', 'no newline')}`)
    expect(part.output(1)).toBe('no newline')
  })

  test('without output has no range and nothing to copy', async () => {
    const { part, write } = terminal()
    await write(`${PROMPT}${run('true', '')}`)
    expect(part.range(1)).toBeNull()
    expect(part.output(1)).toBe('')
  })

  test('that runs has its output up to the cursor', async () => {
    const { part, write } = terminal()
    await write(`${PROMPT}sleep 9\r\n${osc('C')}so far`)
    expect(part.output(1)).toBe('so far')
    expect(part.commands()[0]).toMatchObject({ phase: 'running', text: 'sleep 9' })
  })
})

test('blanks at the place where a line wraps are part of its text', async () => {
  const { part, write } = terminal({ cols: 10 })
  await write(`${PROMPT}${run('echo a   b', 'abcdefgh   x\r\n')}`)
  expect(part.commands()[0]?.text).toBe('echo a   b')
  expect(part.output(1)).toBe('abcdefgh   x')
})

test('rows are followed when the grid gets narrower and wider again', async () => {
  const { terminal: xterm, part, write } = terminal({ cols: 40, rows: 12 })
  const long = 'abcdefghij'.repeat(3)
  await write(`${long}${long}\r\n${PROMPT}${run('cat it', `${long}\r\nend\r\n`, 2)}${run('ls', 'a b\r\n')}`)
  for (const cols of [13, 7, 80, 40]) {
    xterm.resize(cols, 12)
    expect(part.output(1)).toBe(`${long}\nend`)
    expect(part.output(2)).toBe('a b')
  }
})

test('the beginning of an output may leave the scrollback; what is left can still be copied, until its end has left too', async () => {
  const { part, write } = terminal({ rows: 5, scrollback: 10 })
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\r\n`).join('')
  await write(`${PROMPT}${run('seq', lines(1, 50))}`)
  expect(part.output(1).split('\n')).toEqual(lines(37, 50).trim().split('\r\n'))
  expect(part.marked(1)).toBe(false)
  await write(run('seq more', lines(1, 30)))
  expect(part.commands().map(({ text }) => text)).toEqual(['seq more', ''])
})

test('a wiped screen takes its marks along, and no older rows take the place of its output', async () => {
  const { part, write } = terminal({ rows: 5, scrollback: 10 })
  await write(`${PROMPT}${run('seq 30', Array.from({ length: 30 }, (_, i) => `${i}\r\n`).join(''))}`)
  await write(run('clear', '\u001b[H\u001b[2J', 0))
  const id = named(part.commands(), 'clear')
  expect(part.output(id)).toBe('')
  expect(part.marks().map(({ row, kind }) => ({ row, kind }))).toEqual([{ row: 0, kind: 'current' }])
})

test('a screen that a person clears keeps the prompt that is left on it', async () => {
  const { part, write, heard, terminal: xterm } = terminal()
  const clear = (): void => {
    const cleared = part.clears()
    clearAround(xterm)
    cleared()
  }
  const long = 'word '.repeat(20)
  await write(`${PROMPT}${run('ls', 'a\r\n')}echo ${long}`)
  clear()
  await write(`b\r\n${osc('C')}b\r\n${osc('D;0')}`)
  expect(heard.at(-1)).toBe(`ended echo ${long}b 0 0`)
  await write(`${PROMPT}echo`)
  clear()
  expect(part.marks().map(({ row, kind }) => ({ row, kind }))).toEqual([{ row: 0, kind: 'current' }])
  await write(` b\r\n${osc('C')}b\r\n${osc('D;0')}`)
  expect(heard.at(-1)).toBe('ended echo b 0 0')
  expect(part.output(named(part.commands(), 'echo b'))).toBe('b')
  expect(part.commands()).toHaveLength(1)
})

test('what a command prints after a person has cleared the screen is its output', async () => {
  const { part, write, terminal: xterm } = terminal()
  await write(`${PROMPT}tail -f log\r\n${osc('C')}before\r\n`)
  const cleared = part.clears()
  xterm.clear()
  cleared()
  await write(`after\r\n${osc('D;0')}${PROMPT}`)
  expect(part.output(named(part.commands(), 'tail -f log'))).toBe('after')
})

test('a reset of the terminal, by the program or by a replay, leaves no mark behind', async () => {
  const { part, write, terminal: xterm } = terminal()
  await write(`${PROMPT}${run('ls', 'a\r\n', 1)}\u001bc`)
  expect(part.commands()).toEqual([])
  await write(`${PROMPT}${run('ls', 'a\r\n', 1)}`)
  part.reset?.()
  xterm.reset()
  expect(part.commands()).toEqual([])
  await write(`${PROMPT}${run('ls', 'a\r\n', 1)}`)
  expect(part.commands().map(({ text }) => text)).toEqual(['ls', ''])
  expect(part.marks().map(({ row }) => row)).toEqual([0, 2])
})

test('a full-screen program has no marks, and those of the shell are back after it', async () => {
  const { part, write } = terminal()
  await write(`${PROMPT}vim\r\n${osc('C')}\u001b[?1049h${PROMPT}${osc('C')}`)
  expect(part.marks()).toEqual([])
  await write(`\u001b[?1049l${osc('D;0')}${PROMPT}`)
  expect(part.commands().map(({ text, phase }) => `${text} ${phase}`)).toEqual(['vim done', ' prompt'])
  expect(part.marks()).toHaveLength(2)
})

test('bytes that are older than now give outcomes without durations', async () => {
  const { part, write, at } = terminal()
  at(null)
  await write(`${PROMPT}${run('make', '', 2)}`)
  expect(part.commands()[0]).toMatchObject({ exitCode: 2, durationMs: null })
})

test('folders are told as they are written', async () => {
  const { write, heard } = terminal()
  await write('\u001b]633;P;Cwd=/home/ana\u0007')
  expect(heard).toEqual(['folder /home/ana'])
})

test('a command that is wiped off the screen with its prompt leaves no marker', async () => {
  const { terminal: emulator, part, write } = terminal({ cols: 20, rows: 6, scrollback: 20 })
  for (const piece of [PROMPT, osc('C'), '\r\n', PROMPT, '\u001b[2J\u001b[H']) await write(piece)
  part.dispose?.()
  expect(emulator.markers).toHaveLength(0)
})

test('marks may be cut anywhere, and hostile ones break nothing', async () => {
  const piece = fc.constantFrom(
    PROMPT,
    osc('C'),
    osc('D;1'),
    osc('D'),
    'text',
    '\r\n',
    '\u001b[2J\u001b[H',
    '\u001b[J',
    '\u001b[3J',
    '\u001bc',
    '\u001b[?1049h',
    '\u001b[?1049l',
    '\u001b]133;',
    '\u001b]133;A',
    '\u0007',
    '\u001b[5M',
    '\u001b[3L',
    '\u001b[99A',
    'x'.repeat(90),
    '\u001b]633;E;a\\x3b\u0007',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), async (pieces, size) => {
      const whole = pieces.join('')
      const one = terminal({ cols: 20, rows: 6, scrollback: 20 })
      const other = terminal({ cols: 20, rows: 6, scrollback: 20 })
      await one.write(whole)
      for (let i = 0; i < whole.length; i += size) await other.write(whole.slice(i, i + size))
      const seen = ({ part }: typeof one) => [part.commands(), part.commands().map(({ id }) => part.output(id)), part.marks()]
      expect(seen(other)).toEqual(seen(one))
      for (const { row, span } of one.part.marks()) {
        expect(row).toBeGreaterThanOrEqual(0)
        expect((span?.row ?? 0) + (span?.rows ?? 0)).toBeLessThanOrEqual(6)
      }
      one.part.dispose?.()
      other.part.dispose?.()
      expect(one.terminal.markers).toHaveLength(0)
      open.splice(0).forEach((close) => close())
    }),
    { numRuns: 60 },
  )
}, 30_000)
