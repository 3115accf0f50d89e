/** A terminal asks for frames because of what it draws, and for none while it rests: Chromium delays every key by half a frame of a page that draws all the time. */
import { act, cleanup, render, waitFor } from '@testing-library/react'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { handDriven } from './handDriven.ts'
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

test('a terminal that has drawn its output asks for no more frames', async () => {
  const hand = handDriven()
  const { container } = render(<TerminalPanel allocationId="a-1" connect={() => hand} />)
  await waitFor(() => expect(container.querySelector('textarea')).not.toBeNull())
  container.querySelector('textarea')!.focus()
  act(() => hand.become({ status: { phase: 'ready', since: hand.now() }, everReady: true }))
  for (const output of ['$ ', 'line\r\n'.repeat(1000), '\u001b[?1049hfull screen']) {
    const before = hand.asked.length
    act(() => hand.output(output))
    await waitFor(() => expect(hand.asked.slice(before).some(({ ask }) => ask === 'consumed')).toBe(true))
    expect(frames.size).toBeGreaterThan(0)
    expect(draw()).toBeLessThanOrEqual(4)
  }
})
