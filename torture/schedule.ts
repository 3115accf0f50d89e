/** A random life of a terminal: people type, programs print, networks break, tabs come and go, in an order that a seed decides. */
import { seededRandom } from '../src/testing/seededRandom.ts'
import type { SeededRandom } from '../src/testing/seededRandom.ts'
import type { ConnectionPlan, Cut, Direction } from '../src/testing/simulatedLink.ts'
import type { Page } from './page.ts'
import { World } from './world.ts'

/** What may happen, each with how often. */
const STEPS: readonly (readonly [number, (life: Life) => void])[] = [
  [30, (life) => life.wait()],
  [20, (life) => life.page().type(life.random.chance(0.1) ? life.random.int(0, 3000) : 0)],
  [14, (life) => life.print()],
  [4, (life) => life.programs((program) => program.ask())],
  [10, (life) => life.cut()],
  [4, (life) => life.stall()],
  [4, (life) => life.release()],
  [3, (life) => life.page().channel.resize({ cols: life.random.int(2, 200), rows: life.random.int(1, 80) })],
  [2, (life) => life.page().channel.signal('INT')],
  [3, (life) => life.page().tell(life.random.pick(['hidden', 'visible'] as const))],
  [2, (life) => life.page().tell(life.random.pick(['offline', 'online'] as const))],
  [2, (life) => life.page().tell('wake')],
  [2, (life) => life.page().tell(life.random.pick(['leave', 'return'] as const))],
  [3, (life) => life.reload()],
  [1, (life) => life.duplicate()],
  [1, (life) => life.stranger()],
  [1, (life) => life.page().connection.takeOver()],
  [3, (life) => life.page().connection.retry()],
  [1, (life) => life.page().connection.restart()],
  [0.3, (life) => life.programs((program) => program.exit(life.random.int(0, 255)))],
  [0.3, (life) => life.page().connection.disconnect()],
]

const TOTAL = STEPS.reduce((sum, [weight]) => sum + weight, 0)

/** Lives through a schedule and throws, with the seed, if a promise was broken. */
export function liveRandomly(seed: string): void {
  const life = new Life(seed)
  life.run()
}

export class Life {
  readonly random: SeededRandom
  readonly world: World

  constructor(seed: string) {
    const random = (this.random = seededRandom(`${seed}/steps`))
    this.world = new World({
      seed,
      takesWithinMs: random.pick([0, 0, 20, 500]),
      drawsWithinMs: random.pick([0, 0, 5, 100]),
      connect: {
        profile: random.pick(['nimbus.v1', 'json-base64.v1', 'lenpfx.v1']),
        hidden: random.pick(['pause', 'trickle', 'continue']),
      },
      link: { latencyMs: random.pick([0, 1, 40, 300]), plan: () => this.#plan() },
      onStart: (program) => program.print(random.int(0, 500)),
    })
  }

  run(): void {
    this.world.open()
    const steps = this.random.int(5, 60)
    for (let i = 0; i < steps; i++) this.#step()
    this.world.settle()
    this.world.end()
    this.world.verify()
  }

  #step(): void {
    let at = this.random.next() * TOTAL
    for (const [weight, act] of STEPS) {
      at -= weight
      if (at < 0) return act(this)
    }
  }

  /** Connections break while they are made, refuse, or hang. */
  #plan(): ConnectionPlan {
    if (this.random.chance(0.75)) return {}
    if (this.random.chance(0.3)) return { refuse: this.random.pick(['status', 'unreachable', 'hang', 'throw']) }
    return { cuts: [this.#aCut(this.random.int(0, 1500))] }
  }

  #aCut(after: number): Cut {
    const late = (): number | null => this.random.pick([0, 0, 10, 1000, 30_000, null])
    return {
      direction: this.#direction(),
      after,
      noticed: { client: late(), server: late() },
      otherDirection: this.random.pick(['lost', 'arrives']),
    }
  }

  #direction(): Direction {
    return this.random.pick(['up', 'down'])
  }

  /** A page that lives; there always is one. */
  page(): Page {
    const alive = this.world.pages.filter((page) => page.isAlive)
    return alive.length > 0 ? this.random.pick(alive) : this.world.open()
  }

  wait(): void {
    this.world.clock.advance(this.random.pick([0, 1, 5, 50, 300, 1000, 5000, this.random.chance(0.05) ? 200_000 : 20_000]))
  }

  programs(act: (program: World['program']) => void): void {
    for (const program of this.world.backend.programs) if (!program.isOver()) act(program)
  }

  print(): void {
    const bytes = this.random.pick([1, 10, 200, 5000, 100_000])
    this.programs((program) => program.print(bytes))
  }

  cut(): void {
    const { connections } = this.world.linkOf(this.page())
    const last = connections.at(-1)
    if (last === undefined) return
    const direction = this.#direction()
    last.cut({ ...this.#aCut(0), direction, after: last.arrived[direction] + this.random.pick([0, 0, 1, 5, 50, 3000]) })
  }

  stall(): void {
    this.world
      .linkOf(this.page())
      .connections.at(-1)
      ?.stall(this.random.pick(['up', 'down', 'both']))
  }

  release(): void {
    this.world.linkOf(this.page()).connections.at(-1)?.release('both')
  }

  /** The page goes, with or without a word, and comes again with its storage. */
  reload(): void {
    const page = this.page()
    const last = this.world.linkOf(page).connections.at(-1)
    if (this.random.chance(0.5)) page.dispose()
    else {
      page.die()
      last?.cut({ noticed: { client: null, server: this.random.pick([0, 100, 10_000, null]) } })
    }
    this.world.open(page.storage)
  }

  /** Browsers copy the storage of a tab that is duplicated. */
  duplicate(): void {
    if (this.world.pages.length >= 6) return
    this.world.isLonely = false
    this.world.open(new Map(this.page().storage))
  }

  /** Another browser of the same person. */
  stranger(): void {
    if (this.world.pages.length >= 6) return
    this.world.isLonely = false
    this.world.open()
  }
}
