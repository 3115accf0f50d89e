/** What a flood costs a page besides its emulator: React does nothing for it. */
import { act, cleanup, render, waitFor } from '@testing-library/react'
import { Profiler } from 'react'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { handDriven } from './handDriven.ts'
import { loadRest } from './loading.ts'
import { lastFrame, standIn } from './pageStandIns.ts'
import { TerminalPanel } from './TerminalPanel.tsx'

beforeAll(async () => {
  standIn()
  await loadRest()
})
afterAll(lastFrame)
afterEach(cleanup)

const PIECE = 'all work and no play makes a dull boy\r\n'.repeat(1640)

test('a mebibyte of output renders nothing', async () => {
  const hand = handDriven()
  let renders = 0
  const { container } = render(
    <Profiler id="panel" onRender={() => renders++}>
      <TerminalPanel allocationId="a-1" connect={() => hand} />
    </Profiler>,
  )
  const drawn = (): number => hand.asked.reduce((most, one) => (one.ask === 'consumed' ? one.offset : most), 0)
  await waitFor(() => expect(container.querySelector('textarea')).not.toBeNull())
  act(() => hand.become({ status: { phase: 'ready', since: hand.now() }, everReady: true }))
  act(() => hand.output('$ '))
  await waitFor(() => expect(container.querySelector('section')?.dataset['state']).toBe('ready'))
  // The features come after the first screen, and what they draw with them.
  await waitFor(() => expect(container.querySelector('.nt-tools')).not.toBeNull())
  await act(async () => void (await import('./lateSlots.tsx')))
  const before = renders
  let end = 2
  for (let piece = 0; piece < 16; piece++) {
    hand.output(PIECE)
    // The client tells its watchers of a flood's pauses and credit too, and none of it changes what is to be seen.
    act(() => hand.become({}))
    end += PIECE.length
  }
  expect(end).toBeGreaterThan(1_000_000)
  await waitFor(() => expect(drawn()).toBe(end), { timeout: 20_000 })
  expect(renders - before).toBe(0)
})
