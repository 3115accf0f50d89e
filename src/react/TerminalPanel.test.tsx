/** The panel as a person and a host meet it, with the real emulator and a connection that is driven by hand. */
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { StrictMode, createRef } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { handDriven, type HandDriven } from './handDriven.ts'
import { loadRest } from './loading.ts'
import { lastFrame, standIn } from './pageStandIns.ts'
import { count } from './store.ts'
import { TerminalPanel, type TerminalPanelHandle, type TerminalPanelProps } from './TerminalPanel.tsx'

beforeAll(async () => {
  standIn()
  // Machines are slow at times; what is waited for is never a matter of time.
  configure({ asyncUtilTimeout: 10_000 })
  await loadRest()
  await import('./xterm/library.ts')
  // Some parts ask the navigator when they are loaded, and some tests have another one for a while.
  await import('./lateSlots.tsx')
})

let hands: HandDriven[] = []
const connect = vi.fn((_options: object) => {
  const hand = handDriven()
  hands.push(hand)
  return hand
})

beforeEach(() => {
  hands = []
  connect.mockClear()
})

afterAll(lastFrame)
afterEach(async () => {
  cleanup()
  await act(async () => {})
  expect(count()).toBe(0)
})

const asked = (hand: HandDriven, ...asks: string[]) => hand.asked.filter(({ ask }) => asks.includes(ask))

/** A mounted panel whose emulator is there. */
async function mount(props: Partial<TerminalPanelProps> = {}) {
  const ref = createRef<TerminalPanelHandle>()
  const view = render(
    <StrictMode>
      <TerminalPanel allocationId="a-1" connect={connect} ref={ref} {...props} />
    </StrictMode>,
  )
  await waitFor(() => expect(view.container.querySelector('textarea')).not.toBeNull())
  const hand = hands.at(-1)!
  await act(async () => {})
  return { ...view, hand, ref, panel: view.container.querySelector('section')! }
}

async function ready(props: Partial<TerminalPanelProps> = {}) {
  const mounted = await mount(props)
  const { hand, ref } = mounted
  act(() => {
    hand.become({ status: { phase: 'ready', since: hand.now() }, everReady: true })
    hand.output('$ ')
  })
  await waitFor(() => expect(ref.current?.serializeText()).toContain('$'))
  return mounted
}

/** Shown words: the live regions hold the same sentences. */
const line = (panel: HTMLElement): HTMLElement => within(panel).getByRole('group', { name: 'Terminal status' })

describe('a panel in StrictMode', () => {
  test('opens one connection and one terminal, and keeps them', async () => {
    const { hand } = await mount()
    expect(connect).toHaveBeenCalledTimes(1)
    expect(asked(hand, 'open')).toHaveLength(1)
    expect(asked(hand, 'dispose')).toHaveLength(0)
    expect(document.querySelectorAll('.xterm')).toHaveLength(1)
  })

  test('lets go of everything, without ending the session, when it unmounts', async () => {
    const { hand, unmount } = await mount()
    unmount()
    await act(async () => {})
    expect(asked(hand, 'dispose')).toHaveLength(1)
    expect(asked(hand, 'disconnect')).toHaveLength(0)
    expect(document.querySelectorAll('.xterm')).toHaveLength(0)
  })

  test('connects anew for another allocation', async () => {
    const { rerender, hand } = await mount()
    rerender(<TerminalPanel allocationId="a-2" connect={connect} />)
    await act(async () => {})
    expect(connect).toHaveBeenCalledTimes(2)
    expect(connect.mock.lastCall?.[0]).toMatchObject({ allocationId: 'a-2' })
    expect(asked(hand, 'dispose')).toHaveLength(1)
  })

  test('is not connected anew by props that are new objects with the same meaning', async () => {
    const { rerender } = await mount()
    rerender(<TerminalPanel allocationId="a-1" connect={connect} onReady={() => {}} words={{}} style={{}} getToken={vi.fn()} />)
    await act(async () => {})
    expect(connect).toHaveBeenCalledTimes(2 - 1)
  })
})

test('two panels of one allocation have a connection each, and do not share what is stored', async () => {
  render(
    <>
      <TerminalPanel allocationId="a-1" connect={connect} />
      <TerminalPanel allocationId="a-1" connect={connect} />
    </>,
  )
  await waitFor(() => expect(document.querySelectorAll('textarea')).toHaveLength(2))
  const keys = connect.mock.calls.map(([options]) => (options as { panelKey?: string }).panelKey)
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(2)
})

