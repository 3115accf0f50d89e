/** Whatever a host's handler does, its terminal goes on, and somebody hears of it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { guarded } from './guarded.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const link = { href: 'https://a.example/', text: 'a' }

test('what a handler throws or rejects with is told by name, with its cause', async () => {
  const heard: unknown[] = []
  const { onBell, onDropFiles } = guarded({
    onError: ({ message, cause }) => heard.push([message, cause]),
    onBell: () => {
      throw new TypeError('no')
    },
    onDropFiles: () => Promise.reject(new RangeError('never')),
  })
  onBell?.()
  expect(await onDropFiles?.([])).toBeUndefined()
  expect(heard).toEqual([
    ['The handler onBell has thrown.', new TypeError('no')],
    ['The handler onDropFiles has thrown.', new RangeError('never')],
  ])
})

test('without a handler for errors, or where that one throws, the browser reports what was thrown', () => {
  const broken = (message: string) => () => {
    throw new Error(message)
  }
  guarded({ onBell: broken('a bell') }).onBell?.()
  expect(() => vi.runAllTimers()).toThrow('a bell')
  const both = guarded({ onError: broken('an error'), onBell: broken('a bell') })
  both.onBell?.()
  expect(() => vi.runAllTimers()).toThrow('an error')
})

test('handlers that throw nothing are called and answer as they are, and no others are made', async () => {
  const onOpenLink = vi.fn(() => false)
  const made = guarded({ onOpenLink, onDropFiles: async () => ['/tmp/a'], home: '/home/ana' })
  expect(made.onOpenLink?.(link)).toBe(false)
  expect(onOpenLink).toHaveBeenCalledExactlyOnceWith(link)
  expect(await made.onDropFiles?.([])).toEqual(['/tmp/a'])
  expect(made.home).toBe('/home/ana')
  expect(made).not.toHaveProperty('onError')
  expect(made).not.toHaveProperty('onSignIn')
})
