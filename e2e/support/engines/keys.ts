/** What a person does at a keyboard and with a pointer, in the words that both WebDriver protocols share. */

/** The input of one device, one step after the other. All devices of a `perform` step together. */
export type Device =
  | { readonly type: 'key'; readonly id: string; readonly actions: readonly KeyStep[] }
  | {
      readonly type: 'pointer'
      readonly id: string
      readonly parameters: { readonly pointerType: 'mouse' | 'touch' }
      readonly actions: readonly PointerStep[]
    }

/** Waits while another device does something. */
type Rest = { readonly type: 'pause' }
type KeyStep = Rest | { readonly type: 'keyDown' | 'keyUp'; readonly value: string }
type PointerStep =
  | Rest
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

/** Keys one after the other, each with others held down: `Control+Shift+f`. */
export function chords(...all: readonly string[]): Device {
  const stepsOf = (keys: string): readonly KeyStep[] => {
    const values = keys.split('+').map((key) => CODES[key] ?? key)
    return [
      ...values.map((value) => ({ type: 'keyDown', value }) as const),
      ...values.toReversed().map((value) => ({ type: 'keyUp', value }) as const),
    ]
  }
  return keyboard(all.flatMap(stepsOf))
}

/** Presses the main button at one point and lets go of it at another, with stops between. */
export function drag(from: Point, to: Point): Device {
  return pointer(dragged(from, to))
}

/** The same while a key is held down. */
export function dragWith(key: string, from: Point, to: Point): readonly Device[] {
  return whileHeld(key, dragged(from, to))
}

/** 0 is the main button, 1 the middle one, 2 the right one. */
export function click(at: Point, button: 0 | 1 | 2 = 0): Device {
  return pointer([move(at), { type: 'pointerDown', button }, { type: 'pointerUp', button }])
}

/** Clicks while a key is held down. */
export function clickWith(key: string, at: Point): readonly Device[] {
  return whileHeld(key, [move(at), { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }])
}

/** A finger that comes down and goes up again. */
export function tap(at: Point): Device {
  return {
    type: 'pointer',
    id: 'finger',
    parameters: { pointerType: 'touch' },
    actions: [move(at), { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }],
  }
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

function dragged(from: Point, to: Point): readonly PointerStep[] {
  const stops = [0.25, 0.5, 0.75, 1].map((part) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }))
  return [move(from), { type: 'pointerDown', button: 0 }, ...stops.map(move), { type: 'pointerUp', button: 0 }]
}

/** The devices step together. */
function whileHeld(key: string, steps: readonly PointerStep[]): readonly Device[] {
  const value = CODES[key] ?? key
  const rest = { type: 'pause' } as const
  return [
    keyboard([{ type: 'keyDown', value }, ...steps.map(() => rest), { type: 'keyUp', value }]),
    pointer([rest, ...steps, rest]),
  ]
}
