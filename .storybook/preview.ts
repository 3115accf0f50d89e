/** What all stories share: the style sheet that users import, and markup that fails a story when it is not accessible. */
import type { Preview } from '@storybook/react-vite'
import '../src/react/styles.css'

const preview: Preview = {
  parameters: {
    a11y: { test: 'error' },
    layout: 'fullscreen',
  },
}

export default preview
