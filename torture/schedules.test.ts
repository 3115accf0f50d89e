/** Random schedules: whatever happens in whatever order, the promises of PROTOCOL.md section 9 hold. */
import { expect, test } from 'vitest'
import { LENGTH } from './length.ts'
import { liveRandomly } from './schedule.ts'

/** `SEED=… npm run torture` goes elsewhere, `SCHEDULES=…` farther; a failure prints the seed of its schedule. */
const SEED = process.env['SEED'] ?? 'nimbus'
const SCHEDULES = Number(process.env['SCHEDULES'] ?? LENGTH.schedules)

test(`${SCHEDULES} schedules from seed "${SEED}" (invariants 1 to 9)`, () => {
  const failures: string[] = []
  for (let i = 0; i < SCHEDULES && failures.length < 5; i++) {
    try {
      liveRandomly(`${SEED}-${i}`)
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  expect(failures.join('\n\n')).toBe('')
})
