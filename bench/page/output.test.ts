/** When a byte of output counts as parsed. */
import { expect, test } from 'vitest'
import { Output } from './output.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Whether it has resolved by now. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([promise.then(() => true), Promise.resolve().then(() => false)])) === true
}

test('a byte is parsed with the part it stands in, and not with the parts before', async () => {
  const output = new Output()
  const mark = output.mark(0x24)
  output.take(bytes('abc'))
  output.take(bytes('d$e'))
  output.parse(3, 3)
  expect(await isOver(mark)).toBe(false)
  output.parse(6, 3)
  expect(await mark).toMatchObject({ offset: 5 })
  expect(output).toMatchObject({ messages: 2, received: 6, parsed: 6, dropped: 0 })
})

test('only what comes after the question answers it', async () => {
  const output = new Output()
  output.take('$')
  const mark = output.mark(0x24)
  output.parse(1, 1)
  expect(await isOver(mark)).toBe(false)
  output.take('x$')
  output.parse(3, 2)
  expect(await mark).toMatchObject({ offset: 3 })
})

test('what the emulator threw away is never parsed, whatever comes after it', async () => {
  const output = new Output()
  const lost = output.mark(0x24)
  output.take(bytes('a$'))
  output.drop(2, 2)
  output.take(bytes('bc'))
  output.parse(4, 2)
  expect(await isOver(lost)).toBe(false)
  expect(output).toMatchObject({ received: 4, parsed: 2, dropped: 2 })
})
