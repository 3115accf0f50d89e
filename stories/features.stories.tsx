/** What people open, press and walk through besides the line. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { TerminalTabs } from '../src/react/index.ts'
import { type Person, person } from './stage/person.ts'
import { Stage } from './stage/Stage.tsx'

const meta = {
  title: 'Features',
  component: Stage,
  args: { shop: { history: ['npm test'] }, width: 640, height: 330 },
} satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

const picture = { picture: true } as const

async function atWork(canvas: HTMLElement): Promise<Person> {
  const me = person(canvas)
  await me.sees('ready')
  await me.readsOutput('3 passed')
  return me
}

async function chooses(me: Person, item: string): Promise<void> {
  await me.presses('More')
  await userEvent.click(await me.finds('menuitem', new RegExp(`^${item}`)))
}

/** Everything that a panel can do, with its keys. */
export const MoreMenu: Story = {
  args: { height: 420 },
  parameters: picture,
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await me.presses('More')
    await waitFor(() => expect(within(canvasElement).getAllByRole('menuitem').length).toBeGreaterThan(5))
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
  },
}

/** What the connection does, in words and figures; no output, typing or secrets. */
export const ConnectionDetails: Story = {
  args: { width: 900 },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await me.presses('Connection details')
    await me.finds('dialog', 'Connection details')
    await me.reads(/Round trip/)
    await expect(canvasElement.querySelector('[role=dialog]')).not.toHaveTextContent('npm test')
  },
}

/** The same after a loss: what happened is told in words, with its code. */
export const DetailsAfterALoss: Story = {
  args: { width: 900 },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await me.presses('Connection details')
    await me.finds('dialog', 'Connection details')
    me.hurts('cut')
    await me.waits(2_000)
    me.mends()
    await me.waits(6_000)
    await me.reads(/Reconnected/)
  },
}

/** All keys that a panel takes, with the labels of this platform. */
export const ShortcutGuide: Story = {
  args: { width: 700 },
  parameters: picture,
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await chooses(me, 'Keyboard shortcuts')
    await me.finds('dialog', 'Keyboard shortcuts')
    await me.reads('Leave the terminal')
  },
}

/** The output as a page of text, command by command, for whoever reads better that way. */
export const OutputAsText: Story = {
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await chooses(me, 'Output as text')
    await waitFor(() =>
      expect(canvasElement.querySelector('[role=document]')).toHaveTextContent('checkout is slow on a cold cache'),
    )
  },
}

/** Links on the screen, for keys to walk through. */
export const LinksOnScreen: Story = {
  args: { shop: { history: ['deploy --status'] } },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('rollback guide')
    await chooses(me, 'Links on screen')
    await waitFor(() => expect(canvasElement).toHaveTextContent('docs.example.com'))
  },
}

/** The one with the focus stands out, and can be read, in every theme. */
export const LinksOnScreenLight: Story = { ...LinksOnScreen, args: { ...LinksOnScreen.args, theme: 'light' } }
export const LinksOnScreenHighContrast: Story = { ...LinksOnScreen, args: { ...LinksOnScreen.args, contrast: 'more' } }
export const LinksOnScreenHighContrastLight: Story = {
  ...LinksOnScreen,
  args: { ...LinksOnScreen.args, theme: 'light', contrast: 'more' },
}

/** Several terminals in one place. What a tab hides stays mounted, and its connection stays what it is. */
export const Tabs: Story = {
  args: {
    panels: 3,
    arrange: (panel) => (
      <div style={{ inlineSize: 900, blockSize: 260, maxInlineSize: '100%' }}>
        <TerminalTabs
          defaultTabs={['bash', 'build', 'logs eu-2'].map((title, index) => ({ id: title, title, panel: panel(index) }))}
          onClose={() => undefined}
        />
      </div>
    ),
  },
  parameters: picture,
  async play({ canvasElement }) {
    await waitFor(() => expect(within(canvasElement).getAllByRole('tab')).toHaveLength(3))
    await atWork(canvasElement)
    await userEvent.click(within(canvasElement).getByRole('tab', { name: /^build/ }))
    await waitFor(() => expect(canvasElement.querySelectorAll('[role=tabpanel]:not([hidden])')).toHaveLength(1))
    await person(canvasElement).readsOutput('3 passed', 1)
  },
}

/** In a narrow place one menu stands for all tabs. */
export const NarrowTabs: Story = {
  args: {
    panels: 2,
    arrange: (panel) => (
      <div style={{ inlineSize: 320, blockSize: 220 }}>
        <TerminalTabs
          defaultTabs={['bash', 'build'].map((title, index) => ({ id: String(index), title, panel: panel(index) }))}
        />
      </div>
    ),
  },
  parameters: picture,
  async play({ canvasElement }) {
    await atWork(canvasElement)
    await within(canvasElement).findByRole('button', { name: /of 2/ })
  },
}

/** One terminal in two panels: the second is told, and may take it over. */
export const TwoPanelsOneTerminal: Story = {
  args: { panels: 2, sameTerminal: true, width: 440, height: 220 },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await waitFor(() => expect(canvasElement.querySelectorAll('.nt[data-state=ready]')).toHaveLength(1))
    await waitFor(() => expect(canvasElement.querySelectorAll('.nt[data-state=allocation_busy]')).toHaveLength(1))
    const busy = canvasElement.querySelector('.nt[data-state]')?.getAttribute('data-state') === 'ready' ? 1 : 0
    await me.presses('Take over here', busy)
    await me.sees('ready', busy)
    await me.reads('Another tab took over this terminal.', 1 - busy)
  },
}

const phone = { ...picture, browser: { touch: true, width: 320, height: 400 } } as const

/** On a phone: keys that its keyboard lacks, from mount on, so that nothing resizes the shell later. */
export const Phone: Story = {
  args: { width: 320, height: 330 },
  parameters: phone,
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    if (!matchMedia('(pointer: coarse)').matches) return
    await me.finds('toolbar', /keys/i)
    await me.finds('button', /^Esc/)
  },
}

/** Keys wait there too, and the line has two rows of words. */
export const PhoneHeld: Story = {
  args: { width: 320, height: 330, chance: 0.999, client: { reconnect: { baseMs: 2_000 } } },
  parameters: phone,
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await me.types('git ')
    await me.readsOutput(/git$/m)
    await me.waits(12_000)
    me.stops()
    me.hurts('cut')
    await me.waitsFor('Connection lost.', 2_000)
    await me.types('status')
    await me.sees('held')
  },
}

/** After an end the keys keep their place. */
export const PhoneEnded: Story = {
  args: { width: 320, height: 330 },
  parameters: phone,
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    const before = me.gridSize()
    await me.lets({ do: 'restart', how: 'graceful' })
    await me.sees('gateway_restart')
    await expect(me.gridSize()).toEqual(before)
  },
}
