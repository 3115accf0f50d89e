/** What a key and a frame of output cost: orders are counted, since each of them is work in the page. */
import { expect, test } from 'vitest'
import { ClientScript, greeting, sent } from '../testing/clientScript.ts'

const KiB = 1024
const MiB = 1024 * KiB
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

test('in a flood no event orders more than a piece to draw, a grant, a probe and their timers', () => {
  const s = new ClientScript().ready(greeting())
  s.hear({ t: 'pong', ts: 1_000 })
  const most = { data: 0, drawn: 0, message: 0 }
  const output = () => s.channel().output
  while (output().drawn < 16 * MiB) {
    while (output().receiver.limit > output().received) {
      const effects = s.data(Math.min(32 * KiB, output().receiver.limit - output().received))
      most.data = Math.max(most.data, effects.length)
      for (const { ts } of sent(effects, 'ping')) most.message = Math.max(most.message, s.hear({ t: 'pong', ts }).length)
    }
    s.now += 2
    most.drawn = Math.max(most.drawn, s.drawn(Math.min(output().received, output().drawn + 16 * KiB)).length)
  }
  expect(most.data).toBeLessThanOrEqual(3)
  expect(most.drawn).toBeLessThanOrEqual(2)
  expect(most.message).toBeLessThanOrEqual(2)
})

test('who has nothing to do has one timer, that of the heartbeat, and it rings three times a minute', () => {
  const s = new ClientScript().ready(greeting())
  s.hear({ t: 'pong', ts: 1_000 })
  s.data(100)
  s.drawn(100)
  // Until the quiet acknowledgement is out and the connection counts as one that lasts.
  s.wait(11_000)
  let rings = 0
  for (const until = s.now + 60_000; s.now < until;) {
    expect([...s.timers.keys()]).toEqual(['heartbeat'])
    const effects = s.wait((s.timers.get('heartbeat') ?? s.now) - s.now)
    rings++
    for (const { ts } of sent(effects, 'ping')) s.hear({ t: 'pong', ts })
  }
  expect(rings).toBeLessThanOrEqual(4)
})
