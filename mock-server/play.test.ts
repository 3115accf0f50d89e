/** Each script comes to its end, the same way every time. */
import { describe, expect, it } from 'vitest'
import { direct, play } from './play.ts'
import { scripts } from './scripts.ts'

describe('scripts', () => {
  it.each(scripts.map((script) => [script.name, script] as const))('%s', async (_name, script) => {
    const first = await play(script, direct)
    expect((await play(script, direct)).trace).toEqual(first.trace)
  })
})
