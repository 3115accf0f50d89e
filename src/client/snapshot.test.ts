/** What a person sees of a state, and that what did not change stays the same object. */
import { expect, test } from 'vitest'
import { ClientScript, GRANTED, greeting, resumption } from '../testing/clientScript.ts'
import { snapshotOf } from './snapshot.ts'

test('each step of a start, a loss and a return has its words', () => {
  const s = new ClientScript()
  const seen: string[] = []
  const look = (): void => {
    const { status } = snapshotOf(s.state, null, null)
    seen.push('step' in status ? `${status.phase} ${status.step}` : status.phase)
  }
  look()
  s.start()
  s.openChannel()
  look()
  s.give({ type: 'token', answer: GRANTED, takeOver: false })
  look()
  s.connected()
  s.hear(greeting())
  look()
  s.hear({ t: 'open_ok', id: 1 })
  look()
  s.close(1006)
  look()
  s.greetAgain()
  look()
  s.hear(resumption())
  look()
  expect(seen).toEqual([
    'idle',
    'starting authorizing',
    'starting connecting',
    'starting opening',
    'ready',
    'lost waiting',
    'lost trying',
    'ready',
  ])
})

test('nothing that a person sees changed: the very same snapshot', () => {
  const s = new ClientScript().ready()
  const before = snapshotOf(s.state, null, null)
  s.data(1000)
  s.drawn(500)
  s.type(3)
  expect(snapshotOf(s.state, null, before)).toBe(before)
  s.close(1006)
  s.type(1)
  const after = snapshotOf(s.state, null, before)
  expect(after).not.toBe(before)
  expect(after.paused).toBe(before.paused)
  expect(after.held).toEqual({ keys: 1, full: false })
})

test('output that comes late is slow until an answer comes in time, which is asked for at once', () => {
  const s = new ClientScript().ready()
  const slow = (): boolean => snapshotOf(s.state, null, null).paused.slow
  const asked = (): number => s.state.liveness?.lastTs ?? -1
  s.hear({ t: 'pong', ts: asked() })
  s.wait(5000)
  s.data(1000)
  const first = asked()
  expect(first).toBeGreaterThan(0)
  s.wait(900)
  s.data(1000)
  expect(slow()).toBe(false)
  s.wait(200)
  s.data(1000)
  expect(slow()).toBe(true)
  s.wait(900)
  s.hear({ t: 'pong', ts: first })
  expect(slow()).toBe(true)
  expect(asked()).toBe(Math.floor(s.now))
  s.wait(50)
  s.hear({ t: 'pong', ts: asked() })
  expect(slow()).toBe(false)
  expect(asked()).toBe(-1)
})

test('the tries are counted from one and never beyond the last', () => {
  const s = new ClientScript().ready()
  s.close(1006)
  const tries: number[] = []
  while (s.state.phase.name === 'waiting') {
    const { status } = snapshotOf(s.state, null, null)
    if (status.phase === 'lost') tries.push(status.tries)
    s.wait((s.timers.get('retry') ?? 0) - s.now)
    s.close(1006)
  }
  expect(tries).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})
