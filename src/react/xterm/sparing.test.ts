/** A flood of lines costs the page one scroll event a task and no drawing of a selection that is not there; what scrolled is drawn all the same. */
import { Terminal } from '@xterm/xterm'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { sparingPart } from './sparing.ts'

beforeAll(standIn)
afterAll(lastFrame)

const open: (() => void)[] = []
afterEach(() => open.splice(0).forEach((close) => close()))

/** What the tests look at inside of xterm.js. */
interface Core {
  readonly _core: {
    readonly _inputHandler: { onRequestRefreshRows(heard: (rows?: { start: number; end: number }) => void): void }
    readonly _selectionService: { onRequestRedraw(heard: () => void): void }
  }
}

function terminal({ spared = true } = {}) {
  const terminal = new Terminal({
    cols: 40,
    rows: 10,
    scrollback: 100,
    allowProposedApi: true,
    logLevel: 'off',
    overviewRuler: { width: 10 },
  })
  const host = document.createElement('div')
  document.body.append(host)
  terminal.open(host)
  // Nothing has a size here, and the ruler takes that for a new one.
  Object.defineProperty(host.querySelector('.xterm-screen'), 'clientHeight', { value: 100 })
  const abort = new AbortController()
  // Only these parts of the inside are read here.
  const inside = { terminal, signal: abort.signal } as unknown as Parameters<typeof sparingPart>[0]
  const part = spared ? sparingPart(inside) : {}
  const heard = { scrolls: [] as number[], rows: [] as { start: number; end: number }[], selections: 0 }
  terminal.onScroll((row) => heard.scrolls.push(row))
  const { _core: core } = terminal as unknown as Core
  core._inputHandler.onRequestRefreshRows((rows) => rows && heard.rows.push(rows))
  core._selectionService.onRequestRedraw(() => heard.selections++)
  open.push(() => (abort.abort(), terminal.dispose(), host.remove()))
  const write = (data: string): Promise<void> => new Promise((resolve) => terminal.write(data, resolve))
  return { terminal, heard, write, abort, restyled: () => part.restyled?.() }
}

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index}\r\n`).join('')

test('a thousand lines scroll once', async () => {
  const { terminal: spared, heard, write } = terminal()
  await write(lines(1000))
  await Promise.resolve()
  expect(heard.scrolls).toEqual([spared.buffer.active.baseY])
})

test('without it each line does: what is spared is there to be spared', async () => {
  const { heard, write } = terminal({ spared: false })
  await write(lines(1000))
  expect(heard.scrolls.length).toBeGreaterThan(900)
})

test('all rows that scrolled are drawn', async () => {
  const plain = terminal({ spared: false })
  const spared = terminal()
  // The second one writes into the last row alone, and moves them all.
  for (const output of [lines(30), '\r\nlast']) {
    await plain.write(output)
    await spared.write(output)
  }
  expect(spared.heard.rows).toEqual(plain.heard.rows)
  expect(spared.heard.rows.at(-1)).toEqual({ start: 0, end: 9 })
})

test('a selection is drawn while there is one, and once more when it goes', async () => {
  const { terminal: spared, heard, write } = terminal()
  await write(lines(30))
  await lastFrame()
  expect(heard.selections).toBe(0)
  spared.select(0, 25, 10)
  await lastFrame()
  const selected = heard.selections
  expect(selected).toBeGreaterThan(0)
  await write(lines(1))
  await lastFrame()
  expect(heard.selections).toBeGreaterThan(selected)
  spared.clearSelection()
  await lastFrame()
  const cleared = heard.selections
  await write(lines(30))
  await lastFrame()
  expect(heard.selections).toBe(cleared)
})

test('an emulator that is gone is told nothing', async () => {
  const { heard, write, abort } = terminal()
  const written = write(lines(30))
  abort.abort()
  await written
  await Promise.resolve()
  expect(heard.scrolls).toEqual([])
})

test('the ruler is painted for marks, new colours and sizes, not for each frame', async () => {
  const { terminal: spared, write, restyled } = terminal()
  let painted = 0
  const canvas = spared.element!.querySelector<HTMLCanvasElement>('.xterm-decoration-overview-ruler')!
  const paper = canvas.getContext('2d')!
  await write(lines(1))
  await lastFrame()
  const clear = paper.clearRect.bind(paper)
  paper.clearRect = (...box) => (painted++, clear(...box))
  open.push(() => (paper.clearRect = clear))
  await write(lines(30))
  await lastFrame()
  expect(painted).toBe(0)
  const mark = spared.registerDecoration({ marker: spared.registerMarker(0), overviewRulerOptions: { color: '#ff0000' } })
  await lastFrame()
  const marked = painted
  expect(marked).toBeGreaterThan(0)
  await write(lines(30))
  await lastFrame()
  expect(painted).toBeGreaterThan(marked)
  mark?.dispose()
  await lastFrame()
  const unmarked = painted
  restyled()
  await lastFrame()
  expect(painted).toBe(unmarked + 1)
})
