/** What the emulator answers by itself is told from what a person types, with the real emulator. */
import { Terminal } from '@xterm/headless'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { watchReplies, type Parser } from './replies.ts'

const terminals: Terminal[] = []

function setUp() {
  const terminal = new Terminal({ cols: 80, rows: 24, allowProposedApi: true, windowOptions: { getWinSizeChars: true } })
  terminals.push(terminal)
  const watch = watchReplies(terminal.parser as Parser) // headless declares the same handlers
  const replies: string[] = []
  const typed: string[] = []
  terminal.onData((data) => (watch.replying() ? replies : typed).push(data))
  const write = (data: string): Promise<void> =>
    new Promise((resolve) =>
      terminal.write(data, () => {
        watch.settled()
        resolve()
      }),
    )
  return { terminal, watch, replies, typed, write }
}

afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.dispose()
})

test.each([
  ['DA1', '\u001b[c', '\u001b[?1;2c'],
  ['DA1 with a parameter', '\u001b[0c', '\u001b[?1;2c'],
  ['DA2', '\u001b[>c', '\u001b[>0;276;0c'],
  ['DSR', '\u001b[5n', '\u001b[0n'],
  ['CPR', '\u001b[6n', '\u001b[1;1R'],
  ['DECXCPR', '\u001b[?6n', '\u001b[?1;1R'],
  ['DECRQM', '\u001b[4$p', '\u001b[4;2$y'],
  ['DECRQM of a private mode', '\u001b[?2004$p', '\u001b[?2004;2$y'],
  ['DECRQSS', '\u001bP$qm\u001b\\', '\u001bP1$r0m\u001b\\'],
  ['the size in characters', '\u001b[18t', '\u001b[8;24;80t'],
])('%s is an answer', async (_name, query, answer) => {
  const { replies, typed, write } = setUp()
  await write(`text${'\b'.repeat(4)}${query}`)
  expect(replies).toEqual([answer])
  expect(typed).toEqual([])
})

test('an answer of an addon that has come since is an answer', async () => {
  const { terminal, watch, replies, typed, write } = setUp()
  terminal.parser.registerCsiHandler({ final: 'c' }, () => {
    terminal.input('mine', false)
    return true
  })
  watch.ahead()
  await write('\u001b[c')
  expect([replies, typed]).toEqual([['mine'], []])
})

test('each of several queries in one write is an answer', async () => {
  const { replies, typed, write } = setUp()
  await write('\u001b[c some output \u001b[6n\u001b[>c')
  expect(replies).toHaveLength(3)
  expect(typed).toEqual([])
})

test('a query that is cut between two writes is an answer', async () => {
  const { replies, typed, write } = setUp()
  await write('\u001b[')
  await write('6n')
  expect(replies).toHaveLength(1)
  expect(typed).toEqual([])
})

test('a key after a query is a key', async () => {
  const { terminal, replies, typed, write } = setUp()
  await write('\u001b[c')
  terminal.input('x')
  expect(replies).toHaveLength(1)
  expect(typed).toEqual(['x'])
})

test('a key that comes while a query waits to be parsed is a key', async () => {
  const { terminal, replies, typed, write } = setUp()
  const parsed = write('\u001b[c')
  terminal.input('x')
  await parsed
  expect(typed).toEqual(['x'])
  expect(replies).toHaveLength(1)
})

test('a key in the task after a query is a key, even if no callback told that the query is over', async () => {
  const { terminal, watch } = setUp()
  await new Promise<void>((resolve) => terminal.write('\u001b[c', resolve))
  expect(watch.replying()).toBe(false)
})

/**
 * The list of queries was made from the places where xterm.js lets data out without a key. Another version may have more:
 * then this counts differently, and the list is to be looked through again.
 */
test('xterm.js lets data out without a key in no other place than those that are watched', () => {
  const source = join(dirname(createRequire(import.meta.url).resolve('@xterm/xterm/package.json')), 'src')
  const calls = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) =>
      readFileSync(join(source, name), 'utf8')
        .split('\n')
        .map((line) => ({ name, line })),
    )
    .filter(
      ({ line }) => /oreService\.triggerDataEvent\(|\bcs\.triggerDataEvent\(/.test(line) && !/, (true|wasUserInput)\)/.test(line),
    )
  const places: Record<string, number> = {}
  for (const { name } of calls) places[basename(name)] = (places[basename(name)] ?? 0) + 1
  expect(places).toEqual({
    // Focus reports of a real focus or blur (2) and of DECSET 1004 (2), colours (1), window sizes in pixels (2).
    'CoreBrowserTerminal.ts': 7,
    // DA (6), DECRQM, DSR, CPR, DECXCPR, window size in characters, DECRQSS.
    'InputHandler.ts': 12,
  })
})
