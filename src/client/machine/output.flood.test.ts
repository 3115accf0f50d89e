/** What a flood costs the client in messages, and that no credit is given for what was not drawn. */
import { describe, expect, test } from 'vitest'
import { CREDIT, OUTPUT_WINDOW } from '../../protocol/limits.ts'
import { ClientScript, sent } from '../../testing/clientScript.ts'

const KiB = 1024
const MiB = 1024 * KiB
const FRAME = 32 * KiB
const SLICE = 16 * KiB

/** A shell whose server is `roundTripMs` away. */
function shell(roundTripMs: number): ClientScript {
  const script = new ClientScript().ready()
  const [ping] = sent(script.all, 'ping')
  script.wait(roundTripMs)
  if (ping !== undefined) script.hear({ t: 'pong', ts: ping.ts })
  return script
}

/** Uses all credit at once, and draws at `rate` bytes a millisecond until `total` bytes are drawn. */
function flood(script: ClientScript, total: number, rate: number): void {
  const output = () => script.channel().output
  while (output().drawn < total) {
    for (let credit = output().receiver.limit - output().received; credit > 0; credit -= FRAME)
      script.data(Math.min(credit, FRAME))
    script.wait(SLICE / rate)
    script.drawn(Math.min(output().received, output().drawn + SLICE))
    expect(output().receiver.limit - output().drawn).toBeLessThanOrEqual(OUTPUT_WINDOW.max)
  }
}

describe('a flood', () => {
  test.each([
    { rate: 1_000, roundTripMs: 1 },
    { rate: 5_000, roundTripMs: 5 },
    { rate: 20_000, roundTripMs: 5 },
    { rate: 20_000, roundTripMs: 80 },
  ])('of $rate bytes a millisecond, $roundTripMs ms away, is acknowledged in steps', ({ rate, roundTripMs }) => {
    const script = shell(roundTripMs)
    const before = sent(script.all, 'flow').length
    flood(script, 8 * MiB, rate)
    const flows = sent(script.all, 'flow').slice(before)
    const { window } = script.channel().output.receiver
    // The window moves at the beginning: a few flows more.
    const most = 8 / (Math.min(window * CREDIT.grantShare, CREDIT.grantBytes) / MiB) + 16
    expect(flows.length).toBeLessThanOrEqual(most)
    expect(most).toBeLessThanOrEqual(8 * 32 + 16)
    expect(flows.at(-1)?.ack).toBeGreaterThanOrEqual(8 * MiB - Math.max(window, SLICE))
  })

  test('of a page that draws nothing gets the first window and no more', () => {
    const script = shell(5)
    script.data(script.channel().output.receiver.limit)
    const flows = sent(script.wait(10_000), 'flow')
    expect(flows.reduce((sum, { credit }) => sum + credit, 0)).toBe(0)
  })
})
