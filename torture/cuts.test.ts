/** Every byte of a small trace as a cut, both ways, in every profile; and every byte of the resume that follows as a second one. */
import { describe, expect, test } from 'vitest'
import type { Cut, Direction } from '../src/testing/simulatedLink.ts'
import { LENGTH } from './length.ts'
import { World } from './world.ts'

const PROFILES = ['nimbus.v1', 'json-base64.v1', 'lenpfx.v1'] as const
const DIRECTIONS: readonly Direction[] = ['up', 'down']

type Noticed = NonNullable<Cut['noticed']>

/** Both ends hear of it, or one of them only later. */
const NOTICES: readonly Noticed[] = [
  { client: 0, server: 0 },
  { client: 0, server: 1500 },
  { client: 1500, server: 0 },
]

interface Run {
  readonly profile: string
  readonly cuts: readonly (Cut | null)[]
}

/** A short life of a terminal: it opens, prints, asks, is typed to, prints again and exits or not. */
function live({ profile, cuts }: Run, { exits }: { readonly exits: boolean }): World {
  let exiting = false
  const world = new World({
    seed: JSON.stringify(cuts),
    connect: { profile },
    link: { plan: (index) => ({ cuts: cuts[index] ? [cuts[index]] : [] }) },
    onStart(program) {
      program.print(40)
      program.ask()
      if (exiting) program.exit(7)
    },
  })
  const page = world.open()
  world.clock.advance(1)
  page.type()
  page.type()
  world.clock.advance(400)
  for (const program of world.backend.programs) program.print(30)
  page.channel.resize({ cols: 100, rows: 30 })
  world.clock.advance(1)
  page.type()
  world.clock.advance(1000)
  exiting = exits
  for (const program of world.backend.programs) {
    program.print(20)
    if (exits) program.exit(7)
  }
  return world
}

/** Settles the world and holds it against what the promises are for a lone page on a network that recovers. */
function verify(world: World, { exits }: { readonly exits: boolean }): void {
  world.settle()
  const [page] = world.pages
  if (page === undefined) throw new Error('There is no page.')
  const { status } = page.connection.snapshot()
  if (exits) {
    // The end of the program is heard as such, whatever the network did; unless no shell was ever started twice.
    if (status.phase !== 'ended') world.fail(`the program exited and the page says ${JSON.stringify(status)}`)
    else if (status.end.reason !== 'shell_exit' || status.end.exit?.code !== 7)
      world.fail(`the page says ${JSON.stringify(status.end)}`)
  } else if (status.phase !== 'ready') {
    world.fail(`the network is fine and the page says ${JSON.stringify(status)}`)
  } else if (page.screen.missing > 0) {
    world.fail(`${page.screen.missing} bytes are missing without a reason`)
  }
  if (world.backend.programs.length > 1) world.fail(`${world.backend.programs.length} programs were started for one page`)
  world.end()
  world.verify()
}

/** Bytes that travel in each direction when nothing breaks. */
function traceLength(profile: string, exits: boolean): Readonly<Record<Direction, number>> {
  const world = live({ profile, cuts: [] }, { exits })
  world.settle()
  const [page] = world.pages
  if (page === undefined) throw new Error('There is no page.')
  return world.linkOf(page).last().arrived
}

describe('a cut at every byte of a small trace (invariants 1, 2, 6, 9)', () => {
  for (const profile of PROFILES) {
    for (const direction of DIRECTIONS) {
      for (const exits of [false, true]) {
        test(`${profile}, ${direction}, the program ${exits ? 'exits' : 'goes on'}`, () => {
          const length = traceLength(profile, exits)[direction]
          expect(length).toBeGreaterThan(300)
          for (let after = 0; after <= length; after += LENGTH.cutStep) {
            for (const noticed of NOTICES) verify(live({ profile, cuts: [{ direction, after, noticed }] }, { exits }), { exits })
          }
        })
      }
    }
  }
})

describe('a second cut at every byte of the resume (the product of both)', () => {
  for (const first of DIRECTIONS) {
    for (const second of DIRECTIONS) {
      test(`${first}, then ${second}`, () => {
        const profile = 'nimbus.v1'
        const length = traceLength(profile, false)[first]
        for (let after = 0; after <= length; after += LENGTH.firstCutStep) {
          // Some 700 bytes are more than a resume takes in either direction.
          for (let then = 0; then <= 700; then += LENGTH.secondCutStep) {
            const cuts: Cut[] = [
              { direction: first, after },
              { direction: second, after: then, noticed: NOTICES[then % NOTICES.length] },
            ]
            verify(live({ profile, cuts }, { exits: false }), { exits: false })
          }
        }
      })
    }
  }
})
