/** How the panel looks: themes, sizes, pages of other people, and what a person asked the system for. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode } from 'react'
import { expect, waitFor } from 'storybook/test'
import { person } from './stage/person.ts'
import { Stage } from './stage/Stage.tsx'
import './looks.css'

const meta = { title: 'Looks', component: Stage, args: { shop: { history: ['npm test'] } } } satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

const ready: NonNullable<Story['play']> = async ({ canvasElement }) => {
  const me = person(canvasElement)
  const panels = await waitFor(() => {
    const found = canvasElement.querySelectorAll('.nt[data-state]')
    expect(found.length).toBeGreaterThan(0)
    return found.length
  })
  for (let index = 0; index < panels; index++) await me.readsOutput('3 passed', index)
}

const picture = { picture: true } as const

function Each({ items }: { readonly items: readonly ReactNode[] }): ReactNode {
  return <div className="looks">{items}</div>
}

/** The four of them, side by side. Each keeps its measured contrast. */
export const Themes: Story = {
  render: (args) => (
    <Each
      items={(['dark', 'light'] as const).flatMap((theme) =>
        (['normal', 'more'] as const).map((contrast) => (
          <Stage
            key={`${theme} ${contrast}`}
            {...args}
            theme={theme}
            contrast={contrast}
            panel={{ label: `Terminal, ${theme}, ${contrast}` }}
          />
        )),
      )}
    />
  ),
}

export const Dark: Story = { args: { theme: 'dark', contrast: 'normal' }, play: ready, parameters: picture }
export const Light: Story = { args: { theme: 'light', contrast: 'normal' }, play: ready, parameters: picture }
export const HighContrast: Story = { args: { theme: 'dark', contrast: 'more' }, play: ready, parameters: picture }
export const HighContrastLight: Story = { args: { theme: 'light', contrast: 'more' }, play: ready, parameters: picture }

/** An end in each theme: the loudest that the line becomes. */
const ended: NonNullable<Story['play']> = async (context) => {
  await ready(context)
  const me = person(context.canvasElement)
  await me.lets({ do: 'close', code: 4018, reason: 'node_disconnected' })
  await me.reads('The machine behind this shell went away.')
}
export const LightEnded: Story = { args: { theme: 'light', contrast: 'normal' }, play: ended, parameters: picture }
export const HighContrastEnded: Story = { args: { theme: 'dark', contrast: 'more' }, play: ended, parameters: picture }

/** The size of the cells, and that of the panel, are the same in every state and theme. */
const size = (width: number, height: number): Pick<Story, 'args' | 'play' | 'parameters'> => ({
  args: { width, height },
  parameters: picture,
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.sees('ready')
    await me.readsOutput('$')
    const before = me.gridSize()
    await me.lets({ do: 'close', code: 4018, reason: 'gateway_restart' })
    await me.sees('gateway_restart')
    await expect(me.gridSize()).toEqual(before)
  },
})

export const Size320By300: Story = { ...size(320, 300), name: 'Size 320 × 300' }
export const Size320By200: Story = { ...size(320, 200), name: 'Size 320 × 200' }
export const Size320By120: Story = { ...size(320, 120), name: 'Size 320 × 120' }
export const Size360By240: Story = { ...size(360, 240), name: 'Size 360 × 240' }
export const Size430By120: Story = { ...size(430, 120), name: 'Size 430 × 120' }
export const Size600By300: Story = { ...size(600, 300), name: 'Size 600 × 300' }

/** The page reads from right to left, the line does too, and the grid does not. */
export const RightToLeft: Story = {
  args: { dir: 'rtl' },
  parameters: picture,
  async play(context) {
    await ready(context)
    const grid = context.canvasElement.querySelector('.xterm')
    await expect(grid && getComputedStyle(grid).direction).toBe('ltr')
    const line = context.canvasElement.querySelector('.nt-line')
    await expect(line && getComputedStyle(line).direction).toBe('rtl')
  },
}

/** For somebody who asked for less motion: the working ring stands, and nothing fades. */
export const ReducedMotion: Story = {
  args: { server: { plan: { refuse: 'hang' } }, stopped: true },
  parameters: { ...picture, browser: { reducedMotion: 'reduce' } },
  async play({ canvasElement }) {
    const me = person(canvasElement)
    await me.grid()
    await me.waits(500)
    await me.reads('Connecting')
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const moving = document.getAnimations().filter(({ playState }) => playState === 'running')
    await expect(moving).toEqual([])
  },
}

/** The system's own colours, where a person has chosen them for everything. */
export const ForcedColours: Story = {
  parameters: { ...picture, browser: { forcedColors: 'active', colorScheme: 'dark' } },
  play: ended,
}

/** The page does its worst: rules for every element, with sizes, colours and fonts. */
export const HostilePage: Story = {
  args: { page: { className: 'stage hostile' } },
  parameters: picture,
  async play(context) {
    await ready(context)
    const line = context.canvasElement.querySelector<HTMLElement>('.nt-line')
    await expect(line?.offsetHeight).toBe(32)
    const button = context.canvasElement.querySelector<HTMLElement>('.nt-dot')
    await expect(button?.offsetHeight).toBeLessThanOrEqual(28)
  },
}

/** A host with a look of its own, in six variables. */
export const OwnLook: Story = {
  args: { page: { className: 'stage own-look' } },
  parameters: picture,
  play: ready,
}

/** Split: each half has its own line and its own connection. */
export const Split: Story = { args: { panels: 2, width: 440, height: 220 }, play: ready, parameters: picture }

/** Each with a server of its own; only the one with the focus speaks. */
export const TwelvePanels: Story = { args: { panels: 12, width: 290, height: 180 }, play: ready }

/** Drawn by the DOM. */
export const DrawnByDom: Story = { args: { panel: { renderer: 'dom' } }, play: ready, parameters: picture }

/** Lines and blocks join from cell to cell, also where fonts would leave gaps between the rows. */
export const LinesAndBlocks: Story = {
  args: {
    panel: { renderer: 'dom' },
    shop: {
      then: [
        '',
        '┌──┬──┐ ╔══╦══╗ ╭─────╮ ┏━━┳━━┓ ▁▂▃▄▅▆▇█',
        '│  │  │ ║  ║  ║ │ tea │ ┃  ┃  ┃ ▀▀▄▄▖▗▘▝',
        '├──┼──┤ ╠══╬══╣ │     │ ┣━━╋━━┫ █▉▊▋▌▍▎▏',
        '└──┴──┘ ╚══╩══╝ ╰─────╯ ┗━━┻━━┛ ▞▞▙▟▛▜▐▌',
      ].join('\r\n'),
    },
  },
  parameters: picture,
  async play({ canvasElement }) {
    await person(canvasElement).readsOutput('tea')
  },
}

/** Drawn by WebGL where there is a graphics processor: the cells have the same size. */
export const DrawnByWebgl: Story = {
  args: { panel: { renderer: 'webgl' } },
  async play(context) {
    await ready(context)
    await expect(person(context.canvasElement).gridSize()).toMatchObject({ rows: 8 })
  },
}
