/** Both ends run under one clock, and a run with a broken network comes out the same every time. */
import { expect, it } from 'vitest'
import { socketPair } from './socketPair.ts'

async function typeThroughACut() {
  const pair = socketPair({
    link: { latencyMs: 20, plan: (index) => (index === 0 ? { cuts: [{ direction: 'down', after: 500 }] } : {}) },
  })
  const connection = pair.connect()
  const shell = connection.open()
  let text = ''
  shell.on('data', ({ bytes, end }) => {
    text += new TextDecoder().decode(bytes)
    shell.consumed(end)
  })
  const typed = Array.from({ length: 30 }, (_, index) => `word ${index} `)
  for (const word of typed) {
    shell.write(word)
    await pair.clock.settleUntil(pair.clock.now() + 10)
  }
  const isThere = () => text.length === typed.join('').length
  expect(await pair.clock.settleUntil(isThere)).toBe(true)
  expect(text).toBe(typed.join(''))
  const result = { tries: pair.link.connections.length, at: pair.clock.now(), reconnects: connection.stats().reconnects }
  void pair.close()
  return result
}

it('loses and doubles nothing over a cut, at the same instant in every run', async () => {
  const first = await typeThroughACut()
  expect(first).toMatchObject({ tries: 2, reconnects: 1 })
  expect(await typeThroughACut()).toEqual(first)
})
