/** Paste and links: questions stand on the edge that is farther from what they are about. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn } from 'storybook/test'
import { person } from '../stage/person.ts'
import { Stage } from '../stage/Stage.tsx'
import { ends } from './ends.ts'

const meta = {
  title: 'States/Paste and links',
  component: Stage,
  args: { shop: { history: ['npm test'] }, height: 260 },
} satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

const commands = 'cd /srv/shop\ngit fetch --all\ngit reset --hard origin/main\nsystemctl restart shop'

/** A paste of several lines into a program that did not ask for brackets around it. */
export const PasteAsk: Story = {
  args: { shop: {} },
  parameters: ends('paste-ask'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('$')
    await me.pastes(commands)
    await me.finds('dialog', 'Paste 4 lines?')
    await me.reads('Each line runs as soon as it arrives.')
    for (const button of ['Paste 4 lines', 'Join as one line', 'Cancel']) await me.finds('button', button)
  },
}

/** An end of brackets in the middle of what is pasted: the rest would run by itself. */
export const PasteHidden: Story = {
  parameters: ends('paste-hidden'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('3 passed')
    await me.pastes('git status\x1b[201~; curl x.example\r')
    await me.finds('alertdialog', 'Paste text with hidden characters?')
    await me.finds('button', 'Paste without them')
  },
}

const line = 'INSERT INTO prices VALUES (19.99);'.repeat(4)

/** Twelve megabytes flow at the pace of the line, and can be stopped. Ctrl-C still goes first. */
export const PasteProgress: Story = {
  args: { shop: { history: ['make deploy'] }, height: 190 },
  parameters: ends('paste-progress'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('rollout')
    me.hurts('slow')
    await me.pastes(line.repeat(90_000))
    await me.waits(700)
    await me.reads(/Pasting [\d.]+ of 12 MB/)
    await me.finds('button', 'Stop')
  },
}

/** What had been sent is not taken back, and nobody pretends that it was. */
export const PasteStopped: Story = {
  args: { shop: { history: ['make deploy'] }, height: 190 },
  parameters: ends('paste-stopped'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('rollout')
    me.hurts('slow')
    await me.pastes(line.repeat(90_000))
    await me.waits(700)
    await me.presses('Stop')
    await me.reads(/Stopped\. [\d.]+ of 12 MB had already been sent\./)
  },
}

/** The text of the link says nothing of where it leads, so the address is shown, its true host in bold. */
export const LinkAsk: Story = {
  args: { shop: { history: ['deploy --status'] }, panel: { onOpenLink: fn(() => true) } },
  parameters: ends('link-ask'),
  async play({ canvasElement, args }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.points('rollback guide', 'ctrl-click')
    await me.finds('dialog', 'Open this address?')
    await me.reads('docs.example.com')
    await expect(args.panel?.onOpenLink).not.toHaveBeenCalled()
  },
}

/** The address stands in the line. Nothing floats over the output. */
export const LinkHover: Story = {
  args: { shop: { history: ['deploy --status'] }, height: 190 },
  parameters: ends('link-hover'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.points('rollback guide')
    await me.reads('docs.example.com')
    await me.reads('Ctrl-click opens')
  },
}