describe('output', () => {
  test('is drawn and acknowledged, and renders nothing of React', async () => {
    const { hand, ref, panel } = await ready()
    // Whatever a slow start has said stays for a moment, and goes before this begins.
    await waitFor(() => expect(panel.dataset['state']).toBe('ready'))
    await act(async () => {})
    const changes: MutationRecord[] = []
    const observer = new MutationObserver((records) => changes.push(...records))
    for (const part of ['.nt-line', '[role=status]', '[role=alert]'])
      observer.observe(panel.querySelector(part)!, { childList: true, subtree: true, characterData: true, attributes: true })
    const text = 'all work and no play makes a dull boy\r\n'.repeat(2000)
    hand.output(text)
    await waitFor(() => expect(asked(hand, 'consumed').at(-1)).toEqual({ ask: 'consumed', offset: 2 + text.length }))
    expect(ref.current?.serializeText()).toContain('a dull boy')
    expect(changes.concat(observer.takeRecords())).toEqual([])
    observer.disconnect()
  })

  test('reaches the host as it comes', async () => {
    const pieces: string[] = []
    const { hand } = await ready({ onData: (bytes) => pieces.push(new TextDecoder().decode(bytes)) })
    act(() => hand.output('hello'))
    expect(pieces.join('')).toBe('$ hello')
  })

  test('that asks is answered to the program, once, at its offset', async () => {
    const { hand } = await ready()
    act(() => hand.output('\u001b[6n'))
    await waitFor(() => expect(asked(hand, 'reply')).toEqual([{ ask: 'reply', input: '\u001b[1;3R', at: 6 }]))
    expect(asked(hand, 'write')).toEqual([])
  })

  test('that was answered before is not answered again', async () => {
    const { hand } = await ready()
    act(() => {
      hand.output('\u001b[c\u001b[6n', true)
      hand.output('\u001b[5n')
    })
    await waitFor(() => expect(asked(hand, 'reply')).toEqual([{ ask: 'reply', input: '\u001b[0n', at: 13 }]))
  })

  test('sets the title as text, without what could deceive', async () => {
    const { hand, panel } = await ready()
    act(() => hand.output('\u001b]0;<b>bash\u202e</b>\u0007\u001b]7;file://h/srv/shop\u0007'))
    await waitFor(() => expect(line(panel).textContent).toContain('<b>bash</b>'))
    expect(line(panel).textContent).toContain('/srv/shop')
    expect(line(panel).querySelector('b')).toBeNull()
  })

  test('cannot write to the clipboard', async () => {
    const writeText = vi.fn(async () => {})
    vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { clipboard: { writeText } }))
    const { hand } = await ready()
    act(() => hand.output('\u001b]52;c;aGk=\u0007done'))
    await waitFor(() => expect(asked(hand, 'consumed').length).toBeGreaterThan(1))
    expect(writeText).not.toHaveBeenCalled()
  })

  test('that is missing leaves a row that says so, in its place', async () => {
    const { hand, ref } = await ready()
    act(() => {
      hand.output('half a li')
      hand.tell('gap', { bytes: 12_300, end: 12_311 })
      hand.output('next\r\n')
    })
    await waitFor(() => expect(ref.current?.serializeText()).toBe('$ half a li\n[12 KB of output is missing here]\nnext'))
    expect(asked(hand, 'consumed')).toContainEqual({ ask: 'consumed', offset: 12_311 })
  })

  test('of another run begins on a new screen', async () => {
    const { hand, ref } = await ready()
    act(() => {
      hand.output('old')
      hand.tell('reset', {})
      hand.output('new')
    })
    await waitFor(() => expect(ref.current?.serializeText()).toBe('new'))
  })
})

