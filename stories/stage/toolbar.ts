/** Joins the worlds of the stories on this page with the toolbar, which lives in another frame. */
import { addons } from 'storybook/preview-api'
import { CHANNEL, type Condition, type Fault } from './faults.ts'
import type { World } from './world.ts'

const worlds = new Set<World>()
let listening = false

/** The toolbar reaches this world from now on; the result takes it away again. */
export function onToolbar(world: World): () => void {
  listen()
  worlds.add(world)
  const unwatch = world.watch(tell)
  tell()
  return () => {
    unwatch()
    worlds.delete(world)
    tell()
  }
}

/** What the first world says; all share what the toolbar does. Null while there is none. */
function condition(): Condition | null {
  const [first] = worlds
  return first?.condition() ?? null
}

function tell(): void {
  addons.getChannel().emit(CHANNEL.condition, condition())
}

function listen(): void {
  if (listening) return
  listening = true
  const channel = addons.getChannel()
  const all = (change: (world: World) => void): void => worlds.forEach(change)
  channel.on(CHANNEL.ask, tell)
  channel.on(CHANNEL.mend, () => all((world) => (world.time.go(), world.mend())))
  channel.on(CHANNEL.skip, (ms: number) => all((world) => void world.time.skip(ms)))
  channel.on(CHANNEL.time, (stopped: boolean) => all(({ time }) => (stopped ? time.stop() : time.go())))
  channel.on(CHANNEL.hurt, (fault: Fault) => {
    const on = !condition()?.faults.includes(fault)
    all((world) => (world.time.go(), world.hurt(fault, on)))
  })
}
