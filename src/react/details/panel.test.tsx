/** The details of a panel: opened by the sign of the line and by Alt F3, over the view, and only then at work. */
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { Profiler, createRef } from 'react'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { handDriven } from '../handDriven.ts'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { TerminalPanel, type TerminalPanelHandle, type TerminalPanelProps } from '../TerminalPanel.tsx'

beforeAll(standIn)
// The first test waits until the drawer and the emulator are compiled.
configure({ asyncUtilTimeout: 10_000 })
vi.setConfig({ testTimeout: 60_000 })
afterAll(lastFrame)
afterEach(async () => {
  cleanup()
  await act(async () => {})
})

async function ready(props: Partial<TerminalPanelProps> = {}) {
  const hand = handDriven()
  const renders = vi.fn()
  const ref = createRef<TerminalPanelHandle>()
  const { container } = render(
    <Profiler id="panel" onRender={renders}>
      <TerminalPanel allocationId="a-1" ref={ref} connect={() => hand} {...props} />
    </Profiler>,
  )
  await waitFor(() => expect(container.querySelector('textarea')).not.toBeNull())
  act(() => hand.become({ status: { phase: 'ready', since: hand.now() }, everReady: true }))
  const panel = container.querySelector('section')!
  const sign = await within(panel).findByRole('button', { name: 'Connection details' })
  return { hand, panel, sign, renders, ref }
}

const opened = () => screen.findByRole('dialog', { name: 'Connection details' })
const closed = () => waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())

test('the sign opens and closes them, over the view and not over the line', async () => {
  const { panel, sign } = await ready()
  fireEvent.click(sign)
  const drawer = await opened()
  expect(drawer.closest('.nt-view')).not.toBeNull()
  expect(within(panel).getByRole('group', { name: 'Terminal status' }).contains(drawer)).toBe(false)
  fireEvent.click(sign)
  await closed()
})

test('Escape in them closes them and gives the focus back to the sign', async () => {
  const { sign } = await ready()
  sign.focus()
  fireEvent.click(sign)
  await opened()
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Close' }))
  fireEvent.keyDown(document.activeElement!, { key: 'Escape' })
  await closed()
  expect(document.activeElement).toBe(sign)
})

test('Alt F3 in the grid opens them and does not reach the shell', async () => {
  const { hand, panel } = await ready()
  const grid = panel.querySelector('textarea')!
  grid.focus()
  fireEvent.keyDown(grid, { key: 'F3', code: 'F3', altKey: true, keyCode: 114 })
  await opened()
  expect(hand.asked.filter(({ ask }) => ask === 'write')).toEqual([])
})

test('say how the grid is drawn', async () => {
  const { sign } = await ready()
  fireEvent.click(sign)
  await opened()
  expect(screen.getByText('Drawn by').nextElementSibling?.textContent).toMatch(/^DOM, \d+ × \d+$/)
})

test('hand the bug report to the host that wants it', async () => {
  const onBugReport = vi.fn()
  const { sign } = await ready({ onBugReport })
  fireEvent.click(sign)
  await opened()
  fireEvent.click(screen.getByRole('button', { name: 'Save report' }))
  expect(onBugReport).toHaveBeenCalledWith(expect.objectContaining({ format: 'nimbus-terminal-report' }))
})

test('are at work only while they are open', async () => {
  const intervals = vi.spyOn(globalThis, 'setInterval')
  const looks = (): number => intervals.mock.calls.filter(([, ms]) => ms === 500).length
  const { hand, renders, sign } = await ready()
  await act(async () => {})
  const before = renders.mock.calls.length
  for (let i = 0; i < 50; i++) await act(async () => void (hand.stat = { ...hand.stat, received: i, roundTripMs: i }))
  expect(renders.mock.calls.length).toBe(before)
  expect(looks()).toBe(0)
  fireEvent.click(sign)
  await opened()
  expect(looks()).toBe(1)
})

test('a host gets the bug report at any time, with facts of its own', async () => {
  const { ref } = await ready()
  expect(ref.current?.bugReport({ app: '4.2' })).toMatchObject({ format: 'nimbus-terminal-report', facts: { app: '4.2' } })
})