describe('typing', () => {
  test('goes to the program', async () => {
    const { hand, ref } = await ready()
    act(() => ref.current?.write('ls'))
    expect(asked(hand, 'write')).toEqual([{ ask: 'write', input: 'ls' }])
  })

  test('goes nowhere after an end', async () => {
    const { hand, ref } = await ready()
    act(() => hand.status({ phase: 'ended', end: { reason: 'node_disconnected', code: 4018 } }))
    act(() => ref.current?.write('ls'))
    expect(asked(hand, 'write')).toEqual([])
  })

  test('while away is counted, never shown as letters where nothing was echoed, and gone when it was sent', async () => {
    const { hand, ref, panel } = await ready()
    hand.accepts = 'held'
    act(() =>
      hand.status({
        phase: 'lost',
        step: 'waiting',
        since: hand.now() - 1000,
        tries: 1,
        maxTries: 10,
        retryAt: hand.now() + 9000,
        busy: false,
      }),
    )
    act(() => {
      for (const key of 'hunter2') ref.current?.write(key)
    })
    expect(panel.dataset['state']).toBe('held-masked')
    expect(line(panel).textContent).toContain('7 keys waiting')
    expect(panel.textContent).not.toContain('hunter2')
    act(() =>
      hand.become({
        status: { phase: 'ready', since: hand.now() },
        held: { keys: 0, full: false },
        resumed: { at: 1, missing: 0, warm: true },
      }),
    )
    expect(line(panel).textContent).not.toContain('waiting')
  })
})

describe('keys that the panel takes', () => {
  const key = (panel: HTMLElement, init: KeyboardEventInit): boolean => fireEvent.keyDown(panel.querySelector('textarea')!, init)

  test('Enter presses New shell, but not in the first 600 ms', async () => {
    let clock = 0
    const hand = handDriven(() => clock)
    const { panel } = await mount({ connect: () => hand })
    act(() => hand.status({ phase: 'ended', end: { reason: 'shell_exit', code: 1000, exit: { code: 0 } } }))
    clock = 599
    key(panel, { key: 'Enter', keyCode: 13 })
    expect(asked(hand, 'restart')).toHaveLength(0)
    clock = 600
    key(panel, { key: 'Enter', keyCode: 13, repeat: true })
    expect(asked(hand, 'restart')).toHaveLength(0)
    act(() => void key(panel, { key: 'Enter', keyCode: 13 }))
    expect(asked(hand, 'restart')).toHaveLength(1)
    expect(asked(hand, 'write')).toHaveLength(0)
  })

  test('Enter never takes a terminal over', async () => {
    let clock = 0
    const hand = handDriven(() => clock)
    const { panel } = await mount({ connect: () => hand })
    act(() => hand.status({ phase: 'elsewhere', how: 'superseded', canTakeOver: true }))
    clock = 5000
    act(() => void key(panel, { key: 'Enter', keyCode: 13 }))
    expect(asked(hand, 'takeOver')).toHaveLength(0)
  })

  test('Tab goes to the program, and after Escape out of the grid', async () => {
    const { hand, panel } = await ready()
    expect(key(panel, { key: 'Tab', keyCode: 9 })).toBe(false)
    key(panel, { key: 'Escape', keyCode: 27 })
    expect(key(panel, { key: 'Tab', keyCode: 9 })).toBe(true)
    expect(asked(hand, 'write')).toEqual([
      { ask: 'write', input: '\t' },
      { ask: 'write', input: '\u001b' },
    ])
  })
})

