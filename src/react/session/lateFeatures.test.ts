/** What is loaded after the first prompt misses nothing that came before: no output, no key, no click; and holds nothing up for good. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { Scheduler } from '../feed.ts'
import { handDriven, type HandDriven } from '../handDriven.ts'
import * as whole from '../lateSlots.tsx'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { createEmulator } from '../xterm/emulator.ts'
import * as library from '../xterm/library.ts'
import { Session } from './session.ts'

beforeAll(standIn)
afterAll(lastFrame)

interface Stand {
  readonly session: Session
  readonly hand: HandDriven
  readonly errors: string[]
  readonly asked: () => number
  /** The network brings it, or does not. */
  readonly bring: () => void
  readonly refuse: () => void
}

const open: Session[] = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => {
  for (const session of open.splice(0)) session.dispose()
  vi.useRealTimers()
})

/** A session whose emulator is there, and whose late features wait for a word. */
async function ready(): Promise<Stand> {
  const hand = handDriven(() => 0)
  const errors: string[] = []
  let waiting: { readonly resolve: (late: typeof whole) => void; readonly reject: (cause: Error) => void } | null = null
  let loads = 0
  const mount = document.body.appendChild(document.createElement('div'))
  const session = new Session(
    'box',
    {
      name: 'box',
      connect: () => hand,
      loadEmulator: (options, events) => Promise.resolve(createEmulator(library, options, events)),
      loadLate() {
        loads++
        return new Promise((resolve, reject) => (waiting = { resolve, reject }))
      },
      scheduler: new Scheduler({ now: () => 0, hop: (task) => void setTimeout(task) }),
      neighbours: () => 0,
      waitedMs: 0,
    },
    { onError: ({ message }) => errors.push(message) },
    mount,
  )
  open.push(session)
  await settled()
  return {
    session,
    hand,
    errors,
    asked: () => loads,
    bring: () => waiting?.resolve(whole),
    refuse: () => waiting?.reject(new Error('Gone.')),
  }
}

/** Whatever is under way comes to rest; no time of a clock passes but what emulator and scheduler want for a hop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await vi.advanceTimersByTimeAsync(1)
}

const consumed = ({ hand }: Stand): number => hand.asked.flatMap((one) => (one.ask === 'consumed' ? one.offset : [])).at(-1) ?? 0
const osc = (body: string): string => `\u001b]133;${body}\u0007`
const PROMPT = `${osc('A')}$ ${osc('B')}`
const SHELL = `hello\r\n${PROMPT}make\r\n${osc('C')}done\r\n${osc('D;2')}${PROMPT}`

test('output that none of them reads is drawn without them', async () => {
  const stand = await ready()
  stand.hand.output('hello\r\n$ ')
  await settled()
  expect(consumed(stand)).toBe(9)
  expect(stand.session.features()).toBeNull()
  expect(stand.session.text()).toBe('hello\n$')
})

test('the marks of a shell wait for whoever reads them, and so does what comes behind; none is missed', async () => {
  const stand = await ready()
  stand.hand.output(SHELL)
  await settled()
  expect(consumed(stand)).toBe(0)
  expect(stand.session.text()).toBe('hello')
  stand.bring()
  await settled()
  expect(consumed(stand)).toBe(SHELL.length)
  const [command] = stand.session.features()?.marks.marks.commands() ?? []
  expect(command).toMatchObject({
    command: 'make',
    exitCode: 2,
    output: { start: { row: 2, column: 0 }, end: { row: 3, column: 0 } },
  })
})

test('keys go to the program meanwhile, and a shortcut is done as soon as it can be', async () => {
  const stand = await ready()
  const field = document.querySelector('textarea')!
  const press = (key: string, code: string, held: KeyboardEventInit = {}): boolean =>
    field.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...held }))
  stand.session.write('l')
  expect(press('F', 'KeyF', { ctrlKey: true, shiftKey: true })).toBe(false)
  stand.session.write('s')
  expect(stand.hand.asked.filter(({ ask }) => ask === 'write')).toEqual([
    { ask: 'write', input: 'l' },
    { ask: 'write', input: 's' },
  ])
  expect(stand.session.store.getState().find).toBeUndefined()
  stand.bring()
  await settled()
  expect(stand.session.store.getState().find).toBe(true)
})

test('a paste does not wait for them', async () => {
  const stand = await ready()
  stand.session.core.paste.pasted('ls')
  expect(stand.hand.asked).toContainEqual({ ask: 'write', input: 'ls' })
  stand.session.core.paste.pasted('one\ntwo')
  expect(stand.session.store.getState().paste).toMatchObject({ kind: 'lines' })
})

test('what cannot be loaded holds output up once, is told, and is tried again when the connection is back', async () => {
  const stand = await ready()
  stand.hand.output(PROMPT)
  await settled()
  expect(consumed(stand)).toBe(0)
  stand.refuse()
  await settled()
  stand.hand.output(PROMPT)
  await settled()
  expect(consumed(stand)).toBe(2 * PROMPT.length)
  expect(stand.errors).toEqual(['A part of the terminal could not be loaded.'])
  expect(stand.asked()).toBe(1)
  stand.hand.tellConnection('ready', { resumed: true })
  expect(stand.asked()).toBe(2)
  stand.bring()
  await settled()
  expect(stand.session.features()).not.toBeNull()
})

test('output waits five seconds for them and no longer', async () => {
  const stand = await ready()
  stand.hand.output(PROMPT)
  await vi.advanceTimersByTimeAsync(4900)
  expect(consumed(stand)).toBe(0)
  await vi.advanceTimersByTimeAsync(100)
  await settled()
  expect(consumed(stand)).toBe(PROMPT.length)
  expect(stand.errors).toEqual([])
  stand.bring()
  await settled()
  expect(stand.session.features()).not.toBeNull()
})

test('a session that is over meanwhile is left alone', async () => {
  const stand = await ready()
  stand.hand.output(PROMPT)
  await settled()
  stand.session.dispose()
  stand.bring()
  await settled()
  expect(stand.session.features()).toBeNull()
  expect(consumed(stand)).toBe(0)
})
