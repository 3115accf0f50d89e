/** Frames of a real emulator that is behind are left out, with nothing lost, and none once it has caught up. */
import { Terminal } from '@xterm/xterm'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { drawingPart } from './drawing.ts'

beforeAll(standIn)
afterAll(lastFrame)

const open: (() => void)[] = []
afterEach(() => open.splice(0).forEach((close) => close()))

function terminal() {
  const terminal = new Terminal({ cols: 40, rows: 10, allowProposedApi: true, logLevel: 'off' })
  const host = document.createElement('div')
  document.body.append(host)
  terminal.open(host)
  // Only these parts of the inside are read here.
  const inside = { terminal, host } as unknown as Parameters<typeof drawingPart>[0]
  const flow = { time: 0, isBehind: false, keys: 0, isAwaited: false, after: [] as (() => void)[], look: () => {} }
  const drawing = drawingPart(inside)
  drawing.follow({
    behind: () => flow.isBehind,
    echoes: () => flow.keys,
    awaited: () => flow.isAwaited,
    now: () => flow.time,
    soon: (task) => flow.after.push(task),
    tells: (look) => (flow.look = look),
  })
  const frames: { start: number; end: number }[] = []
  terminal.onRender((rows) => frames.push(rows))
  open.push(() => (drawing.dispose?.(), terminal.dispose(), host.remove()))
  /** Writes into `row`, and lets a frame come `ms` later. */
  const frame = async (row: number, ms = 16): Promise<void> => {
    await new Promise<void>((done) => terminal.write(`\x1b[${row + 1};1H${flow.time}`, done))
    flow.time += ms
    await new Promise<unknown>((drawn) => void requestAnimationFrame(drawn))
    flow.after.splice(0).forEach((task) => task())
  }
  return { terminal, drawing, flow, frames, frame }
}

test('every frame is drawn where the terminal keeps up', async () => {
  const { frames, frame } = terminal()
  await frame(0)
  frames.length = 0
  for (let row = 0; row < 6; row++) await frame(row)
  expect(frames).toHaveLength(6)
})

test('every other one where it is behind, with all rows that changed since the last', async () => {
  const { flow, frames, frame } = terminal()
  await frame(0)
  frames.length = 0
  flow.isBehind = true
  await frame(2)
  expect(frames).toEqual([])
  await frame(5)
  await vi.waitFor(() => expect(frames).toHaveLength(1))
  expect(frames[0]!.start).toBeLessThanOrEqual(2)
  expect(frames[0]!.end).toBeGreaterThanOrEqual(5)
})

test('and the browser is asked for none meanwhile', async () => {
  const { terminal: term, flow, frame } = terminal()
  await frame(0)
  flow.isBehind = true
  await frame(2)
  const asked = vi.spyOn(globalThis, 'requestAnimationFrame')
  try {
    await new Promise<void>((done) => term.write('x', done))
    expect(asked).not.toHaveBeenCalled()
    flow.time += 33
    flow.look()
    expect(asked).toHaveBeenCalledOnce()
  } finally {
    asked.mockRestore()
  }
})

test('the field that takes keys follows the cursor with each slice, and with each drawn frame where the terminal is behind', async () => {
  const { terminal: term, flow, frame } = terminal()
  const moved = vi.fn()
  Object.defineProperty(term.textarea!.style, 'left', { set: moved })
  const write = (text: string): Promise<void> => new Promise((done) => term.write(text, done))
  await frame(0)
  moved.mockClear()
  await write('\x1b[3;5H')
  expect(moved).toHaveBeenCalled()
  await frame(0)
  flow.isBehind = true
  moved.mockClear()
  for (let column = 1; column < 9; column++) await write(`\x1b[4;${column}H`)
  expect(moved).not.toHaveBeenCalled()
  await frame(3, 40)
  await vi.waitFor(() => expect(moved).toHaveBeenCalled())
})

test('none while the echo of a key is awaited, and the next two with it', async () => {
  const { flow, frames, frame } = terminal()
  await frame(0)
  frames.length = 0
  flow.isBehind = true
  flow.isAwaited = true
  for (let row = 1; row < 6; row++) await frame(row)
  expect(frames).toEqual([])
  flow.isAwaited = false
  flow.keys = 1
  flow.look()
  for (let row = 6; row < 9; row++) await frame(row)
  expect(frames).toHaveLength(2)
  expect(frames[0]!.start).toBeLessThanOrEqual(1)
})

test('the frame that was left out comes by itself when it has caught up', async () => {
  const { flow, frames, frame } = terminal()
  await frame(0)
  frames.length = 0
  flow.isBehind = true
  await frame(7)
  expect(frames).toEqual([])
  flow.isBehind = false
  flow.look()
  await lastFrame()
  expect(frames).toHaveLength(1)
  expect(frames[0]!.end).toBeGreaterThanOrEqual(7)
})

test('a terminal that ends while a frame is left out asks for no more frames', async () => {
  const { terminal: ended, drawing, flow, frames, frame } = terminal()
  await frame(0)
  flow.isBehind = true
  await frame(7)
  frames.length = 0
  drawing.dispose?.()
  ended.dispose()
  flow.isBehind = false
  flow.look()
  await lastFrame()
  expect(frames).toEqual([])
})

test('a frame that comes when its terminal is gone draws nothing and fails at nothing', async () => {
  const { terminal: ended, drawing, frame } = terminal()
  await frame(0)
  // What the browser calls with a frame.
  const { _core } = ended as unknown as { _core: { _renderService: { _renderDebouncer: { _innerRefresh(): void } } } }
  drawing.dispose?.()
  ended.dispose()
  expect(() => _core._renderService._renderDebouncer._innerRefresh()).not.toThrow()
})
