/** What all stories share: the style sheet that users import, a page in the colours of the toolbar, and the checks at the end of each. */
import type { Preview } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
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
    // The colours of a story are the panel's and its page's own.
    backgrounds: { disable: true },
    options: {
      storySort: {
        order: [
          'Guide',
          ['Quick start', 'States', 'Theming', 'Testing', 'Protocol in pictures'],
          'States',
          'Looks',
          'Features',
          'Scripts',
        ],
      },
    },
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
