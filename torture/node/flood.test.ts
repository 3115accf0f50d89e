/** A flood through a line that breaks again and again: every byte once, and a server whose memory does not follow the flood. */
import { afterEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/testing/seededRandom.ts'
import { LENGTH } from '../length.ts'
import { cutByTheClock, stopCutting } from './cutting.ts'
import { startRemote, type RemoteSite } from './remote.ts'
import type { Visitor } from './visitor.ts'

const { floodBytes, floodGrowthBytes } = LENGTH.real

let remote: RemoteSite | null = null

afterEach(async () => {
  stopCutting()
  await remote?.close()
  remote = null
})

/** Bytes a second from the first byte of the flood to its last. */
async function flood(visitor: Visitor): Promise<number> {
  const before = visitor.output.bytes
  const begin = performance.now()
  visitor.type(`/flood ${floodBytes}\r`)
  await visitor.until(() => visitor.output.bytes >= before + floodBytes, 'the whole flood', 600_000)
  return floodBytes / ((performance.now() - begin) / 1000)
}

async function sealed(at: RemoteSite, visitor: Visitor): Promise<void> {
  visitor.type('the end\r')
  await visitor.reads('the end\r')
  const { sums } = await at.report()
  expect(sums).toHaveLength(1)
  expect(visitor.output.sum()).toEqual(sums[0]?.output)
  expect(visitor.typed.sum()).toEqual(sums[0]?.input)
  expect({ unsent: visitor.unsentBytes, missing: visitor.missing }).toEqual({ unsent: 0, missing: 0 })
}

test.each(['nimbus.v1', 'json-base64.v1', 'lenpfx.v1'])('random cuts under a flood, %s (invariants 1 and 3)', async (profile) => {
  const at = (remote = await startRemote())
  const random = seededRandom(`flood ${profile}`)
  const visitor = at.visit({ profile })
  await visitor.ready()
  const clean = await flood(visitor)
  const idle = await at.report('forget highest')
  // By the clock, as a line breaks, and by the byte, so that a fast machine sees as many cuts as a slow one.
  const stop = cutByTheClock(at.link, random)
  const planned = 16
  // The one that stands, and those to come.
  at.link.cut({ after: random.int(1, floodBytes / planned) })
  for (let i = 1; i < planned; i++) at.link.cutNext({ after: random.int(1, floodBytes / planned) })
  const broken = await flood(visitor)
  stop()
  await sealed(at, visitor)
  const { rss } = await at.report()
  expect(at.link.cuts()).toBeGreaterThanOrEqual(planned / 2)
  expect(visitor.reconnects).toBeGreaterThanOrEqual(planned / 2)
  const MiB = 1024 * 1024
  process.stdout.write(
    `${profile}, ${floodBytes / MiB} MiB: ${(clean / MiB).toFixed(1)} MiB/s, with ${at.link.cuts()} cuts ${(broken / MiB).toFixed(1)} MiB/s; ` +
      `memory ${(idle.rss.now / MiB).toFixed(1)} MiB before, at most ${(rss.highest / MiB).toFixed(1)} MiB\n`,
  )
  expect(rss.highest - idle.rss.now).toBeLessThanOrEqual(floodGrowthBytes)
})
