/** The list of what happened, as it is read. */
import { describe, expect, test } from 'vitest'
import { resumption } from '../../testing/clientScript.ts'
import { world } from '../../testing/clientWorld.ts'
import type { Note } from '../../client/api.ts'
import { logOf, logWords } from './log.ts'
import { englishDetails } from './words.ts'

const read = (notes: readonly Note[]): readonly string[] => logOf(notes).map((line) => logWords(line, englishDetails))

const note = (code: string, fields: Note['fields'] = {}, times = 1): Note => ({
  timestamp: 0,
  phase: 'ready',
  code,
  fields,
  bus: 'diagnostic',
  at: 0,
  times,
})

describe('of a real client', () => {
  test('tells of the way to a shell, a loss and a return, the newest first', () => {
    const w = world()
    w.runner.start()
    w.runner.open()
    w.clock.advance(310)
    w.admit()
    w.socket.events.closed(1006, '')
    w.clock.advance(1000)
    w.admit(resumption())
    expect(read(w.runner.recent().notes)).toEqual([
      'Reconnected, nothing lost',
      'Trying again',
      'Connection lost (1006)',
      'Connected in 310 ms',
      'Access checked',
    ])
  })

  test('a gap is told with the return that it belongs to', () => {
    const w = world()
    w.ready()
    w.socket.events.closed(1006, '')
    w.clock.advance(1000)
    w.admit(resumption({ from: 12_000 }))
    expect(read(w.runner.recent().notes)[0]).toBe('Reconnected, 12 KB lost')
    expect(read(w.runner.recent().notes).filter((line) => line.includes('missing'))).toEqual([])
  })

  test('tells of pauses and of the end', () => {
    const w = world()
    w.ready()
    w.tell('hidden')
    w.tell('visible')
    w.runner.disconnect()
    expect(read(w.runner.recent().notes).slice(0, 3)).toEqual([
      'Ended',
      'Goes on: page in the background is over',
      'Paused: page in the background',
    ])
  })

  test('after an end a connection is a new one', () => {
    const w = world()
    w.ready()
    w.runner.disconnect()
    w.runner.restart()
    w.clock.advance(20)
    w.admit()
    expect(read(w.runner.recent().notes)[0]).toBe('Connected in 20 ms')
  })
})

test('a try that never connected is no loss', () => {
  expect(read([note('socket-lost', { code: 1006, in: 'connecting' })])).toEqual(['No connection (1006)'])
  expect(read([note('socket-lost', { code: 1000, in: 'ready' })])).toEqual(['Connection closed (1000)'])
})

test('what came again says how often', () => {
  expect(read([note('input-refused', { why: 'refusing' }, 1200)])).toEqual(['Typing refused (refusing), 1\u202f200 times'])
})

test('a code that nobody gave words is shown as it is', () => {
  expect(read([note('something-new', { a: 1 })])).toEqual(['something-new'])
})

test('thirty lines, the last ones', () => {
  const notes = Array.from({ length: 80 }, (_, i) => note('open-refused', { code: i }))
  expect(read(notes)).toHaveLength(30)
  expect(read(notes)[0]).toBe('The shell was refused (79)')
})

test('every event has words', () => {
  for (const [name, words] of Object.entries(englishDetails.events)) {
    const sentence = words({
      ms: 1,
      code: 4000,
      why: 'hidden',
      bytes: 5,
      missing: 5,
      sig: 'INT',
      count: 2,
      what: 'send',
      event: 'x',
      signals: 'INT',
    })
    expect([name, sentence.length > 3 && !/undefined|NaN|null/.test(sentence)]).toEqual([name, true])
  }
})
