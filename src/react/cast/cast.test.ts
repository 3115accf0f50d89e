/** Recordings are written and read as asciicasts, and what is none is refused with a sentence. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCast, writeCast, type Cast, type CastEvent } from './cast.ts'
import { CastRecorder } from './recorder.ts'
import { anyText } from '../../testing/anyText.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

describe('an asciicast', () => {
  test('is read as it was written, to the microsecond', () => {
    const times = fc.array(
      fc.nat(100_000).map((ms) => ms / 8),
      { maxLength: 20 },
    )
    const event = (at: number): fc.Arbitrary<CastEvent> =>
      fc.oneof(
        anyText().map((text) => ({ at, kind: 'output', text }) as const),
        fc
          .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }))
          .map(([cols, rows]) => ({ at, kind: 'resize', size: { cols, rows } }) as const),
      )
    const events = times.chain((all) => fc.tuple(...all.sort((a, b) => a - b).map(event)))
    fc.assert(
      fc.property(events, (events) => {
        const cast: Cast = { size: { cols: 80, rows: 24 }, title: 'a "b"', events }
        expect(readCast(writeCast(cast, 1e12))).toEqual(cast)
      }),
    )
  })

  test('of version 3 has the times between its events, comments, markers and an exit', () => {
    const file = [
      '{"version":3,"term":{"cols":100,"rows":30,"type":"xterm"},"title":"t\\u202e"}',
      '# a comment',
      '[0.5,"o","hi"]',
      '[0.25,"m","here"]',
      '[0.25,"r","120x40"]',
      '',
      '[1,"x","3"]',
    ].join('\n')
    expect(readCast(file)).toEqual({
      size: { cols: 100, rows: 30 },
      title: 't',
      events: [
        { at: 500, kind: 'output', text: 'hi' },
        { at: 1000, kind: 'resize', size: { cols: 120, rows: 40 } },
        { at: 2000, kind: 'exit', code: 3 },
      ],
    })
  })

  test('that is none is refused with a sentence', () => {
    for (const file of [
      '',
      'hello',
      '[]',
      '{"version":1}',
      '{"version":2}',
      '{"version":2,"width":0,"height":5}',
      '{"version":3,"term":null}',
    ])
      expect(() => readCast(file)).toThrow(/recording/)
    const header = '{"version":2,"width":80,"height":24}'
    for (const line of ['{}', '[1]', '["1","o","x"]', '[1,"o",5]', '[1e999,"o","x"]', 'x'])
      expect(() => readCast(`${header}\n${line}`)).toThrow('Line 2 of this recording is no event.')
  })

  test('of a stranger gives bounded sizes and times that never go back', () => {
    const file =
      '{"version":2,"width":999999,"height":24}\n[5,"o","a"]\n[-3,"o","b"]\n[6,"r","99999x1"]\n[7,"r","0x0"]\n[8,"q","?"]'
    expect(readCast(file)).toMatchObject({ size: { cols: 1000, rows: 24 } })
    expect(readCast(file).events.map((event) => [event.at, event.kind])).toEqual([
      [5000, 'output'],
      [5000, 'output'],
      [6000, 'resize'],
    ])
    expect(readCast('{"version":2,"width":80,"height":24,"__proto__":{"title":"x"}}').title).toBe('')
  })
})

describe('a recorder', () => {
  const make = (maxBytes = 1000) => {
    let now = 5000
    const recorder = new CastRecorder({ size: { cols: 80, rows: 24 }, now: () => now, maxBytes })
    return { recorder, pass: (ms: number) => (now += ms) }
  }

  test('keeps output with its times, characters that are cut between two pieces among it', () => {
    const { recorder, pass } = make()
    const snow = bytes('a☃b')
    pass(10)
    recorder.output(snow.slice(0, 2))
    pass(10)
    recorder.output(snow.slice(2))
    expect(recorder.cast().events).toEqual([
      { at: 10, kind: 'output', text: 'a' },
      { at: 20, kind: 'output', text: '☃b' },
    ])
  })

  test('tells a size only when it changes', () => {
    const { recorder } = make()
    recorder.resize({ cols: 80, rows: 24 })
    recorder.resize({ cols: 90, rows: 24 })
    recorder.resize({ cols: 90, rows: 24 })
    expect(recorder.cast().events).toHaveLength(1)
  })

  test('stops for good before it would keep more than its limit', () => {
    const { recorder } = make(10)
    recorder.output(bytes('12345678'))
    expect(recorder.full()).toBe(false)
    recorder.output(bytes('abc'))
    recorder.output(bytes('x'))
    recorder.resize({ cols: 1, rows: 1 })
    expect(recorder.full()).toBe(true)
    expect(recorder.cast().events.map((event) => event.kind === 'output' && event.text)).toEqual(['12345678'])
  })
})
