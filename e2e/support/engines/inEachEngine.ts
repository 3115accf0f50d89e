/** The frame of every journey in Firefox and in WebKit: a demo with real shells, a browser before it, and a panel that answers. */
import { writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { Demo, DemoOptions } from '../../../examples/demo/start.ts'
import { addressOf, freshId, startJourneyDemo } from '../journeys.ts'
import type { Engine, Setup } from './engine.ts'
import { EnginePanel } from './enginePanel.ts'
import { findFirefox } from './firefox.ts'
import { findWebKit } from './webkit.ts'

export interface EngineJourneys {
  readonly name: 'Firefox' | 'WebKit'
  demo(): Demo
  engine(): Engine
  /** A panel before a shell of its own that answers. */
  open(): Promise<{ readonly panel: EnginePanel; readonly id: string }>
}

/** What is to be different from a browser and a demo as they come. */
export interface Different {
  readonly setup?: Setup
  readonly demo?: Partial<DemoOptions>
}

const pictures = process.env['PICTURES']

/** Makes the journeys in each engine that this machine has, and says what it lacks. With `PICTURES` each leaves one there. */
export function inEachEngine(
  what: string,
  make: (journeys: EngineJourneys) => void,
  { setup, demo: options }: Different = {},
): void {
  describe.each([
    ['Firefox', findFirefox()],
    ['WebKit', findWebKit()],
  ] as const)('%s', (name, found) => {
    const why = 'missing' in found ? ` (skipped: ${found.missing})` : ''

    describe.skipIf('missing' in found)(`${what}${why}`, () => {
      let demo: Demo | undefined
      let engine: Engine | undefined

      beforeAll(async () => {
        if ('missing' in found) return
        ;[demo, engine] = await Promise.all([startJourneyDemo(options), found.start(setup)])
        console.log(engine.version)
      })
      afterAll(async () => {
        await engine?.close()
        await demo?.close()
      })
      afterEach(async ({ task }) => {
        const picture = pictures && (await engine?.screenshot())
        if (picture) await writeFile(`${pictures}/${name}-${task.name.slice(0, 40).replaceAll(/\W+/g, '-')}.png`, picture)
      })

      const journeys: EngineJourneys = {
        name,
        demo: () => started(demo),
        engine: () => started(engine),
        async open() {
          const id = freshId()
          await journeys.engine().go(addressOf(journeys.demo(), id))
          const panel = new EnginePanel(journeys.engine())
          await panel.type('echo re""ady\n')
          await panel.seeRow('ready')
          return { panel, id }
        },
      }
      make(journeys)
    })
  })
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The journeys have not begun.')
  return value
}

/** Where the page of `e2e/embedding` has a panel with these props, and the query that asks for more. Its server is in the page: no two may share what outlives one. */
export function embeddedAt(site: string, props: object = {}, query = ''): string {
  return `${site}?props=${encodeURIComponent(JSON.stringify({ panelKey: freshId(), ...props }))}${query && `&${query}`}`
}
