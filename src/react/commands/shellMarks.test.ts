/** What is read from the marks that shells print. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commandName, commandText, MARK_LIMIT, readShellMark, TEXT_LIMIT } from './shellMarks.ts'
import { anyText } from '../../testing/anyText.ts'

describe('a mark of OSC 133', () => {
  test.each([
    ['A', { kind: 'prompt' }],
    ['A;cl=m;aid=77', { kind: 'prompt' }],
    ['A;k=i', { kind: 'prompt' }],
    ['B', { kind: 'input' }],
    ['C', { kind: 'output' }],
    ['C;cmdline_url=npm%20test%3b', { kind: 'output', text: 'npm test;' }],
    ['C;cmdline_url=%ff', { kind: 'output' }],
    ['D', { kind: 'end', exitCode: null }],
    ['D;0', { kind: 'end', exitCode: 0 }],
    ['D;130;aid=77', { kind: 'end', exitCode: 130 }],
    ['D;-1073741510', { kind: 'end', exitCode: -1073741510 }],
  ] as const)('%s is read', (data, mark) => {
    expect(readShellMark(133, data)).toEqual(mark)
  })

  test.each(['', 'a', 'X', 'AA', 'E;ls', 'P;Cwd=/tmp', 'A;k=s', 'A;k=c', 'A;k=r', `C;${'x'.repeat(MARK_LIMIT)}`])(
    '%j says nothing',
    (data) => expect(readShellMark(133, data)).toBeNull(),
  )

  test('with an exit code that is none tells an end of unknown outcome', () => {
    for (const code of ['', 'x', '1e3', '0x1', '12345678901', '--1', 'NaN'])
      expect(readShellMark(133, `D;${code}`)).toEqual({ kind: 'end', exitCode: null })
  })
})

describe('a mark of OSC 633', () => {
  test('tells the command with its escapes undone', () => {
    expect(readShellMark(633, 'E;echo a\\x3b b \\\\n;nonce')).toEqual({ kind: 'text', text: 'echo a; b \\n' })
  })

  test('tells the folder', () => {
    expect(readShellMark(633, 'P;Cwd=/home/ana/a\\x3bb')).toEqual({ kind: 'folder', path: '/home/ana/a;b' })
    expect(readShellMark(633, 'P;IsWindows=True')).toBeNull()
  })

  test('tells prompts, input, output and ends like OSC 133', () => {
    for (const data of ['A', 'B', 'C', 'D;1']) expect(readShellMark(633, data)).toEqual(readShellMark(133, data))
  })
})

test('no text makes the reader throw, or gets a control or direction character into a command', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('A', 'C', 'D', 'E', ';', '=', '%', '1b', '\\x1b', '\\x0d', '\u001b', '\u202e', 'cmdline_url=', 'k='),
  })
  fc.assert(
    fc.property(fc.constantFrom(133 as const, 633 as const), fc.oneof(nasty, anyText()), (ident, data) => {
      const mark = readShellMark(ident, data)
      if (mark?.kind !== 'text' && mark?.kind !== 'output') return
      // oxlint-disable-next-line no-control-regex -- control characters are what this is about
      expect(mark.text ?? '').not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      expect((mark.text ?? '').length).toBeLessThanOrEqual(TEXT_LIMIT)
    }),
    { numRuns: 500 },
  )
})

test('the text of a command keeps its lines and nothing that hides', () => {
  expect(commandText(' for i in 1 2\ndo\techo $i\ndone \u001b[201~\u202e ')).toBe('for i in 1 2\ndo\techo $i\ndone [201~')
  expect(commandText('x'.repeat(100_000))).toHaveLength(TEXT_LIMIT)
})

test('the name of a command is its first line, shortened', () => {
  expect(commandName('npm test\nls')).toBe('npm test')
  expect(commandName('y'.repeat(500))).toBe(`${'y'.repeat(119)}…`)
})
