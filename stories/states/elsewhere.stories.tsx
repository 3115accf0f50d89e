/** Open elsewhere: one terminal, two pages, and nothing is taken over unless somebody asks for it. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { person } from '../stage/person.ts'
import { Stage } from '../stage/Stage.tsx'
import { ends } from './ends.ts'

const meta = { title: 'States/Elsewhere', component: Stage, args: { shop: { history: ['npm test'] } } } satisfies Meta<
  typeof Stage
>

export default meta
type Story = StoryObj<typeof meta>

/** A tab was duplicated: the copy finds that the first one has the terminal, and waits to be asked. */
export const Elsewhere: Story = {
  args: { otherTab: true },
  parameters: ends('elsewhere'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.waitsFor('This terminal is open in another tab.', 20_000)
    await me.finds('button', 'Take over here')
  },
}

/** What was on the screen stays, neither dimmed nor cleared. */
export const Superseded: Story = {
  parameters: ends('superseded'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('3 passed')
    await me.lets({ do: 'visit', as: 'same-person', takeOver: true })
    await me.reads('Another tab took over this terminal.')
    await me.finds('button', 'Take over here')
    await me.readsOutput('3 passed')
  },
}
