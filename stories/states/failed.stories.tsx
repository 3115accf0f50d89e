/** Failed: a terminal that could not even begin. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { person } from '../stage/person.ts'
import { Stage } from '../stage/Stage.tsx'
import { ends } from './ends.ts'

const meta = { title: 'States/Failed', component: Stage } satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

/** A sign-in page came where a token was expected. Nothing is thrown into the host, nothing reloads the page. */
export const Failed: Story = {
  args: { script: 'token-garbage' },
  parameters: ends('failed'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.waitsFor('The terminal could not start.', 60_000)
    await me.finds('button', 'Try again')
  },
}

export const FailedUnreachable: Story = {
  args: { shop: { fails: 'target_unreachable' } },
  parameters: ends('failed-unreachable'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.waitsFor('The machine cannot be reached right now.', 60_000)
    await me.finds('button', 'Try again')
  },
}

export const FailedGone: Story = {
  args: { server: { authorize: () => 'not_found' } },
  parameters: ends('failed-gone'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.waitsFor('This terminal no longer exists.', 60_000)
    await me.finds('button', 'Copy details')
  },
}
