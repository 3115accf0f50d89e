/** Words of a host take the place of ours, as far as they can be said. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { english } from './english.ts'
import { withWords } from './words.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a word of the host that throws is ours, and the browser reports what was thrown', () => {
  const { ready } = withWords(english, {
    ready: {
      shell: 'Hülle',
      grid: (cols, rows) => `${cols} mal ${rows}`,
      progress: () => {
        throw new Error('no such key')
      },
    },
  })
  expect([ready.shell, ready.grid(80, 24), ready.bell]).toEqual(['Hülle', '80 mal 24', english.ready.bell])
  expect(ready.progress('normal', 30)).toBe(english.ready.progress('normal', 30))
  expect(() => vi.runAllTimers()).toThrow('no such key')
})
