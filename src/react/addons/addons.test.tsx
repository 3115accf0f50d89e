/** Addons on a mounted panel: cells by clusters, a host's own addon, and one that fails. */
import { act, cleanup, configure, render, waitFor } from '@testing-library/react'
import type { ITerminalAddon, Terminal } from '@xterm/xterm'
import { createRef } from 'react'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { handDriven, type HandDriven } from '../handDriven.ts'
import { loadRest } from '../loading.ts'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { count } from '../store.ts'
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

test('a family takes two cells where clusters are asked for, and two for each of its people where not', async () => {
  const clusters = await printed(FAMILY + WHERE, { graphemes: true })
  expect(column(clusters.hand)).toBe('\u001b[1;3R')
  cleanup()
  await act(async () => {})
  const characters = await printed(FAMILY + WHERE, {})
  expect(column(characters.hand)).toBe('\u001b[1;9R')
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

test('an addon that fails when it is let go is told, and the terminal lets go of the rest', async () => {
  const onError = vi.fn()
  const seen: string[] = []
  const breaks: ITerminalAddon = {
    activate() {},
    dispose() {
      throw new Error('stays')
    },
  }
  const lets: ITerminalAddon = { activate() {}, dispose: () => void seen.push('let go') }
  const none = { activate() {} } as unknown as ITerminalAddon // a page without types may give anything
  await printed('hello', { onError, addons: [async () => lets, async () => breaks, async () => none] })
  onError.mockClear()
  cleanup()
  await act(async () => {})
  expect(count()).toBe(0)
  expect(seen).toEqual(['let go'])
  expect(onError.mock.calls.map(([error]) => (error as Error).cause)).toEqual([new Error('stays')])
})

/** Handlers of every kind, as addons register them by the public parser and by the one inside; each throws or rejects. */
const failing: readonly (readonly [name: string, sequence: string, register: (terminal: Terminal) => unknown])[] = [
  ['CSI', '\u001b[5z', ({ parser }) => parser.registerCsiHandler({ final: 'z' }, breaks)],
  ['ESC', '\u001b#7', ({ parser }) => parser.registerEscHandler({ intermediates: '#', final: '7' }, breaks)],
  ['OSC', '\u001b]1337;x\u0007', ({ parser }) => parser.registerOscHandler(1337, breaks)],
  ['DCS', '\u001bPqx\u001b\\', ({ parser }) => parser.registerDcsHandler({ final: 'q' }, breaks)],
  ['OSC that rejects', '\u001b]1337;x\u0007', ({ parser }) => parser.registerOscHandler(1337, rejects)],
  ['CSI that rejects', '\u001b[5z', ({ parser }) => parser.registerCsiHandler({ final: 'z' }, rejects)],
  ['OSC in its first piece', '\u001b]1337;x\u0007', (terminal) => inside(terminal).registerOscHandler(1337, pieces('start'))],
  ['OSC in a piece', '\u001b]1337;x\u0007', (terminal) => inside(terminal).registerOscHandler(1337, pieces('put'))],
  ['OSC in its last piece', '\u001b]1337;x\u0007', (terminal) => inside(terminal).registerOscHandler(1337, pieces('end'))],
  [
    'DCS in its first piece',
    '\u001bPqx\u001b\\',
    (terminal) => inside(terminal).registerDcsHandler({ final: 'q' }, pieces('hook')),
  ],
  ['DCS in a piece', '\u001bPqx\u001b\\', (terminal) => inside(terminal).registerDcsHandler({ final: 'q' }, pieces('put'))],
  [
    'DCS in its last piece',
    '\u001bPqx\u001b\\',
    (terminal) => inside(terminal).registerDcsHandler({ final: 'q' }, pieces('unhook')),
  ],
]

function breaks(): never {
  throw new Error('no')
}
const rejects = (): Promise<boolean> => Promise.reject(new Error('no'))

type Step = 'start' | 'hook' | 'put' | 'end' | 'unhook'

/** Handles whatever it gets, but for one step. */
function pieces(step: Step): Readonly<Record<Step, () => boolean>> {
  const handles = (): boolean => true
  return { start: handles, hook: handles, put: handles, end: handles, unhook: handles, [step]: breaks }
}

/** The parser that the addon for images registers its handlers on: a field that no type tells of. */
function inside(terminal: Terminal) {
  type Register = (id: unknown, handler: unknown) => unknown
  interface Parser {
    readonly registerOscHandler: Register
    readonly registerDcsHandler: Register
  }
  return (terminal as unknown as { readonly _core: { readonly _inputHandler: { readonly _parser: Parser } } })._core._inputHandler
    ._parser
}

test.each(failing)('a handler of an addon that fails is told once, and ends nothing: %s', async (_name, sequence, register) => {
  const onError = vi.fn()
  const olderHeard = vi.fn(() => true)
  const older: ITerminalAddon = {
    activate({ parser }: Terminal) {
      parser.registerCsiHandler({ final: 'z' }, olderHeard)
      parser.registerEscHandler({ intermediates: '#', final: '7' }, olderHeard)
      parser.registerOscHandler(1337, olderHeard)
      parser.registerDcsHandler({ final: 'q' }, olderHeard)
    },
    dispose() {},
  }
  const addon: ITerminalAddon = { activate: (terminal) => void register(terminal), dispose() {} }
  const { hand, ref } = await printed(`before${sequence}!${sequence}`, {
    onError,
    addons: [async () => older, async () => addon],
  })
  act(() => hand.output('after'))
  await waitFor(() => expect(ref.current?.serializeText()).toBe('before!after'))
  // Credit for all of it has gone back.
  await waitFor(() => expect(hand.asked.filter(({ ask }) => ask === 'consumed')).toHaveLength(2))
  expect(olderHeard).toHaveBeenCalledTimes(2)
  expect(onError.mock.calls.map(([{ message, cause }]) => [message, cause])).toEqual([
    ['An addon of the terminal failed at what a program wrote.', new Error('no')],
  ])
})
