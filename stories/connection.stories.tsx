/** The panel in each state of its connection that a real server in the page brings about. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { echoBackend } from '../src/server/backends/echo.ts'
import type { Verdict } from '../src/server/options.ts'
import type { Backend, Program } from '../src/server/ports.ts'
import { person } from './person.ts'
import { Stage } from './Stage.tsx'

const meta = {
  title: 'Connection',
  component: Stage,
  parameters: { layout: 'fullscreen' },
} satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

/** Echoes what is typed; `/flood`, `/exit 3`, `/slow` and `/size` are commands. */
export const Ready: Story = {
  args: { allocationId: 'ready' },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.types('hello')
    await me.reads('hello')
  },
}

const unanswered = { plan: { refuse: 'hang' } } as const

/** The network swallows every try. */
export const Connecting: Story = {
  args: { allocationId: 'connecting', server: unanswered },
  play: ({ canvasElement }) => person(canvasElement).sees('connecting'),
}

/** The same after five seconds. */
export const ConnectingSlow: Story = {
  args: { allocationId: 'connecting-slow', server: unanswered },
  play: ({ canvasElement }) => person(canvasElement).sees('connecting-slow'),
}

/** A program that is never there. */
const silent: Program = {
  write: () => undefined,
  resize: () => undefined,
  signal: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  end: () => undefined,
  kill: () => undefined,
}
const starting: { readonly backend: Backend } = { backend: { open: () => silent } }

export const Opening: Story = {
  args: { allocationId: 'opening', server: starting },
  play: ({ canvasElement }) => person(canvasElement).sees('opening'),
}

/** The cable is pulled; what is typed meanwhile waits. */
export const ConnectionLost: Story = {
  args: { allocationId: 'lost' },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.types('before ')
    await me.reads('before')
    await me.presses('Cut the network')
    await me.reads(/Connection lost/)
  },
}

export const KeysWaiting: Story = {
  args: { allocationId: 'held' },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.types('before ')
    await me.reads('before')
    await me.presses('Cut the network')
    await me.types('ls')
    await me.reads('2 keys waiting')
  },
}

/** Cut and mended: the page goes on where it was. */
export const Resumed: Story = {
  args: { allocationId: 'resumed' },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.types('before ')
    await me.reads('before')
    await me.presses('Cut the network')
    await me.reads(/Connection lost/)
    await me.types('during ')
    await me.presses('Mend the network')
    await me.presses('Retry now')
    await me.reads('Reconnected. Nothing was lost.')
    await me.reads('before during')
  },
}

/** A shell that ends says how. */
export const ShellExited: Story = {
  args: { allocationId: 'exited' },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.types('/exit 3{Enter}')
    await me.reads('The shell exited with code 3.')
  },
}

const idle = { limits: { idleMs: 500 } }

/** Nobody did anything for half a second. */
export const IdleTimeout: Story = {
  args: { allocationId: 'idle', server: idle },
  async play({ canvasElement }) {
    await person(canvasElement).sees('idle_timeout')
  },
}

const refusing = (verdict: Verdict) => ({ authorize: () => verdict })
const denied = refusing('policy_denied')
const unknown = refusing('not_found')
const signedOut = refusing('auth_failed')

export const NotAllowed: Story = {
  args: { allocationId: 'denied', server: denied },
  play: ({ canvasElement }) => person(canvasElement).reads('You are not allowed to use this terminal.'),
}

export const NoSuchTerminal: Story = {
  args: { allocationId: 'missing', server: unknown },
  play: ({ canvasElement }) => person(canvasElement).reads('This terminal no longer exists.'),
}

export const SignedOut: Story = {
  args: { allocationId: 'signed-out', server: signedOut },
  play: ({ canvasElement }) => person(canvasElement).reads('Your sign-in was not accepted.'),
}

const unreachable = { tokensUnreachable: true }
const impatient = { reconnect: { tries: 2 } }

/** Nobody answers, and the tries are used up. */
export const Unreachable: Story = {
  args: { allocationId: 'unreachable', server: unreachable, client: impatient },
  play: ({ canvasElement }) => person(canvasElement).reads(/No connection after/),
}

/** A program that cannot be paused and that nobody keeps up with. */
const flooding = { backend: echoBackend({ unpausable: true }), limits: { replayBytes: 64 * 1024 } }

export const OutputOverflow: Story = {
  args: { allocationId: 'overflow', server: flooding },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.types('/flood forever{Enter}')
    await me.reads('Output came faster than it could be kept.')
  },
}

/** Two panels, one terminal: the second is told, and may take it over. */
export const InUseElsewhere: Story = {
  args: { allocationId: 'twice' },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.presses('Open it once more')
    await me.reads('This terminal is in use somewhere else.', 1)
  },
}

export const TakenOver: Story = {
  args: { allocationId: 'taken' },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.presses('Open it once more')
    await me.reads('This terminal is in use somewhere else.', 1)
    await me.presses('Take over here', 1)
    await me.sees('ready', 1)
    await me.reads('Another tab took over this terminal.', 0)
  },
}
