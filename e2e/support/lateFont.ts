/** A font that no machine has by itself, with letters that are wider than those of any monospace font. */
import { join } from 'node:path'

export const LATE_FONT = join(import.meta.dirname, '../../node_modules/storybook/assets/browser/nunito-sans-bold.woff2')
