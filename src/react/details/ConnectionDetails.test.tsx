/** The details by themselves, over a client that is real and one that is driven by hand. */
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { resumption } from '../../testing/clientScript.ts'
import { world } from '../../testing/clientWorld.ts'
import { handDriven } from '../handDriven.ts'
import { ConnectionDetails } from './ConnectionDetails.tsx'
import { fileName } from './saveReport.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }))
afterEach(() => {
  cleanup()
  // What is left over runs once, and nothing of ours starts it again.
  vi.runOnlyPendingTimers()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** What stands beside a term. */
function figure(term: string): string {
  return screen.getByText(term).nextElementSibling?.textContent ?? ''
}

function cutAndBack() {
  const w = world()
  const channel = w.ready()
  channel.on('data', ({ end }) => channel.consumed(end))
  w.socket.print('four')
  channel.write('abc')
  w.clock.advance(1000)
  w.socket.events.closed(1006, '')
  w.clock.advance(1000)
  w.admit(resumption({ from: 4, received: 3 }))
  w.socket.say({ t: 'flow', id: 1, credit: 0, ack: 3 })
  return w
}

describe('figures', () => {
  test('say how the connection is', () => {
    const w = cutAndBack()
    render(<ConnectionDetails connection={w.runner} drawing={() => ({ renderer: 'dom', cols: 80, rows: 24 })} />)
    expect(figure('Output')).toBe('4 bytes received, 0 missing')
    expect(figure('Typing')).toBe('3 sent, 0 waiting')
    expect(figure('Reconnects')).toBe('1, nothing lost')
    expect(figure('Drawn by')).toBe('DOM, 80 × 24')
    expect(figure('Output bytes')).toBe('4, drawn to 4')
    expect(figure('Typed bytes')).toBe('3, taken to 3')
    expect(figure('Pauses')).toBe('None')
  })

  test('say nothing of a grid that nobody told of', () => {
    render(<ConnectionDetails connection={handDriven()} />)
    expect(screen.queryByText('Drawn by')).toBeNull()
    expect(figure('State')).toBe('Not connected')
    expect(figure('Round trip')).toBe('Not measured yet')
  })

  test.each([
    [{ phase: 'ready', since: 0 }, 'Connected for 18 min'],
    [{ phase: 'lost', step: 'waiting', since: 0, tries: 1, maxTries: 10, busy: false }, 'Connection lost for 18 min'],
    [{ phase: 'starting', step: 'authorizing', since: 0 }, 'Checking your access'],
    [{ phase: 'elsewhere', how: 'superseded', canTakeOver: true }, 'Another tab took over this terminal.'],
    [
      { phase: 'ended', end: { reason: 'shell_exit', code: 1000, exit: { code: 3 } } },
      'The shell exited with code 3. (shell_exit, 1000)',
    ],
  ] as const)('state: %j', (status, words) => {
    const hand = handDriven(() => 18 * 60_000)
    hand.status(status)
    render(<ConnectionDetails connection={hand} />)
    expect(figure('State')).toBe(words)
  })

  test('an end after failed tries counts them', () => {
    const hand = handDriven()
    const lost = {
      timestamp: 0,
      phase: 'lost',
      code: 'socket-lost',
      fields: { code: 1006, in: 'connecting' },
      bus: 'diagnostic',
      at: 0,
    } as const
    hand.recents = { notes: [{ ...lost, times: 10 }], roundTrips: [] }
    hand.status({ phase: 'ended', end: { reason: 'browser_disconnected', code: 1006 } })
    render(<ConnectionDetails connection={hand} />)
    expect(figure('State')).toBe('No connection after 10 tries. (browser_disconnected, 1006)')
  })
})

test('looks again twice a second while it is shown, and never after', () => {
  const hand = handDriven()
  const stats = vi.spyOn(hand, 'stats')
  const { unmount } = render(<ConnectionDetails connection={hand} />)
  const before = stats.mock.calls.length
  hand.stat = { ...hand.stat, received: 4_200_000 }
  expect(figure('Output')).toBe('0 bytes received, 0 missing')
  act(() => void vi.advanceTimersByTime(500))
  expect(figure('Output')).toBe('4.2 MB received, 0 missing')
  act(() => void vi.advanceTimersByTime(10_000))
  expect(stats.mock.calls.length - before).toBeLessThanOrEqual(21)
  unmount()
  const last = stats.mock.calls.length
  vi.advanceTimersByTime(10_000)
  expect(stats.mock.calls.length).toBe(last)
})

test('lists what happened, with the time of day', () => {
  render(<ConnectionDetails connection={cutAndBack().runner} />)
  const lines = within(screen.getByRole('list', { name: /newest first/ })).getAllByRole('listitem')
  expect(lines.map((line) => line.textContent)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^\d\d:\d\d:\d\dConnection lost \(1006\)$/)]),
  )
})

