'use client'
/** The row of keys that a phone's keyboard lacks: they act when the finger leaves them, and never take the focus. */
import { useEffect, useRef, useState, type MouseEvent, type PointerEvent, type ReactNode } from 'react'
import type { Words } from '../words/words.ts'

import type { Latch, SoftKey } from './keys.ts'

/** Which keys do nothing now. They keep their places. */
export type KeysOff = 'none' | 'all' | 'all-but-escape'

interface SoftKeysProps {
  readonly ctrl: Latch
  readonly alt: Latch
  readonly off: KeysOff
  /** Something is selected: Copy stands where the second row is reached from. */
  readonly copy: boolean
  readonly words: Words['touch']
  readonly onKey: (key: SoftKey) => void
  /** `at` is when it was tapped, milliseconds on the clock of the page's events. */
  readonly onModifier: (modifier: 'ctrl' | 'alt', at: number) => void
  readonly onCopy: () => void
}

type Face =
  | { readonly do: 'key'; readonly key: SoftKey; readonly label: string; readonly name?: keyof Words['touch'] }
  | { readonly do: 'modifier'; readonly modifier: 'ctrl' | 'alt'; readonly label: string }
  | { readonly do: 'turn'; readonly label: string; readonly name: 'more' | 'back' }
  | { readonly do: 'copy'; readonly label: string }

const FIRST: readonly Face[] = [
  { do: 'key', key: 'Escape', label: 'Esc' },
  { do: 'key', key: 'Tab', label: 'Tab' },
  { do: 'modifier', modifier: 'ctrl', label: 'Ctrl' },
  { do: 'key', key: 'ArrowLeft', label: '←', name: 'left' },
  { do: 'key', key: 'ArrowUp', label: '↑', name: 'up' },
  { do: 'key', key: 'ArrowDown', label: '↓', name: 'down' },
  { do: 'key', key: 'ArrowRight', label: '→', name: 'right' },
  { do: 'turn', label: '⋯', name: 'more' },
]

const SECOND: readonly Face[] = [
  { do: 'modifier', modifier: 'alt', label: 'Alt' },
  { do: 'key', key: 'Home', label: 'Home' },
  { do: 'key', key: 'End', label: 'End' },
  { do: 'key', key: 'PageUp', label: 'PgUp' },
  { do: 'key', key: 'PageDown', label: 'PgDn' },
  { do: 'key', key: '|', label: '|', name: 'pipe' },
  { do: 'key', key: '~', label: '~', name: 'tilde' },
  { do: 'turn', label: '‹', name: 'back' },
]

const REPEATS: ReadonlySet<SoftKey> = new Set<SoftKey>(['ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight', 'PageUp', 'PageDown'])
const REPEAT_AFTER_MS = 400
const REPEAT_EVERY_MS = 60

export function SoftKeys({ ctrl, alt, off, copy, words, onKey, onModifier, onCopy }: SoftKeysProps): ReactNode {
  const [turned, setTurned] = useState(false)
  const press = usePresses()
  const latch = { ctrl, alt }
  const faces = (turned ? SECOND : FIRST).map((face): Face =>
    copy && face.do === 'turn' ? { do: 'copy', label: words.copy } : face,
  )

  function act(face: Face, at: number): void {
    switch (face.do) {
      case 'key':
        return onKey(face.key)
      case 'modifier':
        return onModifier(face.modifier, at)
      case 'turn':
        return setTurned(!turned)
      case 'copy':
        return onCopy()
      default:
        return unreachable(face)
    }
  }

  /** Over a question Escape acts, and the way to it. */
  const isOff = (face: Face): boolean =>
    off === 'all' || (off === 'all-but-escape' && face.do !== 'turn' && !(face.do === 'key' && face.key === 'Escape'))

  return (
    <div className="nt-softrow" role="toolbar" aria-label={words.row}>
      {faces.map((face) => (
        <button
          key={face.label}
          type="button"
          className="nt-key"
          tabIndex={-1}
          aria-label={'name' in face && face.name !== undefined ? words[face.name] : undefined}
          aria-disabled={isOff(face) || undefined}
          aria-pressed={face.do === 'modifier' ? latch[face.modifier] !== 'off' : undefined}
          data-long={face.label.length > 3 ? '' : undefined}
          data-lock={face.do === 'modifier' && latch[face.modifier] === 'locked' ? '' : undefined}
          {...press((at) => !isOff(face) && act(face, at), face.do === 'key' && REPEATS.has(face.key))}
        >
          {face.label}
        </button>
      ))}
    </div>
  )
}

/** `at` is the time of the event itself: a busy page hears of two quick taps late, and they are quick all the same. */
type Act = (at: number) => void

/** The handlers of a key: it acts as the finger leaves it, again and again while it rests, and for a screen reader's click. */
function usePresses() {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** A key that has repeated does not act once more, and a click after a finger is the same press. */
  const state = useRef({ repeated: false, byFinger: false })
  useEffect(() => () => clearTimeout(timer.current), [])

  const repeat = (act: Act, at: number): void => {
    state.current.repeated = true
    act(at)
    timer.current = setTimeout(() => repeat(act, at), REPEAT_EVERY_MS)
  }

  return (act: Act, repeats: boolean) => ({
    onPointerDown(event: PointerEvent<HTMLElement>) {
      // The focus, and with it the on-screen keyboard, stays where it is.
      event.preventDefault()
      state.current = { repeated: false, byFinger: true }
      clearTimeout(timer.current)
      if (repeats) timer.current = setTimeout(() => repeat(act, event.timeStamp), REPEAT_AFTER_MS)
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      clearTimeout(timer.current)
      if (!state.current.byFinger || state.current.repeated || !isOver(event)) return
      act(event.timeStamp)
    },
    onPointerCancel() {
      clearTimeout(timer.current)
    },
    onPointerLeave() {
      clearTimeout(timer.current)
    },
    onMouseDown(event: { preventDefault(): void }) {
      event.preventDefault()
    },
    onContextMenu(event: { preventDefault(): void }) {
      event.preventDefault()
    },
    onClick({ timeStamp }: MouseEvent) {
      const { byFinger } = state.current
      state.current = { repeated: false, byFinger: false }
      if (!byFinger) act(timeStamp)
    },
  })
}

/** A finger keeps its element however far it goes; one that has left the key has changed its mind. */
function isOver({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): boolean {
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect()
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom
}

function unreachable(value: never): never {
  throw new Error(`No key of the row does ${String(value)}.`)
}