describe('a paste', () => {
  function paste(panel: HTMLElement, text: string): void {
    const event = new Event('paste', { bubbles: true, cancelable: true })
    Object.assign(event, { clipboardData: { getData: () => text } })
    act(() => void panel.querySelector('textarea')!.dispatchEvent(event))
    expect(event.defaultPrevented).toBe(true)
  }

  test('of one line is typed', async () => {
    const { hand, panel } = await ready()
    paste(panel, 'git status')
    expect(asked(hand, 'write')).toEqual([{ ask: 'write', input: 'git status' }])
  })

  test('of several lines asks first', async () => {
    const { hand, panel } = await ready()
    paste(panel, 'cd /srv\nls\n')
    const sheet = await within(panel).findByRole('dialog', { name: 'Paste 2 lines?' })
    expect(sheet.textContent).toContain('Each line runs as soon as it arrives.')
    expect(asked(hand, 'write')).toEqual([])
    fireEvent.click(within(sheet).getByRole('button', { name: 'Paste 2 lines' }))
    expect(asked(hand, 'write')).toEqual([{ ask: 'write', input: 'cd /srv\rls\r' }])
    expect(within(panel).queryByRole('dialog')).toBeNull()
  })

  test('of several lines can be joined or cancelled', async () => {
    const { hand, panel } = await ready()
    paste(panel, 'a\n  b\n')
    fireEvent.click(within(panel).getByRole('button', { name: 'Join as one line' }))
    expect(asked(hand, 'write')).toEqual([{ ask: 'write', input: 'a b' }])
    paste(panel, 'a\nb\n')
    fireEvent.keyDown(await within(panel).findByRole('dialog'), { key: 'Escape' })
    expect(within(panel).queryByRole('dialog')).toBeNull()
    expect(asked(hand, 'write')).toHaveLength(1)
  })

  test('does not take the Enter that was still held', async () => {
    const { panel } = await ready()
    paste(panel, 'a\nb\n')
    const button = within(panel).getByRole('button', { name: 'Paste 2 lines' })
    expect(fireEvent.keyDown(button, { key: 'Enter' })).toBe(false)
    expect(fireEvent.keyDown(button, { key: 'Enter', repeat: true })).toBe(false)
  })

  test('is bracketed for a program that asked, and does not ask the person', async () => {
    const { hand, panel } = await ready()
    act(() => hand.output('\u001b[?2004h'))
    await waitFor(() => expect(asked(hand, 'consumed').length).toBeGreaterThan(1))
    paste(panel, 'a\nb')
    expect(asked(hand, 'write')).toEqual([{ ask: 'write', input: '\u001b[200~a\rb\u001b[201~' }])
  })

  test('with hidden characters asks always, and never pastes them', async () => {
    const { hand, panel } = await ready()
    act(() => hand.output('\u001b[?2004h'))
    await waitFor(() => expect(asked(hand, 'consumed').length).toBeGreaterThan(1))
    paste(panel, 'ls\u001b[201~; rm -rf x')
    const sheet = await within(panel).findByRole('alertdialog', { name: 'Paste text with hidden characters?' })
    fireEvent.click(within(sheet).getByRole('button', { name: 'Paste without them' }))
    expect(asked(hand, 'write')).toEqual([{ ask: 'write', input: '\u001b[200~ls; rm -rf x\u001b[201~' }])
  })

  test('of any size flows, and can be stopped', async () => {
    const { hand, panel } = await ready()
    paste(panel, 'x'.repeat(100_000))
    expect(asked(hand, 'paste')).toHaveLength(1)
    const stop = await within(panel).findByRole('button', { name: 'Stop' })
    expect(line(panel).textContent).toContain('Pasting 25 of 100 KB')
    fireEvent.click(stop)
    await waitFor(() => expect(line(panel).textContent).toContain('Stopped. 25 of 100 KB had already been sent.'))
  })
})

