/** Orders are read as they are meant, and what is wrong with one is said. */
import { describe, expect, it } from 'vitest'
import type { Script } from '../script.ts'
import { scripts } from '../scripts.ts'
import { readOrder } from './orders.ts'

describe('an order', () => {
  it('may be any action that a script holds', () => {
    const actions = scripts.flatMap(({ steps = [] }: Script) => steps.flatMap(({ act }) => act))
    expect(actions.length).toBeGreaterThan(20)
    for (const action of actions) expect(readOrder(JSON.stringify(action))).toEqual({ ok: true, order: action })
  })

  it.each([
    { do: 'script', name: 'flood', seed: 3 },
    { do: 'advance', ms: 0 },
    { do: 'tokens', are: 500 },
    { do: 'visit', as: 'another-person' },
    { do: 'close', code: 4000, reason: 'cancelled', retryMs: 10 },
    { do: 'drop' },
  ])('may be %j', (order) => expect(readOrder(JSON.stringify(order))).toEqual({ ok: true, order }))

  it.each([
    ['{', 'The body is not JSON.'],
    ['[]', 'An order is an object with a field "do".'],
    ['null', 'An order is an object with a field "do".'],
    ['{"do":"toString"}', /no order "toString".*There are script,/],
    ['{"do":"cut","when":1}', '"cut" has no field "when".'],
    ['{"do":"advance"}', 'The field "ms" of "advance" must be a number.'],
    ['{"do":"advance","ms":-1}', /must be a number/],
    ['{"do":"stall","direction":"sideways"}', 'The field "direction" of "stall" must be up, down, both.'],
    ['{"do":"tokens","are":"angry"}', /core, unreachable, silent, garbage or a number of milliseconds/],
    ['{"do":"visit","as":"same-person","takeOver":"yes"}', /must be true or false/],
    ['{"do":"slow","line":[]}', /must be an object/],
  ])('is refused where it is %s', (text, problem) => {
    const read = readOrder(text)
    expect(read.ok).toBe(false)
    expect(read.ok ? '' : read.problem).toMatch(problem)
  })
})
