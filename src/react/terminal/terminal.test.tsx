/** The interface of the panel as a host uses it: settings that are shared, frames of one's own, slots, props that change, events and verbs. */
import { act, cleanup, configure, fireEvent, render, waitFor, within } from '@testing-library/react'
import { createRef, StrictMode, Suspense, useState, useTransition, type ReactNode } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { handDriven, type HandDriven } from '../handDriven.ts'
import { loadRest } from '../loading.ts'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { count, type PanelConnectOptions, type PanelTarget } from '../store.ts'
import { TerminalPanel, type TerminalPanelHandle, type TerminalPanelProps } from '../TerminalPanel.tsx'
import { german } from '../words/de.ts'
import { TerminalProvider } from './TerminalProvider.tsx'
import { useTerminal } from './useTerminal.tsx'

beforeAll(async () => {
  standIn()
  configure({ asyncUtilTimeout: 10_000 })
  await loadRest()
  await import('../xterm/library.ts')
}, 60_000)

let hands: HandDriven[] = []
const connect = vi.fn((_options: PanelConnectOptions) => {
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

async function emulatorIn(container: HTMLElement): Promise<HandDriven> {
  await waitFor(() => expect(container.querySelector('textarea')).not.toBeNull())
  await act(async () => {})
  return hands.at(-1)!
}

function becomeReady(hand: HandDriven, output = '$ '): void {
  act(() => {
    hand.become({ status: { phase: 'ready', since: hand.now() }, everReady: true })
    hand.output(output)
  })
}

async function ready(props: Partial<TerminalPanelProps> = {}, around = (panel: ReactNode): ReactNode => panel) {
  const ref = createRef<TerminalPanelHandle>()
  const draw = (more: Partial<TerminalPanelProps>) => (
    <StrictMode>{around(<TerminalPanel allocationId="a-1" connect={connect} ref={ref} {...more} />)}</StrictMode>
  )
  const view = render(draw(props))
  const hand = await emulatorIn(view.container)
  becomeReady(hand)
  await waitFor(() => expect(ref.current?.serializeText()).toContain('$'))
  const panel = view.container.querySelector('section')!
  return { ...view, change: (more: Partial<TerminalPanelProps>) => view.rerender(draw(more)), hand, ref, panel }
}

const end = (hand: HandDriven): void => act(() => hand.status({ phase: 'ended', end: { reason: 'user_closed', code: 1000 } }))

describe('shared settings', () => {
  test('reach every panel; what a panel says wins, and what it leaves undefined does not', async () => {
    const shared = vi.fn()
    const own = vi.fn()
    const { hand, panel } = await ready({ theme: undefined, contrast: 'normal', onClose: own }, (panel) => (
      <TerminalProvider endpoint="https://t.example" theme="dark" contrast="more" onClose={shared} onTitle={shared}>
        {panel}
      </TerminalProvider>
    ))
    expect(connect.mock.lastCall?.[0]).toMatchObject({ endpoint: 'https://t.example', allocationId: 'a-1' })
    expect(panel.dataset).toMatchObject({ theme: 'dark', contrast: 'normal' })
    hand.tellConnection('close', { reason: 'shell_exit', code: 1000 })
    expect(own).toHaveBeenCalledTimes(1)
    expect(shared).not.toHaveBeenCalled()
  })

  test('of a provider inside another one add to its settings, and words sentence by sentence', async () => {
    const { hand, panel } = await ready({ words: { buttons: { close: 'Zu' } } }, (panel) => (
      <TerminalProvider theme="dark" words={german}>
        <TerminalProvider contrast="more" words={{ buttons: { newShell: 'Von vorn' } }}>
          {panel}
        </TerminalProvider>
      </TerminalProvider>
    ))
    expect(panel.dataset).toMatchObject({ theme: 'dark', contrast: 'more' })
    expect(panel.lang).toBe('de')
    end(hand)
    expect(within(panel).getByRole('button', { name: 'Von vorn' })).toBeDefined()
    expect(within(panel).getByRole('group', { name: 'Zustand des Terminals' }).textContent).toContain(
      'Sie haben dieses Terminal geschlossen.',
    )
  })

  test('that change leave the session as it is', async () => {
    const tree = (theme: 'dark' | 'light') => (
      <TerminalProvider theme={theme} connect={connect}>
        <TerminalPanel allocationId="a-1" />
      </TerminalProvider>
    )
    const { container, rerender } = render(tree('dark'))
    await emulatorIn(container)
    const field = container.querySelector('textarea')
    rerender(tree('light'))
    expect(container.querySelector('section')?.dataset['theme']).toBe('light')
    expect(container.querySelector('textarea')).toBe(field)
    expect(connect).toHaveBeenCalledTimes(1)
  })
})

/** What names a session. */
type Identity = keyof PanelTarget
type Changeable = Exclude<keyof TerminalPanelProps, Identity>

/** Another value for everything that may change at any time: a prop that is missing here does not compile. */
const OTHERS: { readonly [Name in Changeable]-?: TerminalPanelProps[Name] } = {
  addons: [],
  autoFocus: true,
  className: 'mine',
  connect: () => handDriven(),
  contrast: 'more',
  copyOnSelect: true,
  dangerouslyAllowClipboardWrite: true,
  graphemes: true,
  home: '/home/ana',
  label: 'Another name',
  linkHosts: ['example.com'],
  middleClick: 'paste',
  onBell: () => {},
  onBugReport: () => {},
  onClose: () => {},
  onCommand: () => {},
  onCwd: () => {},
  onData: () => {},
  onDiagnostic: () => {},
  onDropFiles: () => {},
  onError: () => {},
  onOpenLink: () => {},
  onPolicy: () => {},
  onProgress: () => {},
  onReady: () => {},
  onSaveOutput: () => {},
  onSignIn: () => {},
  onTitle: () => {},
  renderer: 'dom',
  getToken: async () => ({ token: 't' }) as never, // never asked: the connection is driven by hand
  rightClick: 'paste',
  scrollback: 50,
  shortcuts: false,
  slots: { status: (usual) => usual },
  softKeys: 'always',
  speakProgress: true,
  style: { height: 300 },
  theme: 'light',
  viewOnly: true,
  words: german,
}

const IDENTITIES: { readonly [Name in Exclude<Identity, 'allocationId'>]-?: PanelTarget[Name] } = {
  endpoint: 'https://t.example',
  panelKey: 'left',
  storage: 'memory',
  hidden: 'continue',
  profile: 'nimbus.v1',
  url: 'wss://t.example',
}

describe('props that change', () => {
  test('leave session, socket and screen as they are, each of them', async () => {
    const { change, container, ref, hand } = await ready()
    const field = container.querySelector('textarea')
    for (const [name, value] of Object.entries(OTHERS)) {
      change({ [name]: value })
      await act(async () => {})
      expect({ name, connections: connect.mock.calls.length }).toEqual({ name, connections: 1 })
      expect({ name, same: container.querySelector('textarea') === field }).toEqual({ name, same: true })
      expect({ name, screen: ref.current?.serializeText() }).toEqual({ name, screen: '$' })
    }
    expect(hand.asked.filter(({ ask }) => ['open', 'dispose', 'disconnect'].includes(ask))).toHaveLength(1)
  })

  test.each(Object.entries(IDENTITIES))('but for %s, which names another session', async (name, value) => {
    const { change, hand } = await ready()
    change({ [name]: value })
    await act(async () => {})
    expect(connect).toHaveBeenCalledTimes(2)
    expect(connect.mock.lastCall?.[0]).toMatchObject({ [name]: value })
    expect(hand.asked.filter(({ ask }) => ask === 'dispose')).toHaveLength(1)
  })

  test('are heard: the newest way to a token is the one that is asked', async () => {
    const first = vi.fn()
    const second = vi.fn()
    const { change } = await ready({ getToken: first })
    change({ getToken: second })
    void connect.mock.lastCall?.[0].getToken?.({ allocation: 'a-1' } as never) // what the client would ask with
    expect(first).not.toHaveBeenCalled()
    expect(second).toHaveBeenCalledWith({ allocation: 'a-1' })
  })

  test.each([1.5, -3, Number.NaN])('to a scrollback of %d lines start the terminal all the same', async (scrollback) => {
    const { hand, ref } = await ready({ scrollback })
    act(() => hand.output('there'))
    await waitFor(() => expect(ref.current?.serializeText()).toContain('there'))
  })

  test('in a transition, and a tree that waits for something meanwhile, keep the session', async () => {
    let go: (() => void) | null = null
    let waits: Promise<void> | null = null
    function Slow({ on }: { readonly on: boolean }): ReactNode {
      if (on && waits === null) waits = new Promise((resolve) => (go = resolve))
      // How a component waits, in every React that the panel runs on.
      if (on && go !== null) throw waits
      return on ? 'there' : 'not asked'
    }
    function Page(): ReactNode {
      const [on, setOn] = useState(false)
      const [busy, start] = useTransition()
      return (
        <>
          <button type="button" onClick={() => start(() => setOn(true))}>
            {busy ? 'busy' : 'later'}
          </button>
          <button type="button" onClick={() => setOn(true)}>
            now
          </button>
          <Suspense fallback="waiting">
            <TerminalPanel allocationId="a-1" connect={connect} />
            <p>
              <Slow on={on} />
            </p>
          </Suspense>
        </>
      )
    }
    const { container, getByText } = render(<Page />)
    const hand = await emulatorIn(container)
    const field = container.querySelector('textarea')
    const arrived = async (): Promise<void> => {
      await act(async () => {
        go?.()
        go = null
        await waits
      })
    }
    fireEvent.click(getByText('later'))
    await act(async () => {})
    expect(getByText('busy')).toBeDefined()
    fireEvent.click(getByText('now'))
    await act(async () => {})
    expect(container.textContent).toContain('waiting')
    await arrived()
    await waitFor(() => expect(container.textContent).toContain('there'))
    expect(container.querySelector('textarea')).toBe(field)
    expect(connect).toHaveBeenCalledTimes(1)
    expect(hand.asked.filter(({ ask }) => ask === 'dispose')).toEqual([])
  })
})

describe('a frame of one’s own', () => {
  function Mine({ place = 'left' }: { readonly place?: 'left' | 'right' | 'nowhere' }): ReactNode {
    const terminal = useTerminal('a-1', { connect, label: 'Mine' })
    const { frame, grid, parts, line, act, handle } = terminal
    return (
      <section {...frame}>
        <header>{line.id}</header>
        {place !== 'nowhere' && (
          <div key={place} data-testid={place}>
            <div {...grid} />
          </div>
        )}
        {line.action && (
          <button type="button" onClick={() => line.action && act(line.action.kind)}>
            Mine: {line.action.label}
          </button>
        )}
        <button type="button" onClick={() => handle.write('ls')}>
          list
        </button>
        {parts.speech}
        {parts.overlays}
      </section>
    )
  }

  test('has the grid, the line as data, buttons that act, and both live regions', async () => {
    const { container, getByText, getByRole } = render(<Mine />)
    const hand = await emulatorIn(container)
    becomeReady(hand)
    await waitFor(() => expect(container.querySelector('header')?.textContent).toBe('ready'))
    expect(getByRole('region', { name: 'Mine' }).lang).toBe('en')
    fireEvent.click(getByText('list'))
    expect(hand.asked).toContainEqual({ ask: 'write', input: 'ls' })
    end(hand)
    expect(getByRole('status').textContent).toBe('You closed this terminal.')
    expect(getByRole('alert').textContent).toBe('')
    fireEvent.click(getByText('Mine: New shell'))
    expect(hand.asked).toContainEqual({ ask: 'restart' })
  })

  test('takes the grid from one element into another, with its session, and keeps it while there is none', async () => {
    const { container, rerender, getByTestId } = render(<Mine />)
    await emulatorIn(container)
    const field = container.querySelector('textarea')
    rerender(<Mine place="nowhere" />)
    await act(async () => {})
    rerender(<Mine place="right" />)
    await act(async () => {})
    expect(getByTestId('right').contains(field)).toBe(true)
    expect(connect).toHaveBeenCalledTimes(1)
  })
})

describe('slots', () => {
  test('draw in the line, in the middle and over the view; what is said stays the panel’s own', async () => {
    const { hand, panel } = await ready({
      slots: {
        status: (usual, { line }) => (
          <>
            {usual}
            <em>{line.id}</em>
          </>
        ),
        overlay: (usual, { handle }) => (
          <>
            {usual}
            <button type="button" onClick={() => handle.write('x')}>
              record
            </button>
          </>
        ),
      },
    })
    const line = within(panel).getByRole('group', { name: 'Terminal status' })
    expect(line.querySelector('em')?.textContent).toBe(panel.dataset['state'])
    fireEvent.click(within(panel).getByText('record'))
    expect(hand.asked).toContainEqual({ ask: 'write', input: 'x' })
    end(hand)
    expect(line.dataset['level']).toBe('needsYou')
    expect(within(line).getByRole('button', { name: 'New shell' })).toBeDefined()
    expect(within(panel).getByRole('status').textContent).toBe('You closed this terminal.')
  })

  test('of the middle may hide it, and are drawn only where it is', async () => {
    const middle = vi.fn(() => null)
    const { container } = render(<TerminalPanel allocationId="a-1" connect={connect} slots={{ middle }} />)
    const hand = await emulatorIn(container)
    expect(middle).not.toHaveBeenCalled()
    act(() => hand.status({ phase: 'ended', end: { reason: 'policy_denied', code: 4004 } }))
    expect(middle).toHaveBeenCalled()
    expect(container.querySelector('.nt-empty')).toBeNull()
    expect(container.querySelector('[role=alert]')?.textContent).toBe('You are not allowed to use this terminal.')
  })
})

describe('events', () => {
  test('come once each, also where everything is mounted twice', async () => {
    const heard: string[] = []
    const { hand, ref, panel } = await ready({
      onReady: ({ resumed }) => heard.push(`ready ${resumed}`),
      onData: (bytes) => heard.push(`data ${bytes.length}`),
      onClose: ({ reason, code }) => heard.push(`close ${reason} ${code}`),
      onError: ({ message }) => heard.push(`error ${message}`),
      onTitle: (title) => heard.push(`title ${title}`),
      onBell: () => heard.push('bell'),
      onCwd: (path) => heard.push(`cwd ${path}`),
      onCommand: ({ command, exitCode }) => heard.push(`command ${command} ${exitCode}`),
      onProgress: (progress) => heard.push(`progress ${progress?.kind} ${progress?.percent}`),
      onDiagnostic: ({ code }) => heard.push(`diagnostic ${code}`),
      onPolicy: ({ code }) => heard.push(`policy ${code}`),
      onBugReport: ({ made }) => heard.push(`report ${typeof made}`),
      onSaveOutput: ({ type, text }) => heard.push(`saved ${type} ${text.length > 0}`),
    })
    expect(heard.splice(0)).toEqual(['data 2'])
    const hear = async (happens: () => void, expected: readonly string[]): Promise<void> => {
      await act(async () => happens())
      await waitFor(() => expect(heard.filter((one) => !one.startsWith('data'))).toEqual(expected))
      heard.length = 0
    }
    await hear(() => hand.tellConnection('ready', { resumed: true }), ['ready true'])
    await hear(() => hand.output('\u001b]0;vim\u0007'), ['title vim'])
    await hear(() => hand.output('\u0007'), ['bell'])
    await hear(() => hand.output('\u001b]7;file:///srv\u0007'), ['cwd /srv'])
    await hear(
      () => hand.output('\u001b]133;A\u0007$ \u001b]133;B\u0007ls\r\n\u001b]133;C\u0007x\r\n\u001b]133;D;2\u0007'),
      ['command ls 2'],
    )
    await hear(() => hand.output('\u001b]9;4;1;40\u0007'), ['progress normal 40'])
    await hear(() => hand.tellConnection('error', new Error('x')), ['error x'])
    await hear(() => hand.tellConnection('diagnostic', { timestamp: 0, phase: 'ready', code: 'd', fields: {} }), ['diagnostic d'])
    await hear(() => hand.tellConnection('policy', { timestamp: 0, phase: 'ready', code: 'p', fields: {} }), ['policy p'])
    await hear(() => void ref.current?.save('text'), ['saved text/plain true'])
    act(() => ref.current?.showDetails(true))
    const save = await within(panel).findByRole('button', { name: 'Save report' })
    await hear(() => fireEvent.click(save), ['report object'])
    await hear(() => hand.tellConnection('close', { reason: 'shell_exit', code: 1000 }), ['close shell_exit 1000'])
  })

  test('of a shortcut without a key comes once, also where the host makes its settings anew with each render', async () => {
    const errors: string[] = []
    const props = (find: string) => ({ shortcuts: { find }, onError: ({ message }: Error) => void errors.push(message) })
    const { change, container } = await ready(props('Ctrl+Foo+A'))
    const press = () => fireEvent.keyDown(container.querySelector('textarea')!, { key: 'a', keyCode: 65 })
    press()
    change(props('Ctrl+Foo+A'))
    press()
    expect(errors).toEqual([expect.stringContaining('No key is called Ctrl+Foo+A.')])
    change(props('Ctrl+Bar+K'))
    press()
    expect(errors).toHaveLength(2)
  })
})

describe('verbs', () => {
  test('do nothing, and find nothing, before there is a session', async () => {
    const ref = createRef<TerminalPanelHandle>()
    const { unmount } = render(<TerminalPanel allocationId="a-1" connect={connect} ref={ref} />)
    const handle = ref.current
    unmount()
    handle?.paste('x')
    handle?.clear()
    handle?.scrollTo('end')
    handle?.showDetails(true)
    expect(await handle?.serialize('html')).toBe('')
    expect(handle?.selection()).toBe('')
    expect(handle?.commands()).toEqual([])
  })

  test('do nothing, and find nothing, once the terminal is gone', async () => {
    const saved = vi.fn()
    const { hand, ref, unmount } = await ready({ onSaveOutput: saved })
    act(() => hand.output('gone soon'))
    await waitFor(() => expect(ref.current?.serializeText()).toContain('gone soon'))
    expect(await ref.current?.search('soon')).toMatchObject({ total: 1 })
    const handle = ref.current!
    unmount()
    await act(async () => {})
    const before = hand.asked.length
    handle.focus()
    handle.fit()
    handle.clear()
    handle.paste('x')
    handle.scrollTo('start')
    handle.scrollTo(3)
    handle.showDetails(true)
    handle.clearSearch()
    await handle.save('text')
    expect(saved).not.toHaveBeenCalled()
    expect(await handle.serialize('html')).toBe('')
    expect(await handle.search('soon')).toMatchObject({ total: 0 })
    expect(await handle.record()).toBeNull()
    expect([handle.selection(), handle.serializeText(), handle.commands(), handle.copyLastOutput()]).toEqual(['', '', [], false])
    expect(hand.asked.slice(before).filter(({ ask }) => ask !== 'write')).toEqual([])
  })

  test('paste as a person would: short text is typed, several lines are asked about', async () => {
    const { hand, ref, panel } = await ready()
    act(() => ref.current?.paste('one line'))
    expect(hand.asked).toContainEqual({ ask: 'write', input: 'one line' })
    act(() => ref.current?.paste('a\nb'))
    expect(await within(panel).findByRole('dialog')).toBeDefined()
    expect(hand.asked.filter(({ ask }) => ask === 'write')).toHaveLength(1)
  })

  test('clear, scroll, select, serialize', async () => {
    const { hand, ref } = await ready()
    const rows = Array.from({ length: 80 }, (_, row) => `row ${row}`).join('\r\n')
    act(() => hand.output(`${rows}\u001b[31m!\u001b[0m`))
    await waitFor(() => expect(ref.current?.serializeText()).toContain('row 79!'))
    expect(ref.current?.selection()).toBe('')
    ref.current?.scrollTo('start')
    ref.current?.scrollTo(10)
    ref.current?.scrollTo('end')
    const html = await ref.current?.serialize('html')
    expect(html).toContain('<!doctype html>')
    expect(html).toContain('row 12')
    expect(await ref.current?.serialize('text')).toBe(ref.current?.serializeText())
    act(() => ref.current?.clear())
    expect(ref.current?.serializeText()).toBe('row 79!')
    expect(hand.asked.filter(({ ask }) => ask === 'write')).toEqual([])
  })

  test('open and close the connection details, and search without taking the focus', async () => {
    const { hand, ref, panel } = await ready()
    act(() => hand.output('tea tea'))
    await waitFor(() => expect(ref.current?.serializeText()).toContain('tea tea'))
    act(() => ref.current?.showDetails(true))
    expect(await within(panel).findByRole('dialog', { name: 'Connection details' })).toBeDefined()
    act(() => ref.current?.showDetails(false))
    expect(within(panel).queryByRole('dialog')).toBeNull()
    const found = await act(async () => ref.current?.search('tea'))
    expect(found).toMatchObject({ total: 2 })
    act(() => ref.current?.clearSearch())
  })
})
