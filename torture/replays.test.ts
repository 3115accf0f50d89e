/** Whatever happens to a page, its bug report replays to the same trace, and nothing that was typed or printed is in it. */
import { expect, test } from 'vitest'
import { readReport, replay } from '../src/client/recording/replay.ts'
import { LENGTH } from './length.ts'
import type { Page } from './page.ts'
import { Life } from './schedule.ts'

/** A report takes as long as a schedule. */
const SCHEDULES = Math.ceil(LENGTH.schedules / 10)

function check(page: Page): string[] {
  const text = JSON.stringify(page.connection.report())
  const read = readReport(text)
  if (!read.ok) return [read.problem]
  const { divergence, steps } = replay(read.report)
  const faults = divergence === null ? [] : [`another trace: ${JSON.stringify(divergence)}`]
  // A record is named after its page, so that the phase names of the protocol are none.
  if (page.typed.some(({ record }) => text.includes(record))) faults.push('a typed record stands in the report')
  const replayed = steps.flatMap(({ did }) =>
    (did ?? []).flatMap((effect) => (effect.do === 'diagnostic' ? [`${effect.code} ${JSON.stringify(effect.fields)}`] : [])),
  )
  // Whoever listened came after the first steps, and the recording may begin later than they did.
  const phases = (codes: readonly string[]): string => codes.filter((code) => code.startsWith('phase ')).join('\n')
  const [heard, again] = [phases(page.codes), phases(replayed)]
  if (!heard.endsWith(again) && !again.endsWith(heard)) faults.push(`phases ${again} instead of ${heard}`)
  return faults
}

test(`the reports of ${SCHEDULES} schedules replay`, () => {
  let pages = 0
  const failures: string[] = []
  for (let i = 0; i < SCHEDULES && failures.length < 5; i++) {
    const life = new Life(`replay-${i}`)
    life.run()
    for (const page of life.world.pages) {
      pages++
      failures.push(...check(page).map((fault) => `seed replay-${i}, page ${page.name}: ${fault}`))
    }
  }
  expect(failures.join('\n\n')).toBe('')
  expect(pages).toBeGreaterThan(SCHEDULES)
})
