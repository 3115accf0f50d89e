/** Start and ready: from the first paint to a shell that answers. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent } from 'storybook/test'
import { person } from '../stage/person.ts'
import { Stage } from '../stage/Stage.tsx'
import { ends } from './ends.ts'

const meta = { title: 'States/Start', component: Stage } satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

const unanswered = { plan: { refuse: 'hang' } } as const
const tested = { history: ['npm test'] }

/** The frame in its final size, from CSS alone: nothing is guessed, and nothing flashes. */
export const FirstPaint: Story = { args: { server: unanswered, stopped: true }, parameters: ends('first-paint') }

const neverComes = (): Promise<never> => new Promise(() => {})

/** The emulator is loaded late, and takes longer than 400 ms: it waits for an addon of the page. */
export const Loading: Story = {
  args: { server: unanswered, stopped: true, lateMs: 450, panel: { addons: [neverComes] } },
  parameters: ends('loading'),
}

/** A connection that stands within 400 ms shows no word of it. */
export const Connecting: Story = {
  args: { server: unanswered, stopped: true },
  parameters: ends('connecting'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.grid()
    await me.waitsFor('Connecting', 2_000)
  },
}

/** After five seconds it says so, and offers a way out. */
export const ConnectingSlow: Story = {
  args: { server: unanswered, stopped: true },
  parameters: ends('connecting-slow'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.grid()
    await me.waits(5_100)
    await me.reads('Connecting takes longer than usual.')
    await me.finds('button', 'Cancel')
  },
}

export const Authenticating: Story = {
  args: { script: 'token-silent' },
  parameters: ends('authenticating'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.grid()
    await me.waits(1_000)
    await me.reads('Checking your access')
  },
}

export const Opening: Story = {
  args: { shop: { neverStarts: true } },
  parameters: ends('opening'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.grid()
    await me.waits(1_500)
    await me.reads('Starting the shell')
  },
}

/** Title and folder, as the shell tells them, and nothing else. Type `npm test`, or `exit 3`. */
export const Ready: Story = {
  args: { shop: tested },
  parameters: ends('ready'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('3 passed')
    await me.reads('bash')
    await me.reads('shop')
  },
}

/** What the dot stands for, told in the line and not in a bubble over the output. */
export const ReadyHover: Story = {
  args: { shop: tested, server: { latencyMs: 12 } },
  parameters: ends('ready-hover'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.waits(25_000)
    await userEvent.hover(await me.finds('button', 'Connection details'))
    await me.reads(/Connected\. Round trip 2\d ms/)
    await expect(canvasElement.querySelector('[role=tooltip]')).toBeNull()
  },
}

/** Who types instead is told by name. Typing does nothing, and says so once. */
export const ViewOnly: Story = {
  args: { shop: tested, panel: { viewOnly: { typing: 'Ana' } } },
  parameters: ends('view-only'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.readsOutput('3 passed')
    await me.reads('View only. Ana is typing.')
  },
}
