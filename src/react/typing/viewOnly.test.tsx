/** A person who may only look: nothing of theirs, and nothing of their emulator's, reaches the program. */
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { createRef } from 'react'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { handDriven, type HandDriven } from '../handDriven.ts'
import { loadRest } from '../loading.ts'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { TerminalPanel, type TerminalPanelHandle, type TerminalPanelProps } from '../TerminalPanel.tsx'

beforeAll(async () => {
  standIn()
  configure({ asyncUtilTimeout: 10_000 })
  await loadRest()
  await import('../xterm/library.ts')
})
afterAll(lastFrame)
afterEach(async () => {
  cleanup()
  await act(async () => {})
})

async function mount(props: Partial<TerminalPanelProps>, now?: () => number) {
  const hand = handDriven(now)
  const ref = createRef<TerminalPanelHandle>()
  const connect = (): HandDriven => hand
  const panel = (props: Partial<TerminalPanelProps>) => (
    <TerminalPanel allocationId="a-1" connect={connect} ref={ref} {...props} />
  )
  const view = render(panel(props))
  await waitFor(() => expect(view.container.querySelector('textarea')).not.toBeNull())
  act(() => {
    hand.become({ status: { phase: 'ready', since: hand.now() }, everReady: true })
    hand.output('$ ')
  })
  await waitFor(() => expect(ref.current?.serializeText()).toContain('$'))
  return { hand, ref, change: (props: Partial<TerminalPanelProps>) => view.rerender(panel(props)) }
}

const sent = (hand: HandDriven) => hand.asked.filter(({ ask }) => ask === 'write' || ask === 'paste' || ask === 'reply')
const line = (): HTMLElement => screen.getByRole('group', { name: 'Terminal status' })

function paste(text: string): void {
  const event = new Event('paste', { bubbles: true, cancelable: true })
  Object.assign(event, { clipboardData: { getData: () => text, files: [] } })
  act(() => void document.querySelector('textarea')!.dispatchEvent(event))
}

test('neither keys nor pastes nor answers are sent, and the line says who types', async () => {
  const { hand, ref } = await mount({ viewOnly: { typing: 'Ana' } })
  await waitFor(() => expect(line().textContent).toContain('View only. Ana is typing.'))
  fireEvent.keyDown(document.querySelector('textarea')!, { key: 'Enter', keyCode: 13 })
  paste('rm -r .')
  paste('one\ntwo\n')
  paste('x'.repeat(10_000))
  act(() => ref.current?.write('ls\r'))
  act(() => hand.output('\u001b[c\u001b[6n\u001b[?1003h done'))
  await waitFor(() => expect(ref.current?.serializeText()).toContain('done'))
  expect(sent(hand)).toEqual([])
  expect(within(document.body).queryByRole('dialog')).toBeNull()
})

test('typing is possible as soon as the host says so, and refused again with the next change', async () => {
  const { hand, ref, change } = await mount({ viewOnly: true })
  await waitFor(() => expect(line().textContent).toContain('View only.'))
  change({ viewOnly: false })
  await waitFor(() => expect(line().textContent).not.toContain('View only.'))
  act(() => ref.current?.write('a'))
  change({ viewOnly: { typing: 'Ben' } })
  act(() => ref.current?.write('b'))
  await waitFor(() => expect(line().textContent).toContain('Ben is typing.'))
  expect(sent(hand)).toEqual([{ ask: 'write', input: 'a' }])
})

test('a key in vain is told, and the next ones are not', async () => {
  let clock = 0
  const { ref, change } = await mount({ viewOnly: true }, () => clock)
  const spoken = (): string => document.querySelector('.nt [role=status]')?.textContent ?? ''
  act(() => ref.current?.write('a'))
  await waitFor(() => expect(spoken()).toBe('You can look here, but not type.'))
  // Long enough for a sentence to be said again.
  clock = 60_000
  change({ viewOnly: { typing: 'Ana' } })
  await waitFor(() => expect(spoken()).toBe('View only. Ana is typing.'))
  act(() => ref.current?.write('b'))
  expect(spoken()).toBe('View only. Ana is typing.')
})

test('a paste that somebody was asked about, or that flows, goes no further once they may only look', async () => {
  const { hand, change } = await mount({})
  paste(`${'x'.repeat(10_000)}\nls\n`)
  const sheet = await screen.findByRole('dialog')
  change({ viewOnly: true })
  fireEvent.click(within(sheet).getByRole('button', { name: 'Paste 2 lines' }))
  expect(sent(hand)).toEqual([])
  change({})
  paste('x'.repeat(100_000))
  expect(sent(hand).map(({ ask }) => ask)).toEqual(['paste'])
  change({ viewOnly: true })
  await act(async () => {})
  change({})
  await waitFor(() => expect(line().textContent).toContain('Stopped.'))
})
