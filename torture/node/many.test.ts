/** Many sessions on one server process: all cut at once, all back, none mixed up with another, and nothing left when they are gone. */
import { afterEach, expect, test } from 'vitest'
import { LENGTH } from '../length.ts'
import { startRemote, type RemoteSite } from './remote.ts'
import { until } from './until.ts'
import type { Visitor } from './visitor.ts'

const { sessions } = LENGTH.real
/** The row "500 live sessions". */
const BACK_WITHIN_MS = 10_000
const IDLE_BYTES = 1024 * 1024
const ROUNDS = 3

let remote: RemoteSite | null = null

afterEach(async () => {
  await remote?.close()
  remote = null
})

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length
}

async function answered(visitors: readonly Visitor[], word: string): Promise<void> {
  for (const [i, visitor] of visitors.entries()) visitor.type(`${word} of ${i}\r`)
  await Promise.all(visitors.map((visitor, i) => visitor.reads(`${word} of ${i}\r`)))
}

test(`${sessions} sessions, all cut at once ${ROUNDS} times, are back within ten seconds (invariants 1, 4 and 6)`, async () => {
  const timersBefore = timers()
  const at = (remote = await startRemote())
  const empty = await at.report()
  const visitors = Array.from({ length: sessions }, (_, i) =>
    // The backoff of the product: a crowd that comes back at once is the crowd that people make.
    at.visit({ allocationId: `many${i}`, reconnect: { tries: 100 } }),
  )
  await Promise.all(visitors.map((visitor) => visitor.ready()))
  await answered(visitors, 'the start')
  const idle = await at.report()
  expect((idle.rss.now - empty.rss.now) / sessions).toBeLessThanOrEqual(IDLE_BYTES)
  for (let round = 0; round < ROUNDS; round++) {
    at.link.cut({ how: round % 2 === 0 ? 'rst' : 'fin' })
    await answered(visitors, `round ${round}`)
    for (const visitor of visitors) expect(visitor.reconnects).toBeGreaterThanOrEqual(round + 1)
  }
  const { stats, sums } = await at.report()
  expect(stats).toMatchObject({ sessions, attached: sessions, connections: sessions, programs: sessions, opened: sessions })
  for (const [i, visitor] of visitors.entries()) {
    const program = sums.find(({ allocation }) => allocation === `many${i}`)
    expect(visitor.output.sum()).toEqual(program?.output)
    expect(visitor.typed.sum()).toEqual(program?.input)
  }
  const resumes = visitors.flatMap(({ resumeMs }) => resumeMs).toSorted((a, b) => a - b)
  expect(resumes).toHaveLength(sessions * ROUNDS)
  expect(resumes.at(-1)).toBeLessThanOrEqual(BACK_WITHIN_MS)
  const share = (part: number): string => (resumes[Math.floor((resumes.length - 1) * part)] ?? NaN).toFixed(0)
  const each = ((idle.rss.now - empty.rss.now) / sessions / 1024).toFixed(0)
  process.stdout.write(
    `${sessions} sessions back: median ${share(0.5)} ms, p99 ${share(0.99)} ms, last ${share(1)} ms; ${each} KiB each\n`,
  )
  // Half of them leave by themselves, the other half are let go of with the server.
  for (const visitor of visitors.slice(0, sessions / 2)) visitor.connection.disconnect()
  await Promise.all(
    visitors
      .slice(0, sessions / 2)
      .map((visitor) => visitor.until(() => visitor.connection.snapshot().status.phase === 'ended', 'it ends')),
  )
  for (;;) if ((await at.report()).stats.sessions === sessions / 2) break
  remote = null
  await at.close()
  await until(
    () => timers() <= timersBefore,
    () => `of ${process.getActiveResourcesInfo().join(' ')} only ${timersBefore} timers stay`,
    15_000,
  )
})
