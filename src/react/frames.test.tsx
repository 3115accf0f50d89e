/**
 * A terminal asks for frames and timers because of what it draws, and for none while it rests: Chromium delays every key by half
 * a frame of a page that draws all the time.
 */
import { act, cleanup, render, waitFor } from '@testing-library/react'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { handDriven, type HandDriven } from './handDriven.ts'
import { loadRest } from './loading.ts'
import { lastFrame, standIn } from './pageStandIns.ts'
import { TerminalPanel } from './TerminalPanel.tsx'

/** Frames that are drawn by hand. */
const frames = new Map<number, FrameRequestCallback>()
const real = { request: globalThis.requestAnimationFrame, cancel: globalThis.cancelAnimationFrame }
let serial = 0

beforeAll(async () => {
  standIn()
  await loadRest()
  await import('./xterm/library.ts')
  globalThis.requestAnimationFrame = (callback) => {
    frames.set(++serial, callback)
    return serial
  }
  globalThis.cancelAnimationFrame = (handle) => void frames.delete(handle)
})

afterEach(cleanup)
afterAll(async () => {
  globalThis.requestAnimationFrame = real.request
  globalThis.cancelAnimationFrame = real.cancel
  await lastFrame()
})

/** How many frames are drawn until nobody asks for another. A loop would have no end. */
function draw(): number {
  let drawn = 0
  for (; frames.size > 0 && drawn < 100; drawn++) {
    const asked = [...frames.values()]
    frames.clear()
    act(() => asked.forEach((callback) => callback(performance.now())))
  }
  return drawn
}

/** A panel whose shell is ready, with the focus. */
async function ready(): Promise<HandDriven> {
  const hand = handDriven()
  const { container } = render(<TerminalPanel allocationId="a-1" connect={() => hand} />)
  await waitFor(() => expect(container.querySelector('textarea')).not.toBeNull())
  container.querySelector('textarea')!.focus()
  act(() => hand.become({ status: { phase: 'ready', since: hand.now() }, everReady: true }))
  return hand
}

const consumed = (hand: HandDriven): number => hand.asked.filter(({ ask }) => ask === 'consumed').length

test('a terminal that has drawn its output asks for no more frames', async () => {
  const hand = await ready()
  for (const output of ['$ ', 'line\r\n'.repeat(1000), '\u001b[?1049hfull screen']) {
    const before = consumed(hand)
    act(() => hand.output(output))
    await waitFor(() => expect(consumed(hand)).toBeGreaterThan(before))
    expect(frames.size).toBeGreaterThan(0)
    expect(draw()).toBeLessThanOrEqual(4)
  }
})

test('a terminal at rest waits for no timer', async () => {
  const hand = await ready()
  await act(async () => void (await import('./lateSlots.tsx')))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
  try {
    act(() => hand.output('line\r\n'.repeat(1000)))
    await vi.waitFor(() => {
      act(() => vi.advanceTimersByTime(100))
      expect(consumed(hand)).toBeGreaterThan(0)
    })
    // A frame may ask for a timer and a timer for a frame, but not for ever.
    for (let round = 0; round < 3; round++) {
      draw()
      act(() => vi.advanceTimersByTime(60_000))
    }
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
