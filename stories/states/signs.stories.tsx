/** Signs: what programs tell besides their output, and what a person finds in it. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, spyOn, userEvent } from 'storybook/test'
import { type Person, person } from '../stage/person.ts'
import { Stage } from '../stage/Stage.tsx'
import { ends } from './ends.ts'

const meta = { title: 'States/Signs', component: Stage } satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

async function finds(canvas: HTMLElement, query: string): Promise<Person> {
  const me = person(canvas)
  await me.sees('ready')
  await me.readsOutput('eu-2')
  await me.presses('Find')
  await userEvent.type(await me.finds('textbox', 'Find'), query)
  return me
}

/** The dot stays, the words make room. */
export const Search: Story = {
  args: { shop: { history: ['make deploy --quiet'] } },
  parameters: ends('search'),
  async play({ canvasElement }) {
    const me = await finds(canvasElement, 'warn')
    await me.waits(400)
    await me.reads(/\d of 3/)
  },
}

export const SearchNone: Story = {
  args: { shop: { history: ['make deploy'] } },
  parameters: ends('search-none'),
  async play({ canvasElement }) {
    const me = await finds(canvasElement, 'waring')
    await me.waits(400)
    await me.reads('No matches')
  },
}

/** A frame for 200 ms, the sign for two seconds, and never more than once a second. */
export const Bell: Story = {
  parameters: ends('bell'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('$')
    me.stops()
    me.prints('\x07')
    await me.waits(50)
    await me.reads('Bell')
  },
}

/** A program with a task. */
function task(told: string, words: string | RegExp): Pick<Story, 'args' | 'play'> {
  return {
    args: { shop: { history: ['npm install'], then: `\x1b]9;4;${told}\x07` } },
    async play({ canvasElement }) {
      const me = person(canvasElement)
      await me.readsOutput('214 packages')
      await me.waits(500)
      await me.reads('npm install')
      await me.reads(words)
      await me.finds('progressbar', 'Task progress')
    },
  }
}

export const Progress: Story = { ...task('1;42', '42%'), parameters: ends('progress') }

/** The word stands beside the colour. */
export const ProgressError: Story = { ...task('2;68', '68%, failing'), parameters: ends('progress-error') }

export const ProgressPaused: Story = { ...task('4;68', '68%, paused'), parameters: ends('progress-paused') }

/** Stripes that stand still: nothing runs across the panel for minutes. */
export const ProgressBusy: Story = { ...task('3', 'working'), parameters: ends('progress-busy') }

/** A shell in which one command of three has failed, after a while. */
async function marked(canvas: HTMLElement): Promise<Person> {
  const me = person(canvas)
  await me.sees('ready')
  await me.readsOutput('Already up to date')
  me.stops()
  me.prints('npm test\r\n\x1b]133;C\x07')
  await me.waits(50)
  await me.readsOutput(/\$ npm test/)
  await me.waits(12_350)
  me.prints(
    ' \x1b[32m✓\x1b[39m cart adds an item\r\n \x1b[31m✗\x1b[39m checkout rounds to cents\r\n   \x1b[31mexpected 19.99, got 19.990000000000002\x1b[39m\r\n' +
      '\x1b]133;D;1\x07\x1b]133;A\x07\x1b[32mana@shop\x1b[39m \x1b[34m~/shop\x1b[39m $ \x1b]133;B\x07',
  )
  await me.waits(50)
  await me.readsOutput('expected 19.99')
  return me
}

/** A mark takes no column of the grid, and its shape says how the command ended. */
export const Marks: Story = {
  args: { shop: { history: ['git pull'] } },
  parameters: ends('marks'),
  async play({ canvasElement }) {
    const me = await marked(canvasElement)
    await userEvent.hover(await me.finds('button', /failed/))
    await me.reads('npm test')
    await me.reads('exit 1, 12.4 s')
  },
}

/** Never over the row of its own command. */
export const MarksMenu: Story = {
  args: { shop: { history: ['git pull'] }, height: 240 },
  parameters: ends('marks-menu'),
  async play({ canvasElement }) {
    const me = await marked(canvasElement)
    await userEvent.click(await me.finds('button', /failed/))
    for (const item of ['Copy output', 'Copy command', 'Select output'])
      await expect(await me.finds('menuitem', item)).toBeVisible()
  },
}

/** While the host drags the panel to another size, and for a second after. */
export const Resize: Story = {
  args: { shop: { history: ['npm test'] } },
  parameters: ends('resize'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('3 passed')
    await me.waits(2_000)
    me.stops()
    const box = canvasElement.querySelector<HTMLElement>('.nt[data-state]')?.parentElement
    if (box) box.style.blockSize = '208px'
    await me.reads(/\d+ × 9/)
  },
}

/** A browser that lets pages read nothing from the clipboard: the line names the keys that do. */
export const Clipboard: Story = {
  args: { shop: { history: ['npm test'] } },
  parameters: ends('clipboard'),
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('3 passed')
    if ('clipboard' in navigator)
      spyOn(navigator.clipboard, 'readText').mockRejectedValue(new DOMException('Not here.', 'NotAllowedError'))
    await me.presses('More')
    await userEvent.click(await me.finds('menuitem', /^Paste/))
    await me.sees('clipboard')
    await me.reads(/to paste\.$/m)
  },
}
