/** Marks, progress and folders on a mounted panel, with the real emulator and a connection that is driven by hand. */
import { act, cleanup, configure, fireEvent, render, waitFor, within } from '@testing-library/react'
import { createRef } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
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

let copied: string[] = []
beforeEach(() => {
  copied = []
  const writeText = async (text: string): Promise<void> => void copied.push(text)
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
})
/** A panel that mounts in the same task would get the session of the one before. */
async function unmounted(): Promise<void> {
  cleanup()
  await act(async () => {})
}
afterAll(lastFrame)
afterEach(async () => {
  await unmounted()
  Reflect.deleteProperty(navigator, 'clipboard')
})

const osc = (body: string): string => `\u001b]133;${body}\u0007`
const PROMPT = `${osc('A')}$ ${osc('B')}`
const run = (text: string, output: string, code: number): string => `${text}\r\n${osc('C')}${output}${osc(`D;${code}`)}${PROMPT}`

async function mount(output: string, props: Partial<TerminalPanelProps> = {}) {
  const ref = createRef<TerminalPanelHandle>()
  let hand: HandDriven | undefined
  const connect = (): HandDriven => (hand ??= handDriven())
  const view = render(<TerminalPanel allocationId="a-1" connect={connect} ref={ref} {...props} />)
  await waitFor(() => expect(view.container.querySelector('textarea')).not.toBeNull())
  const driven = hand!
  act(() => {
    driven.become({ status: { phase: 'ready', since: driven.now() }, everReady: true })
    driven.output(output)
  })
  await waitFor(() => expect(ref.current?.serializeText()).toContain('$'))
  const panel = view.container.querySelector('section')!
  const buttons = (): HTMLElement[] => [...panel.querySelectorAll<HTMLElement>('.nt-mark')]
  const line = (): string => within(panel).getByRole('group', { name: 'Terminal status' }).textContent ?? ''
  return { ...view, hand: driven, ref, panel, buttons, line }
}

const THREE = `${PROMPT}${run('true', '', 0)}${run('npm test', 'one\r\ntwo\r\n', 1)}${run('make', 'no rule\r\n', 2)}`

describe('the gutter', () => {
  test('has no mark until a shell makes one', async () => {
    const { panel, buttons } = await mount('$ plain')
    expect(panel.querySelector('.nt-gutter')).not.toBeNull()
    expect(buttons()).toHaveLength(0)
  })

  test('has one for the first prompt, before anything has run', async () => {
    const { buttons } = await mount(PROMPT)
    await waitFor(() => expect(buttons().map((mark) => mark.dataset['k'])).toEqual(['current']))
  })

  test('names each command, is one stop for Tab, and arrows go from mark to mark', async () => {
    const { buttons, line, panel } = await mount(THREE)
    await waitFor(() => expect(buttons()).toHaveLength(4))
    expect(buttons().map((mark) => mark.getAttribute('aria-label'))).toEqual([
      'true, succeeded',
      'npm test, failed, exit 1',
      'make, failed, exit 2',
      'Prompt',
    ])
    expect(within(panel).getByRole('toolbar', { name: 'Commands' }).querySelectorAll('button')).toHaveLength(4)
    expect(buttons().map((mark) => mark.tabIndex)).toEqual([-1, -1, -1, 0])
    act(() => buttons()[3]!.focus())
    fireEvent.keyDown(buttons()[3]!, { key: 'ArrowUp' })
    await waitFor(() => expect(document.activeElement).toBe(buttons()[2]))
    await waitFor(() => expect(line()).toContain('make'))
    fireEvent.keyDown(buttons()[2]!, { key: 'Home' })
    await waitFor(() => expect(document.activeElement).toBe(buttons()[0]))
    fireEvent.keyDown(buttons()[0]!, { key: 'Escape' })
    expect(document.activeElement?.tagName).toBe('TEXTAREA')
    expect(buttons().filter(({ tabIndex }) => tabIndex === 0)).toEqual([buttons()[0]])
  })

  test('tells the command that the pointer is at, with the rows of its output, and forgets it when the pointer leaves', async () => {
    const { buttons, panel, line } = await mount(THREE)
    await waitFor(() => expect(buttons()).toHaveLength(4))
    fireEvent.pointerEnter(buttons()[1]!)
    await waitFor(() => expect(line()).toContain('npm testexit 1'))
    expect(panel.querySelector('.nt-span')).not.toBeNull()
    fireEvent.pointerLeave(buttons()[1]!)
    await waitFor(() => expect(line()).not.toContain('npm test'))
    expect(panel.querySelector('.nt-span')).toBeNull()
  })
})

describe('the menu of a mark', () => {
  async function open(index: number) {
    const mounted = await mount(THREE)
    await waitFor(() => expect(mounted.buttons()).toHaveLength(4))
    act(() => mounted.buttons()[index]!.focus())
    fireEvent.keyDown(mounted.buttons()[index]!, { key: 'ContextMenu' })
    const menu = within(mounted.panel).getByRole('menu', { name: 'Command' })
    const items = within(menu).getAllByRole('menuitem')
    return { ...mounted, items, choose: (name: string) => fireEvent.click(within(menu).getByRole('menuitem', { name })) }
  }

  test('offers what can be done with this command, and nothing else', async () => {
    expect((await open(1)).items.map((item) => item.textContent)).toEqual([
      'Copy output',
      'Copy command',
      'Select output',
      'Next failed command',
    ])
    await unmounted()
    expect((await open(0)).items.map((item) => item.textContent)).toEqual(['Copy command', 'Next failed command'])
  })

  test('copies the output, or the command', async () => {
    const { choose, buttons } = await open(1)
    choose('Copy output')
    expect(copied).toEqual(['one\ntwo'])
    await waitFor(() => expect(document.activeElement).toBe(buttons()[1]))
    await unmounted()
    ;(await open(1)).choose('Copy command')
    expect(copied).toEqual(['one\ntwo', 'npm test'])
  })

  test('goes from failure to failure', async () => {
    const { choose, buttons } = await open(1)
    choose('Next failed command')
    await waitFor(() => expect(document.activeElement).toBe(buttons()[2]))
  })

  test('closes with Escape and gives the focus back to its mark', async () => {
    const { panel, items, buttons } = await open(1)
    fireEvent.keyDown(items[0]!, { key: 'Escape' })
    expect(within(panel).queryByRole('menu')).toBeNull()
    await waitFor(() => expect(document.activeElement).toBe(buttons()[1]))
  })
})

