/** What the panel does where a browser has no clipboard, and what a host hears of programs that want one. */
import { act, cleanup, configure, render, waitFor } from '@testing-library/react'
import { createRef } from 'react'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { handDriven } from '../handDriven.ts'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { TerminalPanel, type TerminalPanelHandle, type TerminalPanelProps } from '../TerminalPanel.tsx'
import { readClipboard, writeClipboard } from './browser.ts'

// A busy machine is slow, and nothing here is about time.
vi.setConfig({ testTimeout: 60_000 })
configure({ asyncUtilTimeout: 20_000 })

beforeAll(standIn)
afterAll(lastFrame)
afterEach(() => {
  cleanup()
  Reflect.deleteProperty(navigator, 'clipboard')
})

const withClipboard = (clipboard: object | undefined): void => {
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard })
}

async function ready(props: Partial<TerminalPanelProps>) {
  const hand = handDriven()
  const ref = createRef<TerminalPanelHandle>()
  const { container } = render(<TerminalPanel allocationId="a-1" connect={() => hand} ref={ref} {...props} />)
  await waitFor(() => expect(container.querySelector('textarea')).not.toBeNull())
  const printed = async (output: string, answered = false): Promise<void> => {
    act(() => hand.output(`${output}\r\nend`, answered))
    await waitFor(() => expect(ref.current?.serializeText()).toContain('end'))
  }
  await act(async () => hand.become({ status: { phase: 'ready', since: hand.now() }, everReady: true }))
  return { printed }
}

describe('copying', () => {
  test('falls back to a selection where the page has no clipboard or may not use it, and says whether that worked', async () => {
    const execCommand = vi.fn((_command: string) => true)
    Object.assign(document, { execCommand })
    for (const clipboard of [undefined, { writeText: () => Promise.reject(new Error('no')) }]) {
      withClipboard(clipboard)
      expect(await writeClipboard(document.body, 'text')).toBe(true)
    }
    expect(execCommand).toHaveBeenCalledTimes(2)
    execCommand.mockReturnValue(false)
    expect(await writeClipboard(document.body, 'text')).toBe(false)
    expect(document.querySelectorAll('textarea')).toHaveLength(0)
  })

  test('leaves the focus where it was', async () => {
    const field = document.body.appendChild(document.createElement('input'))
    field.focus()
    withClipboard(undefined)
    Object.assign(document, { execCommand: () => true })
    await writeClipboard(document.body, 'text')
    expect(document.activeElement).toBe(field)
    field.remove()
  })
})

test('reading gives nothing where the page may not', async () => {
  withClipboard(undefined)
  expect(await readClipboard(document.body)).toBeNull()
  withClipboard({ readText: () => Promise.reject(new Error('no')) })
  expect(await readClipboard(document.body)).toBeNull()
})

describe('a program that wants the clipboard', () => {
  const WRITE = '\u001b]52;c;ZXZpbA==\u0007'

  test('does not get it, and the host hears why, once a second at most', async () => {
    const writeText = vi.fn(async () => {})
    withClipboard({ writeText })
    const onPolicy = vi.fn()
    const { printed } = await ready({ onPolicy })
    await printed(WRITE.repeat(1000))
    expect(onPolicy.mock.calls.map(([{ code, fields }]) => [code, fields])).toEqual([
      ['clipboard_refused', { why: 'off', bytes: 6 }],
    ])
    expect(writeText).not.toHaveBeenCalled()
  })

  test('that nobody sits before is refused even where the host allows it', async () => {
    const writeText = vi.fn(async () => {})
    withClipboard({ writeText })
    const onPolicy = vi.fn()
    const { printed } = await ready({ onPolicy, dangerouslyAllowClipboardWrite: true })
    await printed(WRITE)
    expect(onPolicy.mock.calls[0]?.[0]).toMatchObject({ fields: { why: 'gesture' } })
    expect(writeText).not.toHaveBeenCalled()
  })

  test('is not heard again when its output is replayed', async () => {
    const onPolicy = vi.fn()
    const { printed } = await ready({ onPolicy, dangerouslyAllowClipboardWrite: true })
    await printed(WRITE, true)
    expect(onPolicy).not.toHaveBeenCalled()
  })
})
