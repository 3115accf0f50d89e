/** Ended: one sentence, one button, and the output stays as it was. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn } from 'storybook/test'
import type { Action } from '../../mock-server/script.ts'
import type { Verdict } from '../../src/server/options.ts'
import { type Person, person } from '../stage/person.ts'
import { Stage } from '../stage/Stage.tsx'
import { ends } from './ends.ts'

const meta = { title: 'States/Ended', component: Stage, args: { shop: { history: ['npm test'] } } } satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

const MINUTE = 60_000

async function atWork(canvas: HTMLElement, output = '3 passed'): Promise<Person> {
  const me = person(canvas)
  await me.sees('ready')
  await me.readsOutput(output)
  return me
}

/** The server ends the session in a way of its own. */
function closes(action: Action, text: string, button: string): NonNullable<Story['play']> {
  return async ({ canvasElement }) => {
    const me = await atWork(canvasElement, '')
    await me.lets(action)
    await me.waitsFor(text, 10_000)
    await me.finds('button', button)
  }
}

const close = (code: number, reason: string): Action => ({ do: 'close', code, reason })

/** A terminal that was never there: sentence and button stand in the middle of the empty view. */
function refuses(text: string, button: string): NonNullable<Story['play']> {
  return async ({ canvasElement }) => {
    const me = person(canvasElement)
    await me.waitsFor(text, 60_000)
    await me.finds('button', button)
    await expect(canvasElement.querySelector('.nt-empty')).not.toBeNull()
  }
}

const authorize = (verdict: Verdict) => ({ authorize: () => verdict })

export const ShellExit: Story = {
  args: { shop: { history: ['git push'] } },
  parameters: ends('shell_exit'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement, 'up-to-date')
    await me.types('exit{Enter}')
    await me.reads('The shell exited with code 0.')
    await me.finds('button', 'New shell')
  },
}

export const ShellExit137: Story = {
  name: 'Shell Exit 137',
  args: { shop: {} },
  parameters: ends('shell_exit (137)'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement, '$')
    await me.types('node report.js{Enter}')
    await me.reads('The shell exited with code 137.')
  },
}

export const ShellExitSignal: Story = {
  parameters: ends('shell_exit (signal)'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.exits({ sig: 'TERM' })
    await me.reads('The shell was stopped by signal TERM.')
  },
}

export const UserClosed: Story = {
  parameters: ends('user_closed'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.handle.disconnect()
    await me.reads('You closed this terminal.')
    await me.finds('button', 'New shell')
  },
}

/** Half an hour passes at once, with every heartbeat in it. */
export const IdleTimeout: Story = {
  parameters: ends('idle_timeout'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await me.waits(30 * MINUTE + 1_000)
    await me.reads('Closed after 30 minutes without activity.')
  },
}

export const DetachExpired: Story = {
  args: { shop: { history: ['make deploy'] } },
  parameters: ends('detach_expired'),
  play: closes(close(4018, 'detach_expired'), 'You were away too long and the shell was closed.', 'New shell'),
}

export const PolicyDenied: Story = {
  args: { server: authorize('policy_denied') },
  parameters: ends('policy_denied'),
  play: refuses('You are not allowed to use this terminal.', 'Copy details'),
}

/** With a handler the button leads to the host's own sign-in, without one it says Try again. */
export const AuthFailed: Story = {
  args: { server: authorize('auth_failed'), panel: { onSignIn: fn() } },
  parameters: ends('auth_failed'),
  async play(context) {
    await refuses('Your sign-in was not accepted.', 'Sign in again')(context)
    await person(context.canvasElement).presses('Sign in again')
    await expect(context.args.panel?.onSignIn).toHaveBeenCalledOnce()
  },
}

/** Somebody else has it open, and their name is nobody's business. */
export const AllocationBusy: Story = {
  args: { script: 'allocation-busy' },
  parameters: ends('allocation_busy'),
  play: refuses('This terminal is in use somewhere else.', 'Try again'),
}

