/** What is typed before the emulator is there: kept in its order, and sent as the emulator would have sent it. */
import { act, cleanup, configure, fireEvent, render, waitFor } from '@testing-library/react'
import { StrictMode, createRef } from 'react'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { handDriven, type HandDriven } from '../handDriven.ts'
import { loadRest } from '../loading.ts'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { TerminalPanel, type TerminalPanelHandle, type TerminalPanelProps } from '../TerminalPanel.tsx'
import type { LoadAddon } from '../addons/addons.ts'

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

/** A panel whose emulator waits for `arrive`. */
async function waiting(props: Partial<TerminalPanelProps> = {}) {
  const hands: HandDriven[] = []
  let arrive = (): void => {}
  const gone = new Promise<void>((resolve) => (arrive = resolve))
  const holds: LoadAddon = () => gone.then(() => ({ activate() {}, dispose() {} }))
  const ref = createRef<TerminalPanelHandle>()
  const panel = (more: Partial<TerminalPanelProps>) => (
    <StrictMode>
      <TerminalPanel
        allocationId="a-1"
        ref={ref}
        addons={[holds]}
        connect={() => {
          const hand = handDriven()
          hands.push(hand)
          return hand
        }}
        {...props}
        {...more}
      />
    </StrictMode>
  )
  const { container, rerender } = render(panel({}))
  await act(async () => {})
  const field = (): HTMLInputElement | null => container.querySelector('.nt-early')
  return {
    container,
    ref,
    field,
    early: () => field()!,
    own: () => container.querySelector('textarea'),
    change: (more: Partial<TerminalPanelProps>) => rerender(panel(more)),
    async arrive() {
      arrive()
      await waitFor(() => expect(container.querySelector('textarea')).not.toBeNull())
      await act(async () => {})
    },
    written: () =>
      hands
        .at(-1)!
        .asked.flatMap((asked) => (asked.ask === 'write' ? [asked.input] : []))
        .join(''),
  }
}

/** As a browser does: the key, and then what it makes of it. */
function types(field: HTMLInputElement, text: string): void {
  for (const key of text) {
    fireEvent.keyDown(field, { key })
    fireEvent.input(field, { target: { value: field.value + key } })
  }
}

const press = (field: HTMLInputElement, key: string, keyCode: number, more: KeyboardEventInit = {}): boolean =>
  fireEvent.keyDown(field, { key, keyCode, ...more })

test('text, keys and pastes come in their order, and the focus goes on to the grid', async () => {
  const panel = await waiting()
  panel.ref.current?.focus()
  expect(document.activeElement).toBe(panel.early())
  types(panel.early(), 'lz')
  press(panel.early(), 'Backspace', 8)
  types(panel.early(), 's ')
  fireEvent.paste(panel.early(), { clipboardData: { getData: () => '/srv' } })
  press(panel.early(), 'Tab', 9)
  press(panel.early(), 'ArrowUp', 38)
  press(panel.early(), 'c', 67, { ctrlKey: true })
  press(panel.early(), 'Enter', 13)
  expect(panel.early().value).toBe('')
  await panel.arrive()
  expect(panel.written()).toBe('lz\u007fs /srv\t\u001b[A\u0003\r')
  expect(panel.field()).toBeNull()
  expect(document.activeElement).toBe(panel.own())
})

test('takes the focus at once where the host wants it, and leaves it to a person who has gone on', async () => {
  const panel = await waiting({ autoFocus: true })
  expect(document.activeElement).toBe(panel.early())
  const elsewhere = document.body.appendChild(document.createElement('button'))
  elsewhere.focus()
  await panel.arrive()
  expect(document.activeElement).toBe(elsewhere)
  elsewhere.remove()
})

test('a composition is left alone, and is over before the grid takes the focus', async () => {
  const panel = await waiting({ autoFocus: true })
  const field = panel.early()
  fireEvent.compositionStart(field)
  expect(press(field, 'Process', 229, { isComposing: true })).toBe(true)
  fireEvent.input(field, { target: { value: 'に' } })
  await panel.arrive()
  expect(document.activeElement).toBe(field)
  expect(panel.written()).toBe('')
  fireEvent.input(field, { target: { value: '日本' } })
  fireEvent.compositionEnd(field)
  expect(panel.written()).toBe('日本')
  expect(document.activeElement).toBe(panel.own())
})

test('Escape and then Tab leaves, and other keys of the browser are the browser’s', async () => {
  const panel = await waiting({ autoFocus: true })
  const field = panel.early()
  expect(press(field, 'Tab', 9)).toBe(false)
  expect(press(field, 'Escape', 27)).toBe(false)
  expect(press(field, 'Tab', 9)).toBe(true)
  expect(press(field, 'V', 86, { ctrlKey: true, shiftKey: true })).toBe(true)
  expect(press(field, 'r', 82, { metaKey: true })).toBe(true)
  expect(press(field, 'Shift', 16, { shiftKey: true })).toBe(true)
})

test('what was typed for one terminal never reaches another', async () => {
  const panel = await waiting({ autoFocus: true })
  types(panel.early(), 'rm ')
  panel.change({ allocationId: 'a-2' })
  await act(async () => {})
  expect(document.activeElement).toBe(panel.early())
  types(panel.early(), 'ls')
  await panel.arrive()
  expect(panel.written()).toBe('ls')
})

test('is full at some time, and says so', async () => {
  const panel = await waiting({ autoFocus: true })
  const field = panel.early()
  for (let count = 0; count < 4095; count++)
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', keyCode: 88, ctrlKey: true, cancelable: true }))
  expect(panel.early().readOnly).toBe(false)
  press(panel.early(), 'x', 88, { ctrlKey: true })
  press(panel.early(), 'c', 67, { ctrlKey: true })
  expect(panel.early().readOnly).toBe(true)
  await panel.arrive()
  expect(panel.written()).toBe('\u0018'.repeat(4096))
})

test('is a text field with the name of the terminal, and how to leave it', async () => {
  const panel = await waiting()
  const field = panel.early()
  expect(field.getAttribute('aria-label')).toBe('Terminal')
  expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toContain('Tab')
  expect(panel.container.querySelectorAll('input, textarea')).toHaveLength(1)
  await panel.arrive()
  expect(panel.container.querySelectorAll('input, textarea')).toHaveLength(1)
})
