/** What all stories share: the style sheet that users import, a page in the colours of the toolbar, and the checks at the end of each. */
import type { Preview } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { scripts } from '../mock-server/scripts.ts'
import '../src/react/styles.css'
import { worldIn } from '../stories/stage/Stage.tsx'
import { lineOf } from '../stories/states/drawn.ts'
import './preview.css'

/** Theme and contrast of all panels, as one choice. */
const looks = {
  dark: { theme: 'dark', contrast: 'normal' },
  light: { theme: 'light', contrast: 'normal' },
  'dark, high contrast': { theme: 'dark', contrast: 'more' },
  'light, high contrast': { theme: 'light', contrast: 'more' },
} as const

const preview: Preview = {
  initialGlobals: { look: 'dark' },
  globalTypes: {
    look: {
      description: 'Theme of the panel',
      toolbar: { title: 'Theme', icon: 'paintbrush', items: Object.keys(looks), dynamicTitle: true },
    },
  },
  parameters: {
    a11y: { test: 'error' },
    layout: 'fullscreen',
    controls: { include: ['script', 'theme', 'contrast', 'width', 'height', 'dir', 'panels', 'sameTerminal'] },
    // The colours of a story are the panel's and its page's own.
    backgrounds: { disable: true },
    options: {
      storySort: {
        order: [
          'Guide',
          ['Quick start', 'States', 'Theming', 'Testing', 'Protocol in pictures'],
          'States',
          ['Start', 'Pauses', 'Lost and back', 'Elsewhere', 'Ended', 'Failed', 'Paste and links', 'Signs'],
          'Features',
          'Looks',
          'Scripts',
        ],
      },
    },
  },
  argTypes: {
    script: {
      description: 'Plays a script of the fake server instead',
      options: [undefined, ...scripts.map(({ name }) => name)],
      control: { type: 'select' },
    },
    theme: { options: ['dark', 'light'], control: { type: 'inline-radio' } },
    contrast: { options: ['normal', 'more'], control: { type: 'inline-radio' } },
    width: { control: { type: 'range', min: 200, max: 1_200, step: 10 } },
    height: { control: { type: 'range', min: 120, max: 800, step: 10 } },
    dir: { options: ['ltr', 'rtl'], control: { type: 'inline-radio' } },
    panels: { control: { type: 'range', min: 1, max: 50 } },
    sameTerminal: { control: { type: 'boolean' } },
  },
  decorators: [
    (Story, context) => {
      const look = looks[(context.globals['look'] as keyof typeof looks | undefined) ?? 'dark'] // the items of the toolbar
      return <Story args={{ ...look, ...context.args }} />
    },
  ],
  async afterEach({ parameters, canvasElement, viewMode }) {
    const state: unknown = parameters['state']
    if (viewMode !== 'story' || typeof state !== 'string') return
    const panel = canvasElement.querySelector<HTMLElement>('.nt[data-state]')
    await waitFor(() => expect(panel?.dataset['state']).toBe(lineOf(state)))
    // The state stays until somebody touches the story.
    worldIn(canvasElement).time.stop()
  },
}

export default preview
