/** Output cut into commands. */
import { expect, test } from 'vitest'
import { outputParts } from './outputParts.ts'

const ROWS = ['Welcome', '', '$ ls', 'readme', 'src', '', '$ false', '$ cat', 'so far']
const linesOf = (from: number, to: number) => ROWS.slice(from, to)

test('without marks everything is one part', () => {
  expect(outputParts([], ROWS.length, linesOf)).toEqual([{ command: '', exitCode: null, lines: ROWS }])
  expect(outputParts([], 0, linesOf)).toEqual([])
})

test('each command has its output, and what stands before and after them is not lost', () => {
  const commands = [
    { command: 'ls', exitCode: 0, rows: { from: 3, to: 6 } },
    { command: 'false', exitCode: 1, rows: null },
  ]
  expect(outputParts(commands, ROWS.length, linesOf)).toEqual([
    { command: '', exitCode: null, lines: ['Welcome', '', '$ ls'] },
    { command: 'ls', exitCode: 0, lines: ['readme', 'src'] },
    { command: 'false', exitCode: 1, lines: [] },
    { command: '', exitCode: null, lines: ['$ false', '$ cat', 'so far'] },
  ])
})

test('a command that still runs comes last', () => {
  const running = { command: 'cat', exitCode: null, rows: { from: 8, to: 9 } }
  expect(outputParts([running], ROWS.length, linesOf).at(-1)).toEqual({ command: 'cat', exitCode: null, lines: ['so far'] })
})

test('commands without any output still leave the screen', () => {
  const silent = { command: 'false', exitCode: 1, rows: null }
  expect(outputParts([silent], ROWS.length, linesOf).map(({ lines }) => lines)).toEqual([[], ROWS])
})