describe('the line', () => {
  test('stands in the middle of a view that never showed output, with the button that helps', async () => {
    const { hand, panel } = await mount()
    act(() => hand.status({ phase: 'elsewhere', how: 'tab', canTakeOver: true }))
    const middle = panel.querySelector<HTMLElement>('.nt-empty')!
    expect(middle.textContent).toContain('This terminal is open in another tab.')
    fireEvent.click(within(middle).getByRole('button', { name: 'Take over here' }))
    expect(asked(hand, 'takeOver')).toHaveLength(1)
  })

  test.each([
    ['New shell', 'shell_exit', 'restart'],
    ['Try again', 'internal_error', 'retry'],
    ['Try again', 'target_unreachable', 'restart'],
  ] as const)('offers %s after %s', async (name, reason, ask) => {
    const { hand, panel } = await ready()
    act(() => hand.status({ phase: 'ended', end: { reason, code: 1000 } }))
    fireEvent.click(within(line(panel)).getByRole('button', { name }))
    expect(asked(hand, 'restart', 'retry').map((a) => a.ask)).toEqual([ask])
  })

  test('is said in live regions that are there, and empty, from the first paint', async () => {
    const { container } = render(<TerminalPanel allocationId="a-1" connect={connect} />)
    expect(container.querySelector('[role=status]')?.textContent).toBe('')
    expect(container.querySelector('[role=alert]')?.textContent).toBe('')
    act(() => hands[0]!.status({ phase: 'ended', end: { reason: 'policy_denied', code: 4004 } }))
    expect(screen.getByRole('alert').textContent).toBe('You are not allowed to use this terminal.')
  })

  test('gives back keys that were not sent', async () => {
    const { hand, panel, ref } = await ready()
    act(() => ref.current?.write('g'))
    act(() => hand.output('g'))
    await waitFor(() => expect(ref.current?.serializeText()).toBe('$ g'))
    act(() => {
      ref.current?.write('x')
      hand.tell('unsent', { bytes: new TextEncoder().encode('it'), keys: 2, maybeWritten: false })
      hand.become({ unsent: { keys: 2, bytes: 2 } })
    })
    expect(line(panel).textContent).toContain('2 keys were not sent.')
    const writeText = vi.fn(async (_text: string) => {})
    vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { clipboard: { writeText } }))
    fireEvent.click(within(panel).getByRole('button', { name: 'Copy them' }))
    expect(writeText).toHaveBeenCalledWith('it')
    expect(asked(hand, 'dismissUnsent')).toHaveLength(1)
  })

  test('copies details without output, typing or secrets', async () => {
    const writeText = vi.fn(async (_text: string) => {})
    vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { clipboard: { writeText } }))
    const { hand, panel, ref } = await ready()
    act(() => {
      hand.output('canary-output')
      ref.current?.write('canary-typing')
      hand.status({ phase: 'ended', end: { reason: 'policy_denied', code: 4004 } })
    })
    fireEvent.click(within(panel).getByRole('button', { name: 'Copy details' }))
    const text = writeText.mock.calls[0]?.[0] ?? ''
    expect(text).toContain('policy_denied (4004)')
    expect(text).toContain('a-1')
    expect(text).not.toContain('canary')
  })

  test('has the words that the host gave', async () => {
    const { hand, panel } = await ready({ words: { buttons: { newShell: 'Neue Shell' } } })
    act(() => hand.status({ phase: 'ended', end: { reason: 'user_closed', code: 1000 } }))
    expect(within(panel).getByRole('button', { name: 'Neue Shell' })).toBeDefined()
  })
})

describe('a host', () => {
  test('hears what happens', async () => {
    const heard: string[] = []
    const { hand } = await mount({
      onReady: ({ resumed }) => heard.push(`ready ${resumed}`),
      onClose: ({ reason }) => heard.push(`close ${reason}`),
      onError: ({ message }) => heard.push(`error ${message}`),
      onDiagnostic: ({ code }) => heard.push(`diagnostic ${code}`),
      onPolicy: ({ code }) => heard.push(`policy ${code}`),
    })
    hand.tellConnection('ready', { resumed: false })
    hand.tellConnection('close', { reason: 'shell_exit', code: 1000 })
    hand.tellConnection('error', new Error('x'))
    hand.tellConnection('diagnostic', { timestamp: 0, phase: 'ready', code: 'd', fields: {} })
    hand.tellConnection('policy', { timestamp: 0, phase: 'ready', code: 'p', fields: {} })
    expect(heard).toEqual(['ready false', 'close shell_exit', 'error x', 'diagnostic d', 'policy p'])
  })

  test('with options that cannot work is told, and the panel says that it could not start', async () => {
    const onError = vi.fn()
    const broken = vi.fn(() => {
      throw new TypeError('no such profile')
    })
    const { container } = render(<TerminalPanel allocationId="a-1" connect={broken} onError={onError} />)
    expect(container.querySelector('section')?.dataset['state']).toBe('failed')
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'no such profile' }))
    expect(container.querySelector('.nt-grid')).toBeNull()
    const tries = broken.mock.calls.length
    fireEvent.click(within(container.querySelector('.nt-empty')!).getByRole('button', { name: 'Try again' }))
    expect(broken.mock.calls.length).toBeGreaterThan(tries)
  })

  test('that could not work does so as soon as the host has said something else', async () => {
    const hand = handDriven()
    const connect = ({ allocationId }: { readonly allocationId: string }) => {
      if (allocationId === '') throw new TypeError('no id')
      return hand
    }
    const { container, rerender } = render(<TerminalPanel allocationId="" connect={connect} />)
    expect(container.querySelector('section')?.dataset['state']).toBe('failed')
    rerender(<TerminalPanel allocationId="a-1" connect={connect} />)
    await waitFor(() => expect(container.querySelector('textarea')).not.toBeNull())
    expect(container.querySelector('section')?.dataset['state']).not.toBe('failed')
  })
})
