/** The find bar as a person meets it, with the real emulator and a connection that is driven by hand. */
import { act, cleanup, configure, fireEvent, render, waitFor, within } from '@testing-library/react'
import { createRef } from 'react'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { handDriven } from '../handDriven.ts'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { TerminalPanel, type TerminalPanelHandle } from '../TerminalPanel.tsx'

// A busy machine is slow, and nothing here is about time.
vi.setConfig({ testTimeout: 60_000 })
configure({ asyncUtilTimeout: 20_000 })

beforeAll(standIn)
afterAll(lastFrame)
afterEach(cleanup)

async function printed(output: string) {
  const hand = handDriven()
  const ref = createRef<TerminalPanelHandle>()
  const { container } = render(<TerminalPanel allocationId="a-1" connect={() => hand} ref={ref} />)
  await waitFor(() => expect(container.querySelector('textarea')).not.toBeNull())
  await act(async () => {
    hand.become({ status: { phase: 'ready', since: hand.now() }, everReady: true })
    hand.output(output)
  })
  await waitFor(() => expect(ref.current?.serializeText()).toContain('$'))
  const panel = container.querySelector('section')!
  return { hand, panel, search: ref.current!.search, clear: ref.current!.clearSearch }
}

const field = (panel: HTMLElement) => within(panel).queryByRole<HTMLInputElement>('textbox', { name: 'Find' })

describe('a host that searches', () => {
  test('hears how often the text is there, and the bar shows it without taking the focus', async () => {
    const { panel, search, clear } = await printed('warn\r\nWarn\r\nprewarned\r\n$ ')
    expect(await act(() => search('warn'))).toEqual({ current: 1, total: 3, more: false })
    expect((await within(panel).findByRole('textbox', { name: 'Find' })) === document.activeElement).toBe(false)
    expect(field(panel)?.value).toBe('warn')
    expect(panel.dataset['state']).toBe('search')
    expect(await act(() => search('warn', { wholeWord: true, matchCase: true }))).toMatchObject({ total: 1 })
    expect(await act(() => search('w(ar|xx)n$', { regex: true }))).toMatchObject({ total: 2 })
    expect(await act(() => search('('))).toMatchObject({ total: 0 })
    expect(await act(() => search('(', { regex: true }))).toEqual({ current: 0, total: 0, more: false })
    act(() => clear())
    expect(field(panel)).toBeNull()
    expect(panel.dataset['state']).toBe('ready')
  })

  test('is answered when the search is closed before it is over', async () => {
    const { search, clear } = await printed('warn\r\n$ ')
    const count = search('warn')
    act(() => clear())
    expect(await act(() => count)).toEqual({ current: 0, total: 0, more: false })
  })

  test('counts what comes later', async () => {
    const { hand, panel, search } = await printed('warn\r\n$ ')
    expect(await act(() => search('warn'))).toMatchObject({ total: 1 })
    act(() => hand.output('warn again\r\n$ '))
    await waitFor(() => expect(panel.querySelector('.nt-field b')?.textContent).toContain('1 of 2'))
  })
})

test('a person opens it with Ctrl Shift F, walks with Enter and closes it with Escape; the query is kept', async () => {
  const { panel } = await printed('warn\r\nwarn\r\n$ ')
  const grid = panel.querySelector('textarea')!
  const open = () =>
    act(() => void fireEvent.keyDown(grid, { key: 'F', code: 'KeyF', keyCode: 70, ctrlKey: true, shiftKey: true }))
  open()
  const input = await within(panel).findByRole('textbox', { name: 'Find' })
  expect(document.activeElement).toBe(input)
  fireEvent.change(input, { target: { value: 'warn' } })
  await waitFor(() => expect(panel.querySelector('.nt-field b')?.textContent).toContain('1 of 2'))
  fireEvent.keyDown(input, { key: 'Enter' })
  expect(panel.querySelector('.nt-field b')?.textContent).toContain('2 of 2')
  fireEvent.keyDown(input, { key: 'Enter', shiftKey: true })
  expect(panel.querySelector('.nt-field b')?.textContent).toContain('1 of 2')
  fireEvent.keyDown(input, { key: 'Escape' })
  expect(field(panel)).toBeNull()
  expect(document.activeElement).toBe(grid)
  open()
  expect((await within(panel).findByRole<HTMLInputElement>('textbox', { name: 'Find' })).value).toBe('warn')
})
