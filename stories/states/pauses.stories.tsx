/** Pauses: output that waits for the network, for the page, or for both. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { person } from '../stage/person.ts'
import { Stage } from '../stage/Stage.tsx'
import { ends } from './ends.ts'

const meta = { title: 'States/Pauses', component: Stage } satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

const deploying = { history: ['make deploy'] }
const KB = 1_000
/** Output of about that many bytes. */
const layers = (bytes: number): string =>
  Array.from({ length: bytes / 50 }, (_, n) => `12:05:00 push    layer ${n + 4} of 9000 ${'.'.repeat(18)}\r\n`).join('')
/** A server that is told to notice a slow socket early, so that a few lines are enough. */
const noticesSoon = { transportPause: { above: KB, below: 100 }, sliceBytes: KB }

/** The program is faster than the line. Told after a second, and gone a second after the line has caught up. */
export const PausedSlow: Story = {
  args: { shop: deploying, server: { limits: noticesSoon } },
  parameters: ends('paused-slow'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('rollout')
    me.hurts('slow')
    me.prints(layers(300 * KB))
    await me.waitsFor('Slow connection. Output is catching up.', 20_000)
  },
}

/** The page lay behind another tab while the program went on. Back in front, it catches up, and says so if that takes long. */
export const PausedHidden: Story = {
  args: { shop: deploying },
  parameters: ends('paused-hidden'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('rollout')
    me.hurts('hidden')
    await me.waits(1_000)
    me.prints(layers(100 * KB))
    me.hurts('slow')
    await me.waits(1_000)
    me.heals('hidden')
    await me.waitsFor('Catching up on output from the background.', 5_000)
  },
}

/** The browser knows that there is no network. Nothing is promised about how long the shell is kept. */
export const Offline: Story = {
  args: { shop: deploying },
  parameters: ends('offline'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('rollout')
    me.hurts('offline')
    await me.waits(1_100)
    await me.reads('You are offline. The terminal waits for a network.')
    await me.finds('button', 'Retry now')
  },
}
