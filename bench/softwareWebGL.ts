/** A Chromium that draws WebGL in software, for machines without a graphics processor. It composes pages that way too: nothing for the DOM. */
import { chromium, type Browser } from 'playwright'
import { chromiumOptions } from '../scripts/chromium.ts'
import type { Stage } from './stage.ts'

export async function softwareWebGL(stage: Stage): Promise<Browser> {
  const options = await chromiumOptions()
  if (options === null) throw new Error('There is no Chromium: `npm run setup -- --browser` gets one.')
  const software = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader']
  const browser = await chromium.launch({ ...options, args: [...options.args, ...software] })
  stage.later(() => browser.close())
  return browser
}
