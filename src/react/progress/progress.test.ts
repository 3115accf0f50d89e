/** What programs tell of their progress, and what is none. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PACE_MS } from '../pace.ts'
import { ProgressWatch } from './controller.ts'
import { quarterReached, readProgress, type Progress } from './progress.ts'

describe('OSC 9;4', () => {
  test.each<[string, ReturnType<typeof readProgress>]>([
    ['4;0', 'none'],
    ['4;0;0', 'none'],
    ['4', 'none'],
    ['4;1;42', { kind: 'normal', percent: 42 }],
    ['4;1;042;', { kind: 'normal', percent: 42 }],
    ['4;1;900', { kind: 'normal', percent: 100 }],
    ['4;1', { kind: 'normal', percent: 0 }],
    ['4;2;68', { kind: 'error', percent: 68 }],
    ['4;3', { kind: 'busy', percent: null }],
    ['4;3;50', { kind: 'busy', percent: null }],
    ['4;4;68', { kind: 'paused', percent: 68 }],
  ])('%s is read', (data, progress) => expect(readProgress(data, null)).toEqual(progress))

  test('keeps the figure through a fault or a pause that tells none', () => {
    expect(readProgress('4;2', { kind: 'normal', percent: 30 })).toEqual({ kind: 'error', percent: 30 })
    expect(readProgress('4;4;', { kind: 'error', percent: 30 })).toEqual({ kind: 'paused', percent: 30 })
    expect(readProgress('4;4', null)).toEqual({ kind: 'paused', percent: null })
  })

  test('of any other shape is nothing', () => {
    for (const data of ['4;5;1', '4;1;-1', '4;1;x', '4;1;1.5', '9;/tmp', 'hello', '41;1;1', '', '4;1;1;1', '4;0001;1'])
      expect(readProgress(data, null)).toBeNull()
  })

  test('of any shape is a figure from 0 to 100 or none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.nat(12), fc.nat()).map(([a, b]) => `4;${a};${b}`),
        ),
        (data) => {
          const told = readProgress(data, null)
          if (told === null || told === 'none' || told.percent === null) return
          expect(told.percent).toBeGreaterThanOrEqual(0)
          expect(told.percent).toBeLessThanOrEqual(100)
        },
      ),
    )
  })
})

test('quarters are reached once, upwards, and never by an end', () => {
  const at = (percent: number): Progress => ({ kind: 'normal', percent })
  expect(quarterReached(null, at(10))).toBeNull()
  expect(quarterReached(at(24), at(25))).toBe(25)
  expect(quarterReached(at(10), at(80))).toBe(75)
  expect(quarterReached(at(80), at(10))).toBeNull()
  expect(quarterReached(at(50), at(60))).toBeNull()
  expect(quarterReached(at(60), null)).toBeNull()
})

describe('progress on a terminal', () => {
  function watch() {
    let now = 0
    let alarm: { at: number; run: () => void } | null = null
    const shown: (Progress | null)[] = []
    const progress = new ProgressWatch({
      now: () => now,
      alarm: (ms, run) => (alarm = { at: now + ms, run }),
      changed: (next) => shown.push(next),
    })
    return {
      progress,
      shown,
      pass(ms: number) {
        now += ms
        if (alarm !== null && alarm.at <= now) {
          const { run } = alarm
          alarm = null
          run()
        }
      },
    }
  }

  test('shows the first figure at once and then the newest one, ten times a second at most', () => {
    const { progress, shown, pass } = watch()
    for (let percent = 1; percent <= 50; percent++) progress.heard(`4;1;${percent}`)
    expect(shown).toEqual([{ kind: 'normal', percent: 1 }])
    pass(PACE_MS)
    expect(shown).toEqual([
      { kind: 'normal', percent: 1 },
      { kind: 'normal', percent: 50 },
    ])
  })

  test('is over at once with its command, and what waited to be shown is not shown after it', () => {
    const { progress, shown, pass } = watch()
    progress.heard('4;1;1')
    progress.heard('4;1;90')
    progress.end()
    expect(shown).toEqual([{ kind: 'normal', percent: 1 }, null])
    pass(PACE_MS)
    expect(shown).toEqual([{ kind: 'normal', percent: 1 }, null])
    expect(progress.shown()).toBeNull()
  })

  test('tells nothing once it is disposed', () => {
    const { progress, shown, pass } = watch()
    progress.heard('4;1;1')
    progress.heard('4;1;90')
    progress.dispose()
    pass(PACE_MS)
    expect(shown).toHaveLength(1)
  })
})
