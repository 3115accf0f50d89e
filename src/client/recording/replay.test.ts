/** A report replays to the same orders and the same states; whatever else it is, the reader says so in a sentence. */
import { describe, expect, test } from 'vitest'
import { resumption } from '../../testing/clientScript.ts'
import { world } from '../../testing/clientWorld.ts'
import type { BugReport } from './report.ts'
import { readReport, replay } from './replay.ts'

/** As it arrives with whoever replays it. */
function arrived(report: BugReport): BugReport {
  const read = readReport(JSON.stringify(report))
  if (!read.ok) throw new Error(read.problem)
  return read.report
}

type World = ReturnType<typeof world>

/** A life with everything in it: each entry leads on from the one before. */
const LIFE: readonly (readonly [string, (w: World) => void])[] = [
  ['ready', (w) => void w.ready()],
  ['output', (w) => w.socket.print('x'.repeat(5000))],
  ['a second terminal', (w) => void w.runner.open({ target: { host: 'h', port: 22 }, user: { username: 'u' }, env: { A: 'b' } })],
  ['hidden', (w) => w.tell('hidden')],
  ['output while hidden', (w) => w.socket.print('hidden')],
  ['visible', (w) => w.tell('visible')],
  ['a full socket', (w) => ((w.socket.buffered = 9_000_000), w.socket.print('y'))],
  ['an empty one', (w) => ((w.socket.buffered = 0), w.clock.advance(100))],
  ['ten idle seconds', (w) => w.clock.advance(10_000)],
  ['a cut', (w) => w.socket.events.closed(1006, 'whatever')],
  ['a try that fails', (w) => (w.clock.advance(1000), w.socket.events.closed(1006, ''))],
  ['offline', (w) => w.tell('offline')],
  ['online', (w) => w.tell('online')],
  ['a warm resume with a gap', (w) => w.admit(resumption({ from: 9000 }))],
  ['a restart of the server', (w) => w.socket.events.closed(1012, '')],
  ['a resume after it', (w) => (w.clock.advance(5000), w.admit(resumption({ from: 9000 }, { warm: false, token: 'next' })))],
  ['a breach', (w) => w.socket.say({ t: 'hello', proto: 1, caps: { profile: 'x' } })],
  ['again', (w) => w.runner.retry()],
  ['taken over', (w) => w.socket.events.closed(4016, 'superseded')],
  ['taken back', (w) => w.runner.takeOver()],
  ['the end', (w) => w.runner.disconnect()],
  ['let go', (w) => w.runner.dispose()],
]

test('at every moment of a life the report leads to the state of that moment', () => {
  const w = world()
  for (const [moment, act] of LIFE) {
    act(w)
    const { divergence, steps } = replay(arrived(w.runner.report()))
    expect([moment, divergence]).toEqual([moment, null])
    const live = w.diagnostics.filter(({ code }) => code === 'phase').map(({ fields }) => fields['to'])
    const replayed = steps.flatMap(({ did }) =>
      (did ?? []).flatMap((effect) => (effect.do === 'diagnostic' && effect.code === 'phase' ? [effect.fields['to']] : [])),
    )
    expect(replayed).toEqual(live)
  }
})

test('a flood leaves a report of the last events that replays too', () => {
  const w = world()
  const channel = w.ready()
  channel.on('data', ({ end }) => channel.consumed(end))
  for (let i = 0; i < 5000; i++) w.socket.print('z'.repeat(100))
  const report = arrived(w.runner.report())
  expect(report.recording.dropped).toBeGreaterThan(5000)
  expect(replay(report).divergence).toBeNull()
})

test('figures that JSON does not know come back as they were', () => {
  const w = world()
  const channel = w.ready()
  w.socket.print('abc')
  channel.consumed(NaN)
  channel.consumed(Infinity)
  channel.resize({ cols: -Infinity, rows: NaN })
  const { steps, divergence } = replay(arrived(w.runner.report()))
  expect(divergence).toBeNull()
  expect(steps.map(({ event }) => event).filter(({ type }) => type === 'drawn' || type === 'resize')).toMatchObject([
    { offset: NaN },
    { offset: Infinity },
    { size: { cols: -Infinity, rows: NaN } },
  ])
})

describe('a machine that does something else', () => {
  function changed(change: (events: { event: Record<string, unknown> }[]) => void): BugReport {
    const w = world()
    w.ready()
    w.socket.print('abc')
    const report = structuredClone(w.runner.report())
    // A report is JSON, and this one is the test's own.
    change(report.recording.events as unknown as { event: Record<string, unknown> }[])
    return arrived(report)
  }

  test('is found at the first event that differs, with both lists of orders', () => {
    const report = changed((events) => (events.find(({ event }) => event['type'] === 'data')!.event['bytes'] = 4))
    const at = report.recording.events.length
    expect(replay(report).divergence).toEqual({ at, recorded: ['draw'], replayed: ['draw'] })
  })

  test('is found where an event is missing', () => {
    const report = changed((events) => events.splice(3, 1))
    expect(replay(report).divergence?.at).toBe(4)
  })

  test('is found by the state at the end where the orders were the same', () => {
    const report = changed((events) => {
      const last = events.at(-1)!.event
      last['now'] = Number(last['now']) + 1
    })
    expect(replay(report).divergence).toEqual({ at: 'end', recorded: null, replayed: null })
  })

  test('is found where it throws now and did not then, and the replay ends there', () => {
    const report = changed((events) => (events[2]!.event = { type: 'nonsense', now: 1, chance: 0 }))
    const { steps, divergence } = replay(report)
    expect(divergence).toMatchObject({ at: 3, replayed: null })
    expect(steps).toHaveLength(3)
  })
})

describe('a text that is no report', () => {
  const problem = (text: string): string => {
    const read = readReport(text)
    return read.ok ? 'none' : read.problem
  }
  const good = (): Record<string, unknown> => {
    const w = world()
    w.ready()
    return JSON.parse(JSON.stringify(w.runner.report())) as Record<string, unknown> // what was written an instant ago
  }
  const without = (name: string): string => JSON.stringify({ ...good(), [name]: undefined })

  test('is not JSON', () => expect(problem('{"format":')).toMatch(/not JSON/))
  test.each(['null', '[]', '3', '{}', '{"format":"har"}'])('is something else: %s', (text) => {
    expect(problem(text)).toMatch(/no bug report of this terminal/)
  })
  test('is of a newer format', () => {
    expect(problem(JSON.stringify({ ...good(), version: 2, library: '9.9.9' }))).toBe(
      'It was written by version 9.9.9 of the package in format 2, and this is format 1. Replay it with that version.',
    )
  })
  test('is of an older one', () => expect(problem(JSON.stringify({ ...good(), version: 0 }))).toMatch(/reads it no more/))
  test('is of none', () => expect(problem(without('version'))).toMatch(/without a number/))
  test.each(['made', 'facts', 'notes', 'roundTrips', 'recording'])('has no %s', (name) => {
    expect(problem(without(name))).toBe(`It is a bug report, but \`${name}\` is missing or not what it should be.`)
  })
  test('has an event that is none', () => {
    const report = good()
    Object.assign(report['recording'] as object, { events: [{ event: { type: 'retry', now: 1, chance: 0 } }, { event: 3 }] })
    expect(problem(JSON.stringify(report))).toMatch(/event 2 of `recording.events`/)
  })
  test('a good one has no problem', () => expect(problem(JSON.stringify(good()))).toBe('none'))
})
