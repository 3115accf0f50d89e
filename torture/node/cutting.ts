/** Cuts as a bad line makes them: at bytes that nobody chose, or every so often. */
import type { Faults } from '../../src/testing/node/faultLink.ts'
import type { SeededRandom } from '../../src/testing/seededRandom.ts'

/** The upgrade and the hello pass, or no connection would ever carry anything. */
const GREETING = 700

/** Plans cuts for the connections to come, each after at most so many bytes of its own. */
export function planCuts(
  link: Faults,
  random: SeededRandom,
  { count, most, direction }: { readonly count: number; readonly most: number; readonly direction: 'up' | 'down' },
): void {
  for (let i = 0; i < count; i++) {
    link.cutNext({
      direction,
      after: GREETING + random.int(1, Math.floor(most)),
      how: random.pick(['rst', 'fin'] as const),
      noticedBy: random.pick(['both', 'both', 'client'] as const),
    })
  }
}

const running = new Set<() => void>()

/** Cuts whatever stands every 0.2 to 2 s, until it is stopped. */
export function cutByTheClock(link: Faults, random: SeededRandom): () => void {
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => {
    clearTimeout(timer)
    running.delete(stop)
  }
  const again = (): void => {
    timer = setTimeout(
      () => {
        link.cut({ how: random.pick(['rst', 'fin'] as const), noticedBy: random.pick(['both', 'both', 'client'] as const) })
        again()
      },
      random.int(200, 2000),
    )
  }
  running.add(stop)
  again()
  return stop
}

/** For the end of a test, however it ended. */
export function stopCutting(): void {
  for (const stop of running) stop()
}
