/** Lost and back: what the line says while the connection is away, what becomes of keys, and how it ends well. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import type { Script } from '../../mock-server/script.ts'
import { type Person, person } from '../stage/person.ts'
import { Stage } from '../stage/Stage.tsx'
import { ends } from './ends.ts'

const meta = {
  title: 'States/Lost and back',
  component: Stage,
  // Waits without chance, so that the figures are the same each time.
  args: { shop: { history: ['npm test'] }, chance: 0.999, client: { reconnect: { baseMs: 2_000 } } },
} satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

/** A shell with something on its screen. */
async function atWork(canvas: HTMLElement, output = '3 passed'): Promise<Person> {
  const me = person(canvas)
  await me.sees('ready')
  await me.readsOutput(output)
  await me.waits(12_000)
  return me
}

/** The row has echoed a key, so what is typed on it is no secret. */
async function echoes(me: Person): Promise<void> {
  await me.types('git ')
  await me.readsOutput(/ \$ git$/m)
  await me.waits(500)
}

/** The figure ticks each second, keeps its width, and is read aloud once. */
export const ReconnectWait: Story = {
  parameters: ends('reconnect-wait'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.stops()
    me.hurts('cut')
    await me.waitsFor(/Connection lost\. Try 3 of 10 in 4\ss\./, 30_000)
    await me.finds('button', 'Retry now')
  },
}

/** The button stays where it is, so that nothing moves under a pointer; it does nothing meanwhile. */
export const ReconnectTry: Story = {
  parameters: ends('reconnect-try'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.stops()
    me.hurts('cut')
    await me.waitsFor(/Try 3 of 10/, 30_000)
    me.heals('cut')
    me.hurts('stall')
    await me.waitsFor('Connection lost. Trying now, 3 of 10.', 10_000)
    await expect(await me.finds('button', 'Retry now')).toHaveAttribute('aria-disabled', 'true')
  },
}

/** The server asked for patience, and gets it: one try in two seconds at most. */
export const ServerBusy: Story = {
  parameters: ends('server-busy'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.stops()
    await me.lets({ do: 'close', code: 4010, reason: 'server_overload', retryMs: 20_000 })
    await me.waitsFor(/The server is busy\. Try \d+ of 10 in 20\ss\./, 30_000)
  },
}

/** Keys wait behind the cursor, underlined with dots, and are sent when the connection is back. */
export const Held: Story = {
  parameters: ends('held'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await echoes(me)
    me.stops()
    me.hurts('cut')
    await me.waitsFor('Connection lost.', 2_000)
    await me.types('status')
    await me.reads('6 keys waiting')
    await me.readsOutput(/ \$ git$/m)
  },
}

/** The row never echoed a key: it may be a password, so no letter is shown. */
export const HeldMasked: Story = {
  args: { shop: { history: ['sudo make deploy'] } },
  parameters: ends('held-masked'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement, 'password for ana')
    me.stops()
    me.hurts('cut')
    await me.waitsFor('Connection lost.', 2_000)
    await me.types('hunter2!')
    await me.reads('8 keys waiting')
    await expect(canvasElement.textContent).not.toContain('hunter2')
  },
}

/** After ten seconds keys are refused, aloud, and none is dropped in silence. */
export const HeldFull: Story = {
  parameters: ends('held-full'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await echoes(me)
    me.stops()
    me.hurts('cut')
    await me.waitsFor('Connection lost.', 2_000)
    await me.types('status')
    await me.waits(10_500)
    await me.types('!')
    await me.reads('Typing is off until the connection is back.')
  },
}

/** The shell that they were meant for is gone. They are not typed into another one. */
export const NotSent: Story = {
  parameters: ends('not-sent'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await echoes(me)
    me.hurts('cut')
    await me.waitsFor('Connection lost.', 2_000)
    await me.types('status')
    await me.lets({ do: 'restart', how: 'crash' })
    me.mends()
    await me.waitsFor('6 keys were not sent.', 30_000)
    const copy = await me.finds('button', 'Copy them')
    await me.finds('button', 'Dismiss')
    // For a moment it takes no press that was meant for the button before it.
    await waitFor(() => expect(copy).not.toHaveAttribute('aria-disabled'))
  },
}

/** Told only where a loss was told before. */
export const Resumed: Story = {
  parameters: ends('resumed'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.hurts('cut')
    await me.waitsFor(/Connection lost\. Try/, 2_000)
    me.stops()
    me.mends()
    await me.waitsFor('Reconnected. Nothing was lost.', 5_000)
    await me.readsOutput('3 passed')
  },
}

/** The client claims to have 12 KB more than it has, so the server leaves them out and says so. */
const missing: Script = {
  name: 'gap',
  sentence: 'The first resume finds that 12 KB are missing.',
  hellos: [{ nth: 2, bend: { claimMore: 12_000 } }],
  ends: { phase: 'ready' },
  goes: ['starting', 'ready', 'lost', 'ready'],
}

/** What is missing is counted, and marked where it belongs: in the output, for good. */
export const ResumedGap: Story = {
  args: { server: { script: missing }, shop: { history: ['git pull'] } },
  parameters: ends('resumed-gap'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement, 'Already up to date')
    me.hurts('cut')
    await me.waitsFor(/Connection lost\. Try/, 2_000)
    me.prints(`${'.'.repeat(12_000)}\r\n\x1b[90m12:06:12\x1b[39m rollout \x1b[32mdone\x1b[39m in 2 min 40 s\r\n`)
    me.mends()
    await me.waitsFor('Reconnected. 12 KB of output is missing.', 5_000)
    me.stops()
    await me.finds('button', 'Show gap')
    await waitFor(() => expect(canvasElement.querySelector('[role=note]')).toHaveTextContent('12 KB of output is missing here'))
  },
}
