/** What a person does at a keyboard and with a pointer, in the words that both WebDriver protocols share. */

/** The input of one device, one step after the other. All devices of a `perform` step together. */
export type Device =
  | { readonly type: 'key'; readonly id: string; readonly actions: readonly KeyStep[] }
  | {
      readonly type: 'pointer'
      readonly id: string
      readonly parameters: { readonly pointerType: 'mouse' }
      readonly actions: readonly PointerStep[]
    }

type KeyStep = { readonly type: 'keyDown' | 'keyUp'; readonly value: string }
type PointerStep =
  | { readonly type: 'pointerMove'; readonly x: number; readonly y: number; readonly duration: number }
  | { readonly type: 'pointerDown' | 'pointerUp'; readonly button: number }

export interface Point {
  readonly x: number
  readonly y: number
}

/** Keys without a character of their own: https://w3c.github.io/webdriver/#keyboard-actions */
const CODES: Readonly<Record<string, string>> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  Insert: '\uE016',
  F1: '\uE031',
  F2: '\uE032',
  F3: '\uE033',
}

/** Each character as a key of its own; `\n` is Enter, `\t` is Tab. */
export function typing(text: string): Device {
  const keys: Readonly<Record<string, string>> = { '\n': 'Enter', '\t': 'Tab' }
  return keyboard([...text].flatMap((char) => pressed(CODES[keys[char] ?? ''] ?? char)))
}

/** One key with others held down: `Control+Shift+f`. */
export function chord(keys: string): Device {
  const values = keys.split('+').map((key) => CODES[key] ?? key)
  return keyboard([
    ...values.map((value) => ({ type: 'keyDown', value }) as const),
    ...values.toReversed().map((value) => ({ type: 'keyUp', value }) as const),
  ])
}

/** Presses the main button at one point and lets go of it at another, with stops between. */
export function drag(from: Point, to: Point): Device {
  const stops = [0.25, 0.5, 0.75, 1].map((part) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }))
  return pointer([move(from), { type: 'pointerDown', button: 0 }, ...stops.map(move), { type: 'pointerUp', button: 0 }])
}

/** 0 is the main button, 1 the middle one. */
export function click(at: Point, button: 0 | 1 = 0): Device {
  return pointer([move(at), { type: 'pointerDown', button }, { type: 'pointerUp', button }])
}

/** Moves there, and a little further: what waits for a pointer that moves has one. */
export function hover({ x, y }: Point): Device {
  return pointer([move({ x: x + 3, y }), move({ x, y })])
}

const pressed = (value: string): KeyStep[] => [
  { type: 'keyDown', value },
  { type: 'keyUp', value },
]
const keyboard = (actions: readonly KeyStep[]): Device => ({ type: 'key', id: 'keyboard', actions })
const pointer = (actions: readonly PointerStep[]): Device => ({
  type: 'pointer',
  id: 'mouse',
  parameters: { pointerType: 'mouse' },
  actions,
})
const move = ({ x, y }: Point): PointerStep => ({ type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 20 })
