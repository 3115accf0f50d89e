/** The promise and the daily deeds in Firefox and in WebKit, where a machine has them: real keys, a cut, a reload, copying, finding. */
import { writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Demo } from '../examples/demo/start.ts'
import { until } from '../src/testing/page/until.ts'
import { inPage, type Engine } from './support/engines/engine.ts'
import { EnginePanel } from './support/engines/enginePanel.ts'
import { findFirefox } from './support/engines/firefox.ts'
import { findWebKit } from './support/engines/webkit.ts'
import { addressOf, freshId, startJourneyDemo } from './support/journeys.ts'

const pictures = process.env['PICTURES']

describe.each([
  ['Firefox', findFirefox()],
  ['WebKit', findWebKit()],
] as const)('%s', (name, found) => {
  const why = 'missing' in found ? ` (skipped: ${found.missing})` : ''

  describe.skipIf('missing' in found)(`drives a shell${why}`, () => {
    let demo: Demo
    let engine: Engine

    beforeAll(async () => {
      if ('missing' in found) return
      ;[demo, engine] = await Promise.all([startJourneyDemo(), found.start()])
      console.log(engine.version)
    })
    afterAll(async () => {
      await engine?.close()
      await demo?.close()
    })
    afterEach(async ({ task }) => {
      if (pictures)
        await writeFile(`${pictures}/${name}-${task.name.slice(0, 30).replaceAll(/\W+/g, '-')}.png`, await engine.screenshot())
    })

    /** A panel before a shell of its own that answers. */
    async function open(): Promise<{ panel: EnginePanel; id: string }> {
      const id = freshId()
      await engine.go(addressOf(demo, id))
      const panel = new EnginePanel(engine)
      await panel.type('echo re""ady\n')
      await panel.seeRow('ready')
      return { panel, id }
    }

    it('types echo hi and sees hi', async () => {
      const { panel } = await open()
      await panel.type('echo hi\n')
      await panel.seeRow('hi')
    })
  })
})