test('draws the round trips of the last minute', () => {
  const hand = handDriven(() => 60_000)
  hand.recents = { notes: [], roundTrips: [{ at: 30_000, ms: 24 }] }
  render(<ConnectionDetails connection={hand} />)
  expect(screen.getByRole('img', { name: 'Round trip over the last minute' }).querySelector('path')?.getAttribute('d')).toMatch(
    /^M150 /,
  )
  expect(figure('Round trip')).toBe('24 ms, worst 24 ms in 1 min')
})

describe('a report', () => {
  test('is saved as a file with the report in it', async () => {
    let saved: Blob | null = null
    let name = ''
    vi.stubGlobal(
      'URL',
      Object.assign(URL, { createObjectURL: (blob: Blob) => ((saved = blob), 'blob:x'), revokeObjectURL: vi.fn() }),
    )
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      name = this.download
    })
    const w = cutAndBack()
    render(<ConnectionDetails connection={w.runner} />)
    fireEvent.click(screen.getByRole('button', { name: 'Save report' }))
    expect(click).toHaveBeenCalledOnce()
    expect(name).toBe(fileName(w.runner.report()))
    const text = await saved!.text()
    expect(JSON.parse(text)).toMatchObject({ format: 'nimbus-terminal-report', facts: { userAgent: navigator.userAgent } })
    expect(screen.getByRole('status').textContent).toBe('Saved')
    act(() => void vi.advanceTimersByTime(2000))
    expect(screen.getByRole('button', { name: 'Save report' })).toBeTruthy()
  })

  test('goes to the host that asks for it', () => {
    const onBugReport = vi.fn()
    render(<ConnectionDetails connection={cutAndBack().runner} onBugReport={onBugReport} />)
    fireEvent.click(screen.getByRole('button', { name: 'Save report' }))
    expect(onBugReport).toHaveBeenCalledWith(expect.objectContaining({ format: 'nimbus-terminal-report', version: 1 }))
  })

  test('is copied as text that a person can read', () => {
    const writeText = vi.fn((_text: string) => Promise.resolve())
    vi.stubGlobal('navigator', { ...navigator, userAgent: 'Browser/1.0', language: 'en', onLine: true, clipboard: { writeText } })
    render(<ConnectionDetails connection={cutAndBack().runner} />)
    fireEvent.click(screen.getByRole('button', { name: 'Copy report' }))
    const [text = ''] = writeText.mock.calls[0] ?? []
    expect(text).toMatch(/^Connection details\n2026-01-01T.*\n@nimbus\/terminal .*, nimbus.v1\nBrowser\/1.0\n\nState: /)
    expect(text).toContain('Connection lost (1006)')
    expect(screen.getByRole('button', { name: 'Copied' })).toBeTruthy()
    act(() => void vi.advanceTimersByTime(2000))
  })

  test('promises what is not in it', () => {
    render(<ConnectionDetails connection={handDriven()} />)
    expect(screen.getByText('No output, typing or secrets.')).toBeTruthy()
  })
})

describe('as a dialog', () => {
  test('takes the focus, closes by Escape and by its button, and gives the focus back', () => {
    const onClose = vi.fn()
    const page = (open: boolean) => (
      <>
        <button type="button">before</button>
        {open && <ConnectionDetails connection={handDriven()} onClose={onClose} />}
      </>
    )
    const { rerender } = render(page(false))
    screen.getByText('before').focus()
    rerender(page(true))
    expect(screen.getByRole('dialog', { name: 'Connection details' })).toBeTruthy()
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Close' }))
    fireEvent.keyDown(document.activeElement!, { key: 'Escape' })
    fireEvent.click(screen.getByRole('button', { name: 'Close' }))
    expect(onClose).toHaveBeenCalledTimes(2)
    rerender(page(false))
    expect(document.activeElement).toBe(screen.getByText('before'))
  })

  test('leaves the focus alone where it is elsewhere when it closes', () => {
    const page = (open: boolean) => (
      <>
        <button type="button">before</button>
        <button type="button">other</button>
        {open && <ConnectionDetails connection={handDriven()} onClose={() => {}} />}
      </>
    )
    const { rerender } = render(page(false))
    screen.getByText('before').focus()
    rerender(page(true))
    screen.getByText('other').focus()
    rerender(page(false))
    expect(document.activeElement).toBe(screen.getByText('other'))
  })

  test('without a way to close it is a part of the page that takes no focus', () => {
    render(<ConnectionDetails connection={handDriven()} />)
    expect(screen.getByRole('region', { name: 'Connection details' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Close' })).toBeNull()
    expect(document.activeElement).toBe(document.body)
  })
})

test('a host has its own words', () => {
  render(<ConnectionDetails connection={handDriven()} words={{ details: { title: 'Verbindung', copy: 'Kopieren' } }} />)
  expect(screen.getByRole('region', { name: 'Verbindung' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Kopieren' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Save report' })).toBeTruthy()
})
