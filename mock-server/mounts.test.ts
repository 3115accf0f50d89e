/** Each script leaves the same trace, whatever carries it. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { mounts } from './mounts.ts'
import { direct, play, type Play } from './play.ts'
import { scripts } from './scripts.ts'

// Real sockets, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 60_000 })

const others = mounts.filter(({ name }) => name !== direct.name)

describe.each(scripts.map((script) => [script.name, script] as const))('%s', (_name, script) => {
  let reference: Play
  beforeAll(async () => {
    reference = await play(script, direct)
  })

  it.each(others.map((mount) => [mount.name, mount] as const))('over %s', async (_name, mount) => {
    const { trace, heard, phases } = await play(script, mount)
    expect(phases).toEqual(reference.phases)
    expect(trace).toEqual(reference.trace)
    expect(heard).toEqual(reference.heard)
  })
})