describe('the handle', () => {
  test('lists commands and copies the last output', async () => {
    const { ref } = await mount(THREE)
    await waitFor(() => expect(ref.current?.commands()).toHaveLength(3))
    expect(ref.current?.commands()[1]).toMatchObject({ command: 'npm test', phase: 'done', exitCode: 1 })
    expect(ref.current?.copyLastOutput()).toBe(true)
    expect(copied).toEqual(['no rule'])
  })

  test('goes back through the commands and forth to the end', async () => {
    const { ref, line } = await mount(THREE)
    await waitFor(() => expect(ref.current?.commands()).toHaveLength(3))
    act(() => void ref.current?.previousCommand())
    await waitFor(() => expect(line()).toContain('make'))
    act(() => void ref.current?.previousCommand())
    await waitFor(() => expect(line()).toContain('npm test'))
    act(() => void ref.current?.nextCommand())
    act(() => void ref.current?.nextCommand())
    await waitFor(() => expect(line()).not.toContain('make'))
    expect(ref.current?.nextCommand()).toBe(false)
  })
})

test('the line forgets the command that a shortcut has shown as soon as somebody types', async () => {
  const { ref, panel, line } = await mount(THREE)
  await waitFor(() => expect(ref.current?.commands()).toHaveLength(3))
  act(() => void ref.current?.previousCommand())
  await waitFor(() => expect(line()).toContain('make'))
  fireEvent.keyDown(panel.querySelector('textarea')!, { key: 'l', keyCode: 76 })
  await waitFor(() => expect(line()).not.toContain('make'))
})

test('a host hears of each command that ends, but not of those that a replay shows again', async () => {
  const onCommand = vi.fn()
  const { hand, ref } = await mount('$ ', { onCommand })
  act(() => {
    hand.tell('reset', {})
    hand.output(`${PROMPT}${run('old', '', 0)}`, true)
    hand.output(run('new', 'x\r\n', 3))
  })
  await waitFor(() => expect(ref.current?.commands()).toHaveLength(2))
  expect(onCommand.mock.calls.map(([{ command, exitCode }]) => `${command} ${exitCode}`)).toEqual(['new 3'])
})

test('a command ends with its shell, after the last output', async () => {
  const onCommand = vi.fn()
  const { hand, ref, buttons } = await mount(`${PROMPT}${run('ls', '', 0)}exec make\r\n${osc('C')}`, { onCommand })
  await waitFor(() => expect(ref.current?.commands()).toHaveLength(2))
  act(() => {
    hand.output('made\r\n')
    hand.tellConnection('close', { reason: 'shell_exit', code: 1000, exit: { code: 2 } })
  })
  await waitFor(() => expect(buttons().at(-1)?.getAttribute('aria-label')).toBe('exec make, ended'))
  expect(onCommand.mock.calls.map(([{ command, exitCode }]) => `${command} ${exitCode}`)).toEqual(['ls 0', 'exec make null'])
})

test('progress is shown on the edge and in the line, told to the host, and over with its command', async () => {
  const onProgress = vi.fn()
  const { hand, panel, line } = await mount(`${PROMPT}npm install\r\n${osc('C')}\u001b]9;4;1;42\u0007`, { onProgress })
  await waitFor(() => expect(within(panel).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('42'))
  expect(line()).toContain('npm install42%')
  act(() => hand.output(`${osc('D;0')}${PROMPT}`))
  await waitFor(() => expect(within(panel).queryByRole('progressbar')).toBeNull())
  expect(onProgress.mock.calls.map(([told]) => told?.percent ?? null)).toEqual([42, null])
})

test('the folder is told whole to the host and from the home on to the person', async () => {
  const onCwd = vi.fn()
  const { line } = await mount('$ \u001b]7;file://h/home/ana/shop\u0007', { onCwd, home: '/home/ana' })
  await waitFor(() => expect(line()).toContain('~/shop'))
  expect(onCwd.mock.calls).toEqual([['/home/ana/shop']])
})

test('a flood of titles reaches the host a few times only, the last one surely', async () => {
  const onTitle = vi.fn()
  const titles = Array.from({ length: 2000 }, (_, index) => `\u001b]0;title ${index}\u0007`).join('')
  const { line } = await mount(`$ ${titles}`, { onTitle })
  await waitFor(() => expect(line()).toContain('title 1999'))
  expect(onTitle.mock.lastCall).toEqual(['title 1999'])
  expect(onTitle.mock.calls.length).toBeLessThan(20)
})

test('a bell in a replay does not ring', async () => {
  const { hand, panel, ref } = await mount('$ ')
  act(() => hand.output('\u0007replayed', true))
  await waitFor(() => expect(ref.current?.serializeText()).toContain('replayed'))
  expect(panel.dataset['state']).not.toBe('bell')
  act(() => hand.output('\u0007'))
  await waitFor(() => expect(panel.dataset['state']).toBe('bell'))
})
