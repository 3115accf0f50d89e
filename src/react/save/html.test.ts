/** What is saved is what stood on the screen, and nothing in it can be more than text. */
import { Terminal } from '@xterm/xterm'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { standIn } from '../pageStandIns.ts'
import { htmlPart } from '../xterm/html.ts'
import { fileName } from './saving.ts'

beforeAll(standIn)
let open: Terminal[] = []
afterEach(() => {
  for (const terminal of open) terminal.dispose()
  open = []
})

const THEME = { foreground: '#dddddd', background: '#111111', red: '#ff0000', brightGreen: '#00ff00' }

async function page(output: string, cols = 40): Promise<Document> {
  const terminal = new Terminal({ cols, rows: 5, allowProposedApi: true, logLevel: 'off' })
  open.push(terminal)
  await new Promise<void>((resolve) => terminal.write(output, resolve))
  const look = () => ({ theme: THEME, fontFamily: '"A B", monospace' })
  // Only these parts are asked.
  const inside = { terminal, look } as unknown as Parameters<typeof htmlPart>[0]
  return new DOMParser().parseFromString(htmlPart(inside).html('a <b>'), 'text/html')
}
const text = (document: Document): string => document.querySelector('pre')!.textContent
const style = (document: Document, index = 0): CSSStyleDeclaration => document.querySelectorAll<HTMLElement>('span')[index]!.style

test('lines are whole, without blanks at their ends and empty rows below', async () => {
  expect(text(await page('one two   \r\n\r\nabcdefghij klm\r\n\r\n', 10))).toBe('one two\n\nabcdefghij klm\n')
  expect(text(await page('abcdefghi klm', 10))).toBe('abcdefghi klm\n')
  expect(text(await page('abcdefghi漢字', 10))).toBe('abcdefghi漢字\n')
})

test('colours are those of the theme, the cube, the greys and the program', async () => {
  const seen = await page(
    '\u001b[31mr\u001b[0m \u001b[1;32mg\u001b[0m \u001b[38;5;196mc\u001b[0m \u001b[38;5;244my\u001b[0m \u001b[48;2;1;2;3mb\u001b[0m',
  )
  expect([0, 1, 2, 3].map((index) => style(seen, index).color)).toEqual([
    'rgb(255, 0, 0)',
    'rgb(0, 255, 0)',
    'rgb(255, 0, 0)',
    'rgb(128, 128, 128)',
  ])
  expect(style(seen, 1).fontWeight).toBe('bold')
  expect(style(seen, 4).backgroundColor).toBe('rgb(1, 2, 3)')
})

test('inverse, lines and slant are kept, and what was hidden stays hidden', async () => {
  const seen = await page('\u001b[7mi\u001b[0m\u001b[3;4;9mu\u001b[0m\u001b[8msecret\u001b[0m.')
  expect(style(seen, 0).color).toBe('rgb(17, 17, 17)')
  expect(style(seen, 0).backgroundColor).toBe('rgb(221, 221, 221)')
  expect(style(seen, 1).fontStyle).toBe('italic')
  expect(style(seen, 1).textDecoration).toBe('underline line-through')
  expect(text(seen)).toBe('iu      .\n')
})

test('whatever a program prints is text', async () => {
  const nasty = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&amp;</pre>`
  const seen = await page(nasty, 200)
  expect(text(seen)).toBe(`${nasty}\n`)
  expect(seen.querySelector('script, img, a')).toBeNull()
  expect(seen.title).toBe('a <b>')
  expect(seen.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'")
})

test('a file is named by its time', () => {
  expect(fileName(new Date('2026-11-20T12:06:20.123Z'), 'html')).toBe('terminal-2026-11-20-120620.html')
  expect(fileName(new Date('2026-11-20T12:06:20.123Z'), 'text')).toBe('terminal-2026-11-20-120620.txt')
})
