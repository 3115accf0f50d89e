/** Buttons of the line as a hand meets them while they change: with the pointer, with keys, and pressed by a screen reader. */
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StatusBar } from '../StatusBar.tsx'
import { quiet, type Action } from '../status/line.ts'
import { first } from '../words/first.ts'
import { DEAF_MS } from './offer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const RETRY: Action = { kind: 'retry', label: 'Retry now' }
const COPY: Action = { kind: 'copy-unsent', label: 'Copy them' }
const DISMISS: Action = { kind: 'dismiss-unsent', label: 'Dismiss' }

function bar() {
  const heard: string[] = []
  const of = (action?: Action, secondary?: Action) => (
    <StatusBar
      line={quiet('not-sent', 'Words', { ...(action && { action }), ...(secondary && { secondary }) })}
      words={first.panel}
      onAction={(kind) => heard.push(kind)}
      onHover={() => {}}
    />
  )
  const { rerender } = render(of(RETRY))
  return { heard, show: (action?: Action, secondary?: Action) => rerender(of(action, secondary)) }
}

const button = (name: string) => screen.getByRole('button', { name })
const later = (ms: number) => act(() => void vi.advanceTimersByTime(ms))

describe('a button that takes the place of another one', () => {
  test('cannot be pressed for a moment, and says so; then it can', () => {
    const { heard, show } = bar()
    show(COPY, DISMISS)
    for (const name of ['Copy them', 'Dismiss']) {
      expect(button(name).getAttribute('aria-disabled')).toBe('true')
      fireEvent.click(button(name))
    }
    expect(heard).toEqual([])
    later(DEAF_MS)
    expect(button('Copy them').getAttribute('aria-disabled')).toBeNull()
    fireEvent.click(button('Dismiss'))
    expect(heard).toEqual(['dismiss-unsent'])
  })

  test('is not pressed by a pointer that went down on the other one, whenever it comes up', () => {
    const { heard, show } = bar()
    fireEvent.pointerDown(button('Retry now'))
    show(COPY)
    later(DEAF_MS)
    fireEvent.click(button('Copy them'))
    expect(heard).toEqual([])
    fireEvent.pointerDown(button('Copy them'))
    fireEvent.click(button('Copy them'))
    expect(heard).toEqual(['copy-unsent'])
  })

  test('is not pressed by a space bar that went down on the other one, nor by an Enter that is held', () => {
    const { heard, show } = bar()
    fireEvent.keyDown(button('Retry now'), { key: ' ' })
    show(COPY)
    later(DEAF_MS)
    fireEvent.click(button('Copy them'))
    expect(heard).toEqual([])
    expect(fireEvent.keyDown(button('Copy them'), { key: 'Enter', repeat: true })).toBe(false)
    expect(fireEvent.keyDown(button('Copy them'), { key: 'Enter' })).toBe(true)
    fireEvent.click(button('Copy them'))
    expect(heard).toEqual(['copy-unsent'])
  })

  test('hears a screen reader after a pointer that went down on the other one came up elsewhere', () => {
    const { heard, show } = bar()
    fireEvent.pointerDown(button('Retry now'))
    show(COPY)
    later(DEAF_MS)
    fireEvent.pointerUp(document.body)
    fireEvent.click(button('Copy them'))
    expect(heard).toEqual(['copy-unsent'])
  })

  test('keeps the focus where it was', () => {
    const { show } = bar()
    button('Retry now').focus()
    show(COPY)
    expect(document.activeElement).toBe(button('Copy them'))
  })
})

test('a button that appears where none was for a while hears at once', () => {
  const { heard, show } = bar()
  show()
  later(DEAF_MS)
  show(COPY)
  fireEvent.click(button('Copy them'))
  expect(heard).toEqual(['copy-unsent'])
})

test('a button that only stops being busy hears at once', () => {
  const { heard, show } = bar()
  show({ ...RETRY, busy: true })
  fireEvent.click(button('Retry now'))
  expect(heard).toEqual([])
  show(RETRY)
  fireEvent.click(button('Retry now'))
  expect(heard).toEqual(['retry'])
})
