/** What a key and a frame of output cost: orders are counted, since each of them is work in the page. */
import { expect, test } from 'vitest'
import { ClientScript, greeting } from '../testing/clientScript.ts'

const KiB = 1024
const count = (effects: readonly { readonly do: string }[]): Readonly<Record<string, number>> =>
  effects.reduce<Record<string, number>>((sum, { do: kind }) => ({ ...sum, [kind]: (sum[kind] ?? 0) + 1 }), {})

test('a key is queued and sent, and nothing else happens but that a silence would be noticed', () => {
  const s = new ClientScript().ready()
  s.type(1)
  const later = Array.from({ length: 100 }, () => {
    s.now += 50
    return s.type(1)
  })
  expect(count(later.flat())).toMatchObject({ enqueue: 100, 'send-input': 100 })
  for (const effects of later) expect(effects.length).toBeLessThanOrEqual(3)
})

test('a mebibyte of output is sixteen pieces to draw; grants and probes are fewer than those', () => {
  const s = new ClientScript().ready(greeting())
  s.hear({ t: 'pong', ts: 1_000 })
  const before = s.all.length
  for (let piece = 1; piece <= 16; piece++) {
    s.now += 2
    s.data(64 * KiB)
    s.drawn(piece * 64 * KiB)
  }
  const { draw, send = 0, diagnostic = 0, ...others } = count(s.all.slice(before))
  expect(draw).toBe(16)
  expect(send).toBeLessThanOrEqual(12)
  expect(diagnostic).toBe(0)
  expect(Object.values(others).reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(32)
})