export const NodeDisconnected: Story = {
  args: { shop: { history: ['make deploy'] } },
  parameters: ends('node_disconnected'),
  play: closes(close(4018, 'node_disconnected'), 'The machine behind this shell went away.', 'New shell'),
}

export const NodeIdentityRejected: Story = {
  args: { shop: { neverStarts: true } },
  parameters: ends('node_identity_rejected'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.grid()
    await me.waits(1_000)
    await me.lets(close(4018, 'node_identity_rejected'))
    await me.waitsFor('The machine could not prove who it is.', 5_000)
    await me.finds('button', 'Copy details')
  },
}

export const GatewayRestart: Story = {
  args: { shop: { history: ['make deploy'] } },
  parameters: ends('gateway_restart'),
  play: closes({ do: 'restart', how: 'graceful' }, 'The service restarted and the shell was lost.', 'New shell'),
}

export const ProtocolError: Story = {
  parameters: ends('protocol_error'),
  play: closes({ do: 'say', text: '<html>502 Bad Gateway</html>' }, 'The server sent something unreadable.', 'Try again'),
}

export const BackpressureOverflow: Story = {
  args: {
    shop: { history: ['make deploy'], cannotWait: true },
    server: { limits: { replayBytes: 64 * 1024, overrunBytes: 64 * 1024 } },
  },
  parameters: ends('backpressure_overflow'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement, 'rollout')
    me.hurts('stall')
    for (let n = 0; n < 100; n++) me.prints(`${'.'.repeat(10_000)}\r\n`)
    me.mends()
    await me.waitsFor('Output came faster than it could be kept.', 10_000)
  },
}

/** Ten tries, minutes of waiting, and a button that begins anew. */
export const BrowserDisconnected: Story = {
  parameters: ends('browser_disconnected'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.hurts('cut')
    await me.waitsFor('No connection after 10 tries.', 10 * MINUTE)
    await me.finds('button', 'Try again')
  },
}

export const InternalError: Story = {
  parameters: ends('internal_error'),
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await me.lets({ do: 'close', code: 4018, reason: 'internal_error' })
    await me.waitsFor('Something broke on the server.', 10_000)
  },
}

export const UnsupportedProfile: Story = {
  args: { script: 'unsupported-profile' },
  parameters: ends('unsupported_profile'),
  play: refuses('This page and the server need the same version.', 'Copy details'),
}

// What the design draws no picture of, because it is told with the sentence of another end.

/** The server has never heard of this shell: it was restarted, or is another one. */
export const Unknown: Story = {
  parameters: ends('unknown'),
  play: closes(close(4011, 'unknown'), 'The shell could not be found again.', 'New shell'),
}

export const Expired: Story = {
  parameters: ends('expired'),
  play: closes(close(4011, 'expired'), 'You were away too long and the shell was closed.', 'New shell'),
}

export const Reused: Story = {
  parameters: ends('reused'),
  play: closes(close(4011, 'reused'), 'This page can no longer reach its shell.', 'New shell'),
}

/** Cancelled before there was a shell. */
export const Cancelled: Story = {
  args: { shop: { neverStarts: true } },
  parameters: ends('cancelled'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.grid()
    await me.waits(1_000)
    await me.lets(close(4000, 'cancelled'))
    await me.waitsFor('The terminal was cancelled before it started.', 5_000)
  },
}

/** A server that gives up by itself. One that is only silent is asked again, ten times. */
export const Timeout: Story = {
  parameters: ends('timeout'),
  play: closes(close(4018, 'timeout'), 'The server did not answer in time.', 'Try again'),
}

/** The same: one that is only full for now names a wait. */
export const ServerOverload: Story = {
  parameters: ends('server_overload'),
  play: closes(close(4018, 'server_overload'), 'The server has no room for a terminal now.', 'Try again'),
}

export const ChannelLimit: Story = {
  args: { script: 'channel-limit' },
  parameters: ends('channel_limit'),
  play: refuses('Too many shells are open in this terminal.', 'Try again'),
}
