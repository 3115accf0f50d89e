/** Runs every story in a real Chromium and fails it on an error, on a broken `play`, and on markup that is not accessible. */
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import { playwright } from '@vitest/browser-playwright'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { chromiumOptions } from './scripts/chromium.ts'

const launchOptions = await chromiumOptions()
if (launchOptions === null) throw new Error('The stories need a Chromium: set TERMINAL_CHROMIUM to the path of one.')

export default defineConfig({
  test: {
    projects: [
      {
        // Found late they would be served as CommonJS, which no browser reads.
        optimizeDeps: { include: ['react', 'react-dom', 'react-dom/client', 'react/jsx-runtime', 'react/jsx-dev-runtime'] },
        plugins: [storybookTest({ configDir: join(import.meta.dirname, '.storybook') })],
        test: {
          name: 'stories',
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
            viewport: { width: 1_000, height: 700 },
            screenshotFailures: false,
          },
        },
      },
    ],
  },
})
