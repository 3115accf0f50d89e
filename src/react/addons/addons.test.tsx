/** Addons on a mounted panel: cells by clusters, a host's own addon, and one that fails. */
import { act, cleanup, configure, render, waitFor } from '@testing-library/react'
import type { ITerminalAddon, Terminal } from '@xterm/xterm'
import { createRef } from 'react'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { handDriven, type HandDriven } from '../handDriven.ts'
import { loadRest } from '../loading.ts'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { TerminalPanel, type TerminalPanelHandle, type TerminalPanelProps } from '../TerminalPanel.tsx'

beforeAll(async () => {
  standIn()
  // Machines are slow at times; what is waited for is never a matter of time.
  configure({ asyncUtilTimeout: 10_000 })
  await loadRest()
  await import('../xterm/library.ts')
})
afterAll(lastFrame)
afterEach(async () => {
  cleanup()
  await act(async () => {})
})

const FAMILY = '👨‍👩‍👧‍👦'
/** Asks where the cursor is after what was printed. */
const WHERE = '\u001b[6n'

async function printed(output: string, props: Partial<TerminalPanelProps>) {
  const ref = createRef<TerminalPanelHandle>()
  let hand: HandDriven | undefined
  render(<TerminalPanel allocationId="a-1" connect={() => (hand ??= handDriven())} ref={ref} {...props} />)
  const driven = await waitFor(() => hand!)
  act(() => {
    driven.become({ status: { phase: 'ready', since: driven.now() }, everReady: true })
    driven.output(output)
  })
  await waitFor(() => expect(driven.asked.some(({ ask }) => ask === 'consumed')).toBe(true))
  return { hand: driven, ref }
}
const column = (hand: HandDriven): string | undefined =>
  hand.asked.flatMap((asked) => (asked.ask === 'reply' ? [asked.input] : []))[0]

test('a family takes two cells where clusters are asked for, and one for each of its people where not', async () => {
  const clusters = await printed(FAMILY + WHERE, { graphemes: true })
  expect(column(clusters.hand)).toBe('\u001b[1;3R')
  cleanup()
  await act(async () => {})
  const characters = await printed(FAMILY + WHERE, {})
  expect(column(characters.hand)).toBe('\u001b[1;5R')
})

test('an addon of the host is there before the first byte, and goes with the terminal', async () => {
  const seen: string[] = []
  const addon: ITerminalAddon = {
    activate: (terminal: Terminal) => void terminal.parser.registerOscHandler(1337, (data) => (seen.push(data), true)),
    dispose: () => seen.push('disposed'),
  }
  await printed('\u001b]1337;File=x\u0007', { addons: [async () => addon] })
  expect(seen).toEqual(['File=x'])
  cleanup()
  await act(async () => {})
  expect(seen).toEqual(['File=x', 'disposed'])
})

test('an addon that fails is told, and the terminal goes on without it', async () => {
  const onError = vi.fn()
  const breaks: ITerminalAddon = {
    activate() {
      throw new Error('no')
    },
    dispose() {},
  }
  const { ref } = await printed('hello', { onError, addons: [() => Promise.reject(new Error('404')), async () => breaks] })
  expect(ref.current?.serializeText()).toBe('hello')
  expect(onError.mock.calls.map(([error]) => (error as Error).cause)).toEqual([new Error('404'), new Error('no')])
})
