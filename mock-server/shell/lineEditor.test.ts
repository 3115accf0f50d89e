/** What the editor holds is what the screen shows, whatever is pressed; and how its keys behave. */
import xterm from '@xterm/headless'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/protocol/utf8.ts'
import { cellsOf, clustersOf, placeAfter, widthOf } from './cells.ts'
import { createKeyReader, type Key } from './keys.ts'
import { edit, EMPTY_LINE, leave, paperBehind, repaint, type Line } from './lineEditor.ts'

const PROMPT = '~/shop $ '

/** What is pressed, written as a terminal sends it. */
function keysOf(text: string): readonly Key[] {
  return createKeyReader().read(encodeUtf8(text))
}

function typed(text: string, from: Line = EMPTY_LINE): Line {
  return keysOf(text).reduce((line, key) => edit(line, key).line, from)
}

describe('the line editor', () => {
  it.each([
    ['ac\x1b[Db', 'abc', 2],
    ['bc\x01a', 'abc', 1],
    ['bc\x1b[Ha', 'abc', 1],
    ['ab\x01\x05c', 'abc', 3],
    ['abx\x7fc', 'abc', 3],
    ['axb\x1b[D\x7fc', 'acb', 2],
    ['axb\x1b[D\x1b[D\x1b[3~', 'ab', 1],
    ['axb\x02\x02\x04', 'ab', 1],
    ['one two\x17', 'one ', 4],
    ['one two  \x17', 'one ', 4],
    ['one two\x15', '', 0],
    ['one two\x1b[D\x1b[D\x0b', 'one t', 5],
    ['one two\x17\x19\x19', 'one twotwo', 10],
    ['煎茶\x1b[D\x7f', '茶', 0],
    ['e\u0301x\x1b[D\x7f', 'x', 0],
    ['a👩‍🌾b\x1b[D\x7f', 'ab', 1],
    ['ab\x1b[D\u0301', 'a\u0301b', 2],
  ])('%j', (keys, text, cursor) => {
    expect(typed(keys)).toMatchObject({ text, cursor })
  })

  it('remembers lines, and the one that was being written', () => {
    const line = typed('first\rsecond\rsecond\r  \rdra')
    expect(line.history).toEqual(['first', 'second'])
    const up = typed('\x1b[A\x1b[A\x1b[A', line)
    expect(up.text).toBe('first')
    expect(typed('\x1b[B', up).text).toBe('second')
    expect(typed('\x1b[B\x1b[B\x1b[B', up).text).toBe('dra')
  })

  it('puts the rows of a bracketed paste behind each other and runs none of them', () => {
    const line = typed('\x1b[200~echo a\recho b\x03\x1b[201~ && true')
    expect(line).toMatchObject({ text: 'echo a; echo b && true', history: [], pasting: false })
  })

  it('takes no more than a line may hold', () => {
    const line = typed('x'.repeat(5000))
    expect(line.text).toHaveLength(4096)
    expect(edit(line, { kind: 'text', text: 'y' }).wants).toBe('bell')
  })
})

/** The headless emulator knows the widths of these letters. */
const LETTERS = ['a', 'b', ' ', 'é', 'e\u0301', '煎', '茶', '한', 'ｆ', '\u0301']
const PRESSES = [
  '\x1b[D',
  '\x1b[C',
  '\x01',
  '\x05',
  '\x7f',
  '\x1b[3~',
  '\x15',
  '\x0b',
  '\x17',
  '\x19',
  '\x1b[A',
  '\x1b[B',
  '\x02',
]

const presses = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...LETTERS) }, fc.constantFrom(...PRESSES)), {
  maxLength: 60,
})

async function written(terminal: xterm.Terminal, text: string): Promise<void> {
  await new Promise<void>((resolve) => terminal.write(text, resolve))
}

/** All rows below each other, without blanks at their ends. */
function rowsOf(terminal: xterm.Terminal): string[] {
  const { active } = terminal.buffer
  return Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true).trimEnd() ?? '')
}

describe('the screen', () => {
  it('shows the line and the cursor where the editor has them, at any width', async () => {
    await fc.assert(
      fc.asyncProperty(presses, fc.integer({ min: 12, max: 40 }), async (pressed, cols) => {
        const terminal = new xterm.Terminal({ cols, rows: 60, allowProposedApi: true })
        const paper = paperBehind(PROMPT, cols)
        let line: Line = { ...EMPTY_LINE, history: ['an older line', '煎茶煎茶煎茶煎茶煎茶煎茶煎茶'], shown: 2 }
        let printed = PROMPT
        for (const key of pressed.flatMap(keysOf)) {
          const before = line
          line = edit(line, key).line
          printed += repaint(before, line, paper)
        }
        await written(terminal, printed)
        const { active } = terminal.buffer
        expect(rowsOf(terminal).join('')).toBe(painted(PROMPT + line.text, cols))
        expect({ row: active.cursorY, col: active.cursorX }).toEqual(
          placeAfter(line.text.slice(0, line.cursor), paper.start, cols),
        )
        await written(terminal, `${leave(line, paper)}next`)
        expect(
          rowsOf(terminal)
            .filter((row) => row !== '')
            .at(-1),
        ).toBe('next')
        terminal.dispose()
      }),
      { numRuns: 60 },
    )
  })
})

/** The text in rows of this width, without blanks at their ends, as one string. */
function painted(text: string, cols: number): string {
  const rows: string[] = ['']
  for (const cluster of clustersOf(text)) {
    if (cellsOf(rows.at(-1) ?? '') + widthOf(cluster) > cols) rows.push('')
    rows[rows.length - 1] += cluster
  }
  return rows.map((row) => row.trimEnd()).join('')
}
