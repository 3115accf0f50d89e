/** Storybook over Vite: the panel in all its states, run against the real server core inside the page. */
import type { StorybookConfig } from '@storybook/react-vite'

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-a11y', '@storybook/addon-docs'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  // The other docgen reads types by a JavaScript API that TypeScript 7 does not have.
  typescript: { reactDocgen: 'react-docgen' },
  viteFinal: (vite) => ({ ...vite, build: { ...vite.build, lib: false, rolldownOptions: {}, chunkSizeWarningLimit: 2_000 } }),
}

export default config
