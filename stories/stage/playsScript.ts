/** Plays what a script says of its person, on a real panel, and sees it end as the script says. */
import { expect, waitFor } from 'storybook/test'
import { hasReached } from '../../mock-server/play.ts'
import type { PersonStep } from '../../mock-server/script.ts'
import { scriptNamed } from '../../mock-server/scripts.ts'
import type { TerminalSize } from '../../src/protocol/messages.ts'
import { unreachable } from '../../src/protocol/unreachable.ts'
import { person } from './person.ts'
import { handleIn, type StageProps, worldIn } from './Stage.tsx'
import type { World } from './world.ts'

/** Milliseconds of the story's time. */
const LONGEST = 3_600_000
/** After its end nothing may happen any more that changes it. */
const CALM = 1_000

export async function playsScript({ args, canvasElement }: { args: StageProps; canvasElement: HTMLElement }): Promise<void> {
  if (args.script === undefined) return
  const script = scriptNamed(args.script)
  await person(canvasElement).grid()
  const world = worldIn(canvasElement)
  // Programs that care for their size were written down on a screen of this one.
  if (script.person?.some((step) => step.does === 'resize')) await resize(canvasElement, { cols: 80, rows: 24 })
  for (const step of script.person ?? []) await does(step, canvasElement, world)
  const status = () => world.youngest().connection.snapshot().status
  await until(world, () => hasReached(status(), script.ends))
  await world.time.skip(CALM)
  await expect(status()).toMatchObject({ phase: script.ends.phase })
  const panel = canvasElement.querySelector<HTMLElement>('.nt[data-state]')
  // The panel says something else than at its first paint.
  await waitFor(() => expect(panel?.dataset['state']).not.toBe('first-paint'))
}

async function until(world: World, holds: () => boolean): Promise<void> {
  const { time } = world
  const tooLate = time.now() + LONGEST
  // In pieces: what the page itself does, such as drawing, takes turns of its own.
  while (!holds() && time.now() < tooLate) {
    await time.skipUntil(holds, 5_000)
    await new Promise((resolve) => setTimeout(resolve))
  }
  await expect(holds()).toBe(true)
}

async function does(step: PersonStep, canvas: HTMLElement, world: World): Promise<void> {
  const handle = handleIn(canvas)
  const { connection } = world.youngest()
  switch (step.does) {
    case 'type':
      return handle.write(step.text)
    case 'wait':
      return world.time.skip(step.ms)
    case 'see':
      return until(world, () => world.youngest().connection.snapshot().status.phase === step.phase)
    case 'read':
      return until(world, () => world.youngest().text.includes(step.text))
    case 'retry':
      return connection.retry()
    case 'restart':
      return connection.restart()
    case 'take-over':
      return handle.takeOver()
    case 'disconnect':
      return handle.disconnect()
    case 'resize':
      return resize(canvas, step)
    case 'go-offline':
    case 'go-online':
      return world.feel({ offline: step.does === 'go-offline' })
    case 'hide':
    case 'show':
      return world.feel({ hidden: step.does === 'hide' })
    case 'reload':
      return reload(canvas, world)
    case 'duplicate-tab':
      return reload(canvas, world, 'copy')
    default:
      return unreachable(step)
  }
}

async function reload(canvas: HTMLElement, world: World, how?: 'copy'): Promise<void> {
  const before = world.youngest()
  world.reload(how)
  await waitFor(() => expect(world.youngest()).not.toBe(before))
  await person(canvas).grid()
}

/** The host gives the panel another size; the cells keep theirs. */
async function resize(canvas: HTMLElement, { cols, rows }: TerminalSize): Promise<void> {
  const box = canvas.querySelector<HTMLElement>('.nt[data-state]')?.parentElement
  const grid = canvas.querySelector('.xterm-screen')?.getBoundingClientRect()
  const size = person(canvas).gridSize()
  if (!box || !grid || !size) throw new Error('There is no grid to resize.')
  box.style.inlineSize = `${box.offsetWidth + Math.ceil(((cols - size.cols) * grid.width) / size.cols)}px`
  box.style.blockSize = `${box.offsetHeight + Math.ceil(((rows - size.rows) * grid.height) / size.rows)}px`
  await waitFor(() => expect(person(canvas).gridSize()).toEqual({ cols, rows }))
}
