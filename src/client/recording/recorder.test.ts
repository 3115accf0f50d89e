/** What a recorder keeps, and how little. */
import { expect, test } from 'vitest'
import { ClientScript, CONFIG } from '../../testing/clientScript.ts'
import { initialState, transition } from '../machine.ts'
import type { ClientEvent } from '../machine/state.ts'
import { Recorder } from './recorder.ts'

const typed = (now: number) => ({ type: 'typed', handle: 0, bytes: 1, paste: false, now, chance: 0 }) as const

/** Feeds a machine and its recorder. */
function fed(count: number) {
  const script = new ClientScript().ready()
  let { state } = script
  const recorder = new Recorder(state)
  for (let i = 0; i < count; i++) {
    const event = typed(2000 + i)
    recorder.take(event, state)
    const [next, effects] = transition(state, event)
    state = next
    recorder.taken(effects, state, event.now)
  }
  return { recorder, state }
}

test('keeps all events of a short life, from the first state', () => {
  const { recorder } = fed(1024)
  const { dropped, events, did } = recorder.recorded()
  expect([dropped, events.length, did.length]).toEqual([0, 1024, 1024])
})

test.each([2048, 2049, 3072, 3073, 10_000])('of %i events at least the last 1024 and at most 2048', (count) => {
  const { recorder } = fed(count)
  const { dropped, events, did } = recorder.recorded()
  expect(dropped + events.length).toBe(count)
  expect(did).toHaveLength(events.length)
  expect(events.length).toBeGreaterThanOrEqual(1024)
  expect(events.length).toBeLessThanOrEqual(2048)
})

test('the kept events lead from the kept state to the present one', () => {
  const { recorder, state } = fed(5000)
  const { start, events } = recorder.recorded()
  expect(events.reduce((from, event) => transition(from, event)[0], start)).toEqual(state)
})

test('an event at which the machine threw is kept without orders, and so are those that follow with theirs', () => {
  const state = initialState(CONFIG)
  const recorder = new Recorder(state)
  recorder.take(typed(1), state)
  expect(recorder.recorded().did).toEqual([null])
  recorder.take(typed(2), state)
  recorder.taken([{ do: 'release' }], state, 2)
  expect(recorder.recorded().did).toEqual([null, [{ do: 'release' }]])
})

test('what a report was made of does not change with what comes', () => {
  const { recorder, state } = fed(10)
  const before = recorder.recorded()
  recorder.take(typed(9000), state)
  recorder.taken([], state, 9000)
  expect([before.events.length, before.did.length]).toEqual([10, 10])
})

const NOTE = { timestamp: 5, phase: 'ready', bus: 'diagnostic', at: 5 } as const

test('diagnostics that repeat each other count as one, with the time of the last', () => {
  const recorder = new Recorder(initialState(CONFIG))
  recorder.note({ ...NOTE, code: 'input-refused', fields: { bytes: 1 } })
  recorder.note({ ...NOTE, code: 'input-refused', fields: { bytes: 1 }, at: 9 })
  recorder.note({ ...NOTE, code: 'input-refused', fields: { bytes: 2 } })
  recorder.note({ ...NOTE, code: 'gap', fields: {} })
  recorder.note({ ...NOTE, code: 'input-refused', fields: { bytes: 2 } })
  expect(recorder.notes().map(({ code, at, times }) => [code, at, times])).toEqual([
    ['input-refused', 9, 2],
    ['input-refused', 5, 1],
    ['gap', 5, 1],
    ['input-refused', 5, 1],
  ])
})

test('256 diagnostics are kept, the last ones', () => {
  const recorder = new Recorder(initialState(CONFIG))
  for (let i = 0; i < 1000; i++) recorder.note({ ...NOTE, code: 'gap', fields: { i } })
  expect(recorder.notes().map(({ fields }) => fields['i'])).toEqual(Array.from({ length: 256 }, (_, i) => 744 + i))
})

test('each round trip is kept once, 64 of them', () => {
  const script = new ClientScript()
  const recorder = new Recorder(script.state)
  const give = (event: ClientEvent): void => {
    script.give(event)
    recorder.taken([], script.state, script.now)
  }
  script.ready()
  for (let i = 0; i < 100; i++) {
    script.give({ type: 'page', event: 'wake', stored: null })
    const { lastTs } = script.state.liveness ?? { lastTs: null }
    script.now += i
    give({ type: 'message', epoch: script.state.epoch, message: { t: 'pong', ts: lastTs ?? -1 } })
    give({ type: 'timer', name: 'heartbeat' })
  }
  expect(recorder.roundTrips()).toHaveLength(64)
  expect(recorder.roundTrips().at(-1)).toEqual({ at: script.now, ms: 99 })
})
