/** A replayed report as lines that a person reads. */
import { expect, test } from 'vitest'
import { resumption } from '../../testing/clientScript.ts'
import { world } from '../../testing/clientWorld.ts'
import { replay } from './replay.ts'
import type { BugReport } from './report.ts'
import { timeline, verdict } from './timeline.ts'

function cutAndBack(): BugReport {
  const w = world()
  const channel = w.ready()
  channel.on('data', ({ end }) => channel.consumed(end))
  w.socket.print('abc')
  w.socket.print('defg')
  w.clock.advance(1500)
  w.socket.events.closed(1006, '')
  w.clock.advance(500)
  w.admit(resumption({ from: 7 }))
  return w.runner.report({ userAgent: 'Browser/1.0' })
}

const linesOf = (report: BugReport, all = false): readonly string[] => timeline(report, replay(report), all)

test('tells when, what happened and what came of it', () => {
  expect(linesOf({ ...cutAndBack(), library: '1.2.3' })).toMatchInlineSnapshot(`
    [
      "Bug report of @nimbus/terminal 1.2.3 (nimbus.v1), made 2026-01-01 00:00:02 UTC",
      "userAgent: Browser/1.0",
      "18 events, 0 before them",
      "",
      "  00:00:00.000  started  · idle → authorizing",
      "  00:00:00.000  access granted  · authorizing → connecting",
      "  00:00:00.000  terminal 0 asked for",
      "  00:00:00.000  socket opened  · connecting → greeting",
      "  00:00:00.000  server: hello_ok  · greeting → ready",
      "  00:00:00.000  this tab owns the session",
      "  00:00:00.000  server: open_ok",
      "  00:00:00.000  server: flow; output × 2, 7 bytes; drawn × 2; timer acknowledge",
      "  00:00:01.500  socket closed (1006)  · socket-lost (code 1006, in ready) · ready → waiting",
      "  00:00:01.650  timer retry  · waiting → connecting",
      "  00:00:02.000  socket opened  · connecting → greeting",
      "  00:00:02.000  server: hello_ok  · greeting → ready",
      "  00:00:02.000  server: flow",
    ]
  `)
})

test('runs of output, typing and credit are one line, or one each', () => {
  const report = cutAndBack()
  expect(linesOf(report).filter((line) => line.includes('output'))).toHaveLength(1)
  expect(linesOf(report, true).filter((line) => line.includes('output'))).toHaveLength(2)
})

test('what was noted before the first event that is kept stands above', () => {
  const w = world()
  w.ready()
  w.clock.advance(10)
  for (let i = 0; i < 3000; i++) w.socket.print('x')
  const lines = linesOf(w.runner.report())
  expect(lines.find((line) => line.includes('(before)'))).toMatch(/^\S+ {2}\(before\) {2}idle → authorizing$/)
})

test('says that the machine did the same', () => {
  const report = cutAndBack()
  expect(verdict(report, replay(report))).toEqual([
    `The machine did the same: ${report.recording.events.length} events, the same orders, the same state at the end.`,
  ])
})

test('marks the event at which it did not, and says what was recorded and what was replayed', () => {
  const report = structuredClone(cutAndBack()) as {
    recording: { events: { event: { type: string; code?: number } }[] }
  } & BugReport
  const at = report.recording.events.findIndex(({ event }) => event.type === 'socket-closed')
  report.recording.events[at]!.event.code = 4004
  const replayed = replay(report)
  expect(timeline(report, replayed).filter((line) => line.startsWith('! '))).toEqual([
    expect.stringContaining('socket closed (4004)'),
  ])
  expect(verdict(report, replayed)[0]).toBe(
    `The machine did something else at event ${at + 1} of ${report.recording.events.length}.`,
  )
  expect(verdict(report, replayed)[1]).toMatch(/recorded: .*timer retry/)
  expect(verdict(report, replayed)[2]).toMatch(/replayed: .*closed/)
})

test('a file from elsewhere cannot move the cursor', () => {
  const report = { ...cutAndBack(), library: '\u001b[2J', facts: { '\u001b]0;x\u0007': '\u009b31m' } }
  expect(linesOf(report).join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

test('an event that never was one is named', () => {
  const report = structuredClone(cutAndBack()) as { recording: { events: unknown[] } } & BugReport
  report.recording.events.push({ event: { type: 'nonsense', now: 1, chance: 0 } })
  expect(linesOf(report).at(-1)).toMatch(/unknown event nonsense {2}THE MACHINE THREW/)
})
