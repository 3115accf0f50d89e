/** The first panel of a page: its frame is there at once, the rest is loaded, and nothing connects for nobody. */
import { act, cleanup, render, within } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { handDriven } from './handDriven.ts'
import { loadRest } from './loading.ts'
import { lastFrame, standIn } from './pageStandIns.ts'
import { TerminalPanel } from './TerminalPanel.tsx'

beforeAll(standIn)
afterAll(lastFrame)
afterEach(() => {
  vi.useRealTimers()
  cleanup()
})

// The first one sees a page on which nothing is loaded.
test('says Loading once the first paint is 400 ms old, and connects to nothing if it is gone before the rest is there', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const connect = vi.fn(handDriven)
  const { container, unmount } = render(
    <StrictMode>
      <TerminalPanel allocationId="a-1" connect={() => connect()} words={{ start: { loading: 'Moment' } }} />
    </StrictMode>,
  )
  const panel = container.querySelector('section')!
  const line = within(panel).getByRole('group', { name: 'Terminal status' })
  expect(panel.dataset['state']).toBe('first-paint')
  act(() => void vi.advanceTimersByTime(399))
  expect(line.textContent).toBe('')
  act(() => void vi.advanceTimersByTime(1))
  expect(panel.dataset['state']).toBe('loading')
  expect(line.textContent).toBe('Moment')
  unmount()
  vi.useRealTimers()
  await loadRest()
  await act(async () => {})
  expect(connect).not.toHaveBeenCalled()
})

test('the session goes on from the words that were there, without a blank between', async () => {
  const { claim } = await loadRest()
  const mount = document.body.appendChild(document.createElement('div'))
  const shown = (waitedMs: number): string | undefined => {
    const { session, release } = claim({
      target: { allocationId: 'a-1' },
      handlers: {},
      mount,
      connect: () => handDriven(() => 5000),
      waitedMs,
    })
    const words = session?.store.getState().line.id
    release()
    return words
  }
  expect(shown(399)).toBe('first-paint')
  await act(async () => {})
  expect(shown(400)).toBe('loading')
  await act(async () => {})
  mount.remove()
})
