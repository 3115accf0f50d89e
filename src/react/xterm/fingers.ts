/** Fingers on the grid: xterm.js 6 knows none, so scrolling, coasting and selecting by touch are done here. */
import type { Terminal } from '@xterm/xterm'
import { HOLD_MS, IDLE, isNoClick, touch, type Finger, type Gesture, type Order, type Point } from '../touch/gesture.ts'
import type { EmulatorPart, Inside } from './api.ts'

export function fingersPart({ terminal, host, signal }: Inside): EmulatorPart {
  const element = terminal.element ?? host
  let gesture: Gesture = IDLE
  let swallowsClick = false
  let anchor: Span | null = null
  let frame = 0
  let held: ReturnType<typeof setTimeout> | undefined

  function play(finger: Finger): void {
    clearTimeout(held)
    const [next, orders] = touch(gesture, finger, cellOf(terminal).height)
    gesture = next
    for (const order of orders) obey(order)
  }

  function obey(order: Order): void {
    switch (order.do) {
      case 'scroll':
        return scroll(terminal, order.rows, order.from)
      case 'select-word':
        anchor = wordAt(terminal, order.point)
        return select(terminal, anchor)
      case 'select-to':
        if (anchor !== null) select(terminal, spanOf(anchor, offsetAt(terminal, order.point)))
        return
      case 'want-frame':
        frame = requestAnimationFrame((at) => play({ type: 'frame', at }))
        return
      case 'want-held':
        held = setTimeout(() => play({ type: 'held' }), HOLD_MS)
        return
      default:
        return unreachable(order)
    }
  }

  function down(event: PointerEvent): void {
    if (event.pointerType !== 'touch') return
    // The rows under a finger are drawn anew while it moves; the finger must not be lost with them.
    element.setPointerCapture(event.pointerId)
    cancelAnimationFrame(frame)
    swallowsClick = gesture.kind === 'coasting'
    play({ type: 'down', at: event.timeStamp, point: pointOf(event), first: event.isPrimary })
  }

  function move(event: PointerEvent): void {
    if (event.pointerType === 'touch') play({ type: 'move', at: event.timeStamp, point: pointOf(event) })
  }

  function up(event: PointerEvent): void {
    if (event.pointerType !== 'touch') return
    swallowsClick ||= isNoClick(gesture)
    play({ type: 'up', at: event.timeStamp })
  }

  /** A finger that scrolled or selected is no click, and a long press opens no menu over what it selected. */
  function swallow(event: Event): void {
    if (swallowsClick && event.cancelable) event.preventDefault()
  }

  function menu(event: Event): void {
    if (gesture.kind !== 'pressed' && gesture.kind !== 'selecting') return
    event.preventDefault()
    event.stopPropagation()
  }

  /** Where a finger has nothing to scroll in the grid, it scrolls the page. */
  function lend(): void {
    const { active } = terminal.buffer
    const isOurs = active.type === 'alternate' || active.baseY > 0 || terminal.modes.mouseTrackingMode !== 'none'
    const action = isOurs ? '' : 'manipulation'
    if (host.style.touchAction !== action) host.style.touchAction = action
  }

  lend()
  const watching = terminal.onWriteParsed(lend)
  element.addEventListener('pointerdown', down, { signal })
  element.addEventListener('pointermove', move, { signal })
  element.addEventListener('pointerup', up, { signal })
  element.addEventListener('pointercancel', () => play({ type: 'cancel' }), { signal })
  element.addEventListener('touchend', swallow, { signal, passive: false })
  element.addEventListener('contextmenu', menu, { signal, capture: true })
  return {
    dispose() {
      watching.dispose()
      clearTimeout(held)
      cancelAnimationFrame(frame)
    },
  }
}

const pointOf = ({ clientX, clientY }: PointerEvent): Point => ({ x: clientX, y: clientY })

interface Cell {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The first cell of the view, in pixels of the page. */
function cellOf(terminal: Terminal): Cell {
  const screen = terminal.element?.querySelector('.xterm-screen') ?? terminal.element
  const { left = 0, top = 0, width = 0, height = 0 } = screen?.getBoundingClientRect() ?? {}
  return { left, top, width: Math.max(1, width / terminal.cols), height: Math.max(1, height / terminal.rows) }
}

/** The scrollback, or where a program has the whole screen or the mouse, the wheel that it understands. */
function scroll(terminal: Terminal, rows: number, { x, y }: Point): void {
  const isProgram = terminal.buffer.active.type === 'alternate' || terminal.modes.mouseTrackingMode !== 'none'
  if (!isProgram) return terminal.scrollLines(rows)
  for (let turn = 0; turn < Math.min(Math.abs(rows), terminal.rows); turn++) {
    terminal.element?.dispatchEvent(
      new WheelEvent('wheel', {
        deltaY: Math.sign(rows),
        deltaMode: WheelEvent.DOM_DELTA_LINE,
        clientX: x,
        clientY: y,
        bubbles: true,
        cancelable: true,
      }),
    )
  }
}

/** Cells from `start` to before `end`, counted through the rows of the buffer. */
interface Span {
  readonly start: number
  readonly end: number
}

function offsetAt(terminal: Terminal, { x, y }: Point): number {
  const cell = cellOf(terminal)
  const col = clamp(Math.floor((x - cell.left) / cell.width), terminal.cols)
  const row = clamp(Math.floor((y - cell.top) / cell.height), terminal.rows)
  return (terminal.buffer.active.viewportY + row) * terminal.cols + col
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value))

/** What ends a word: blanks, and the characters that commonly stand around a path or an address. */
const isBreak = (char: string): boolean => char === '' || /[\s()[\]{}'"`<>|;,]/.test(char)

function wordAt(terminal: Terminal, point: Point): Span {
  const { cols } = terminal
  const offset = offsetAt(terminal, point)
  const line = terminal.buffer.active.getLine(Math.floor(offset / cols))
  // The second cell of a wide character holds nothing; it belongs to the first.
  const isWord = (col: number): boolean => {
    const cell = line?.getCell(col)
    return cell !== undefined && (cell.getWidth() === 0 || !isBreak(cell.getChars()))
  }
  const rowStart = offset - (offset % cols)
  let from = offset % cols
  let to = from + 1
  if (!isWord(from)) return { start: offset, end: offset }
  while (from > 0 && isWord(from - 1)) from--
  while (to < cols && isWord(to)) to++
  return { start: rowStart + from, end: rowStart + to }
}

const spanOf = (anchor: Span, offset: number): Span => ({
  start: Math.min(anchor.start, offset),
  end: Math.max(anchor.end, offset + 1),
})

function select(terminal: Terminal, { start, end }: Span): void {
  if (end === start) return terminal.clearSelection()
  terminal.select(start % terminal.cols, Math.floor(start / terminal.cols), end - start)
}

function unreachable(value: never): never {
  throw new Error(`No finger orders ${String(value)}.`)
}
