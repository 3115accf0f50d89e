/** A finger on the grid, as a pure machine: a tap stays a click, a drag scrolls and coasts, a long press selects and goes on selecting. */

/** CSS pixels of the page. */
export interface Point {
  readonly x: number
  readonly y: number
}

export type Gesture =
  | { readonly kind: 'idle' }
  | { readonly kind: 'pressed'; readonly from: Point }
  /** `velocity` in pixels a millisecond, `rest` the pixels that were no whole row yet. */
  | {
      readonly kind: 'scrolling'
      readonly from: Point
      readonly y: number
      readonly at: number
      readonly velocity: number
      readonly rest: number
    }
  | { readonly kind: 'coasting'; readonly from: Point; readonly at: number; readonly velocity: number; readonly rest: number }
  | { readonly kind: 'selecting'; readonly from: Point }
  /** A second finger came: the browser zooms. */
  | { readonly kind: 'ignored' }

/** Times are milliseconds on one clock. */
export type Finger =
  | { readonly type: 'down'; readonly at: number; readonly point: Point; readonly first: boolean }
  | { readonly type: 'move'; readonly at: number; readonly point: Point }
  | { readonly type: 'up'; readonly at: number }
  | { readonly type: 'cancel' }
  /** The next frame, where one was asked for. */
  | { readonly type: 'frame'; readonly at: number }
  /** The finger rested for `HOLD_MS`. */
  | { readonly type: 'held' }

export type Order =
  /** Rows towards the end of the output, negative towards its beginning; `from` is where the finger went down. */
  | { readonly do: 'scroll'; readonly rows: number; readonly from: Point }
  | { readonly do: 'select-word'; readonly point: Point }
  | { readonly do: 'select-to'; readonly point: Point }
  | { readonly do: 'want-frame' }
  /** Starts the time for `held`; every other event ends it. */
  | { readonly do: 'want-held' }

export const IDLE: Gesture = { kind: 'idle' }
export const HOLD_MS = 500

/** A finger that trembles less than this, in pixels, rests. */
const SLOP = 10
/** What is left of the pace after a millisecond of coasting. */
const DECAY = 0.9975
const SLOWEST = 0.03
/** A finger that rested this long before it left has no pace. */
const STALE_MS = 60

type Next = readonly [Gesture, readonly Order[]]

/** One event. `rowHeight` in CSS pixels. */
export function touch(gesture: Gesture, finger: Finger, rowHeight: number): Next {
  switch (finger.type) {
    case 'down':
      return finger.first ? [{ kind: 'pressed', from: finger.point }, [{ do: 'want-held' }]] : [{ kind: 'ignored' }, []]
    case 'move':
      return moved(gesture, finger.point, finger.at, rowHeight)
    case 'held':
      return gesture.kind === 'pressed'
        ? [{ kind: 'selecting', from: gesture.from }, [{ do: 'select-word', point: gesture.from }]]
        : [gesture, []]
    case 'frame':
      return gesture.kind === 'coasting' ? coast(gesture, finger.at, rowHeight) : [gesture, []]
    case 'up':
      return lifted(gesture, finger.at)
    case 'cancel':
      return [IDLE, []]
    default:
      return unreachable(finger)
  }
}

/** Whether the browser must not make a click of the finger that leaves now. */
export const isNoClick = (gesture: Gesture): boolean => gesture.kind === 'scrolling' || gesture.kind === 'selecting'

function moved(gesture: Gesture, point: Point, at: number, rowHeight: number): Next {
  switch (gesture.kind) {
    case 'pressed': {
      const { from } = gesture
      if (Math.hypot(point.x - from.x, point.y - from.y) < SLOP) return [gesture, []]
      return scroll({ kind: 'scrolling', from, y: from.y, at, velocity: 0, rest: 0 }, point.y, at, rowHeight)
    }
    case 'scrolling':
      return scroll(gesture, point.y, at, rowHeight)
    case 'selecting':
      return [gesture, [{ do: 'select-to', point }]]
    default:
      return [gesture, []]
  }
}

function scroll(gesture: Extract<Gesture, { kind: 'scrolling' }>, y: number, at: number, rowHeight: number): Next {
  const { from } = gesture
  const pixels = gesture.y - y
  const pace = pixels / Math.max(1, at - gesture.at)
  // A little of the old pace: single events of a touch screen are rough.
  const velocity = gesture.velocity * 0.3 + pace * 0.7
  const { rows, rest } = wholeRows(gesture.rest + pixels, rowHeight)
  return [{ kind: 'scrolling', from, y, at, velocity, rest }, rows === 0 ? [] : [{ do: 'scroll', rows, from }]]
}

function lifted(gesture: Gesture, at: number): Next {
  if (gesture.kind !== 'scrolling' || at - gesture.at > STALE_MS || Math.abs(gesture.velocity) < SLOWEST) return [IDLE, []]
  const { from, velocity, rest } = gesture
  return [{ kind: 'coasting', from, velocity, rest, at }, [{ do: 'want-frame' }]]
}

function coast(gesture: Extract<Gesture, { kind: 'coasting' }>, at: number, rowHeight: number): Next {
  const { from } = gesture
  const ms = Math.max(0, at - gesture.at)
  const velocity = gesture.velocity * DECAY ** ms
  if (Math.abs(velocity) < SLOWEST) return [IDLE, []]
  // The integral of the falling pace.
  const pixels = (gesture.velocity - velocity) / -Math.log(DECAY)
  const { rows, rest } = wholeRows(gesture.rest + pixels, rowHeight)
  const orders: Order[] = rows === 0 ? [] : [{ do: 'scroll', rows, from }]
  return [{ kind: 'coasting', from, velocity, rest, at }, [...orders, { do: 'want-frame' }]]
}

function wholeRows(pixels: number, rowHeight: number): { readonly rows: number; readonly rest: number } {
  const rows = Math.trunc(pixels / rowHeight)
  return { rows, rest: pixels - rows * rowHeight }
}

function unreachable(value: never): never {
  throw new Error(`No finger does ${String(value)}.`)
}
