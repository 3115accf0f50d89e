/** Credit: never negative, never more in flight than granted, and few flows for many bytes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLOSE_CODE } from './closeReasons.ts'
import {
  advance,
  available,
  consume,
  due,
  flush,
  grant,
  needsQuietTimer,
  receive,
  receiverAt,
  senderAt,
  spend,
  threshold,
  withWindow,
} from './credit.ts'
import type { FlowDue, Receiver, Sender } from './credit.ts'
import { CREDIT, INPUT_WINDOW, MAX_INTEGER, OUTPUT_WINDOW } from './limits.ts'

const VIOLATION = { ok: false, code: CLOSE_CODE.FLOW_VIOLATION }
const KiB = 1024

function granted(sender: Sender, credit: number, ack?: number): Sender {
  const answer = grant(sender, { credit, ack })
  if (!answer.ok) throw new Error('the grant was refused')
  return answer.sender
}

function received(receiver: Receiver, bytes: number): Receiver {
  const answer = receive(receiver, bytes)
  if (!answer.ok) throw new Error('the data were refused')
  return answer.receiver
}

describe('offsets', () => {
  test('reach the last integer and not beyond', () => {
    expect(advance(5, 7)).toBe(12)
    expect(advance(MAX_INTEGER - 1, 1)).toBe(MAX_INTEGER)
    expect(advance(MAX_INTEGER, 0)).toBe(MAX_INTEGER)
    expect(advance(MAX_INTEGER, 1)).toBeNull()
    expect(advance(MAX_INTEGER - 1, 3)).toBeNull()
  })
})

describe('a sender', () => {
  test('starts without credit at the offset of its socket', () => {
    expect(senderAt(1000, 400)).toEqual({ start: 1000, sent: 1000, limit: 1000, acked: 400 })
    expect(available(senderAt(1000))).toBe(0)
  })

  test('never takes more as acknowledged than lies before its socket', () => {
    expect(senderAt(1000, 1001).acked).toBe(1000)
  })

  test('sends what was granted and then has nothing left', () => {
    const sender = granted(senderAt(1000, 400), 10, 1000)
    expect(sender).toEqual({ start: 1000, sent: 1000, limit: 1010, acked: 1000 })
    expect(available(sender)).toBe(10)
    expect(spend(sender, 10)).toEqual({ start: 1000, sent: 1010, limit: 1010, acked: 1000 })
    expect(available(spend(sender, 4))).toBe(6)
    expect(() => spend(sender, 11)).toThrow('Sending 11 bytes with credit for 10')
  })

  test('adds grants up', () => {
    expect(available(granted(granted(senderAt(0), 10), 5))).toBe(15)
  })

  test('an ack above what was sent is a violation, an older one changes nothing', () => {
    const sender = spend(granted(senderAt(100), 50), 20)
    expect(grant(sender, { credit: 0, ack: 121 })).toEqual(VIOLATION)
    expect(granted(sender, 0, 120).acked).toBe(120)
    expect(granted(granted(sender, 0, 120), 1, 7)).toEqual({ start: 100, sent: 120, limit: 151, acked: 120 })
    expect(granted(sender, 3).acked).toBe(100)
  })

  test('an outstanding total above 2^31 - 1 is a violation; what was sent is not outstanding', () => {
    const full = granted(senderAt(0), CREDIT.max)
    expect(grant(full, { credit: 1 })).toEqual(VIOLATION)
    expect(grant(full, { credit: 0 }).ok).toBe(true)
    expect(available(granted(spend(full, 9), 9))).toBe(CREDIT.max)
  })

  test('credit ends where offsets end', () => {
    expect(granted(senderAt(MAX_INTEGER - 10), 100).limit).toBe(MAX_INTEGER)
  })
})

describe('a receiver', () => {
  test('has granted nothing until it tops up', () => {
    const receiver = receiverAt(1000, INPUT_WINDOW)
    expect(receiver).toEqual({ received: 1000, consumed: 1000, limit: 1000, acked: 1000, window: INPUT_WINDOW })
    expect(receive(receiver, 1)).toEqual(VIOLATION)
    expect(due(receiver, false)).toBeNull()
    const { flow, receiver: after } = flush(receiver, { paused: false, topUp: true })
    expect(flow).toEqual({ credit: INPUT_WINDOW, ack: 1000 })
    expect(after.limit).toBe(1000 + INPUT_WINDOW)
  })

  test('grants less at an attach by what still waits to be consumed', () => {
    expect(flush(receiverAt(1000, 100, 940), { paused: false, topUp: true }).flow).toEqual({ credit: 40, ack: 940 })
    expect(receiverAt(1000, 100, 1001).consumed).toBe(1000)
  })

  test('takes data up to its limit and calls a byte more a violation', () => {
    const { receiver } = flush(receiverAt(0, 100), { paused: false, topUp: true })
    expect(received(receiver, 100).received).toBe(100)
    expect(received(received(receiver, 99), 1).received).toBe(100)
    expect(receive(received(receiver, 99), 2)).toEqual(VIOLATION)
  })

  test('offsets consumed late, twice or never received change nothing', () => {
    const receiver = received(flush(receiverAt(0, 100), { paused: false, topUp: true }).receiver, 50)
    const drawn = consume(receiver, 30)
    expect(drawn.consumed).toBe(30)
    expect(consume(drawn, 30)).toBe(drawn)
    expect(consume(drawn, 10)).toBe(drawn)
    expect(consume(drawn, 51).consumed).toBe(50)
    expect(consume(drawn, Number.NaN)).toBe(drawn)
  })

  test('owes a flow at half a window, or at 96 KiB of a large one', () => {
    expect(threshold(OUTPUT_WINDOW.min)).toBe(32 * KiB)
    expect(threshold(OUTPUT_WINDOW.initial)).toBe(96 * KiB)
    expect(threshold(OUTPUT_WINDOW.max)).toBe(96 * KiB)
    expect(threshold(1)).toBe(1)
    const receiver = received(flush(receiverAt(0, 64 * KiB), { paused: false, topUp: true }).receiver, 64 * KiB)
    expect(due(consume(receiver, 32 * KiB - 1), false)).toBeNull()
    expect(due(consume(receiver, 32 * KiB), false)?.flow).toEqual({ credit: 32 * KiB, ack: 32 * KiB })
  })

  test('acknowledges without credit while it is paused, and tops up when the pause ends', () => {
    const receiver = received(flush(receiverAt(0, 64 * KiB), { paused: false, topUp: true }).receiver, 64 * KiB)
    const paused = due(consume(receiver, 40 * KiB), true)
    expect(paused?.flow).toEqual({ credit: 0, ack: 40 * KiB })
    expect(flush(paused?.receiver ?? receiver, { paused: false, topUp: true }).flow).toEqual({ credit: 40 * KiB, ack: 40 * KiB })
  })

  test('says something at a top-up even if there is nothing to grant: a hold begins or ends with it', () => {
    const { receiver } = flush(receiverAt(0, 100), { paused: false, topUp: true })
    expect(flush(receiver, { paused: true, topUp: true }).flow).toEqual({ credit: 0, ack: 0 })
    expect(flush(receiver, { paused: false, topUp: true }).flow).toEqual({ credit: 0, ack: 0 })
  })

  test('needs a quiet timer from the first byte consumed to the next flow', () => {
    const receiver = received(flush(receiverAt(0, 100), { paused: false, topUp: true }).receiver, 10)
    expect(needsQuietTimer(receiver)).toBe(false)
    expect(flush(receiver, { paused: false })).toBeNull()
    const drawn = consume(receiver, 1)
    expect(needsQuietTimer(drawn)).toBe(true)
    const quiet = flush(drawn, { paused: false })
    expect(quiet?.flow).toEqual({ credit: 1, ack: 1 })
    expect(needsQuietTimer(quiet?.receiver ?? drawn)).toBe(false)
  })

  test('a smaller window takes nothing back and shows in later grants, a larger one at once', () => {
    const receiver = received(flush(receiverAt(0, 100), { paused: false, topUp: true }).receiver, 80)
    const small = due(withWindow(consume(receiver, 60), 50), false)
    expect(small?.flow).toEqual({ credit: 10, ack: 60 })
    const smaller = flush(withWindow(consume(receiver, 60), 10), { paused: false })
    expect(smaller?.flow).toEqual({ credit: 0, ack: 60 })
    expect(smaller?.receiver.limit).toBe(100)
    expect(flush(withWindow(receiver, 150), { paused: false, topUp: true }).flow).toEqual({ credit: 50, ack: 0 })
  })

  test('grants nothing beyond the last offset', () => {
    expect(flush(receiverAt(MAX_INTEGER - 10, 100), { paused: false, topUp: true }).flow).toEqual({
      credit: 10,
      ack: MAX_INTEGER - 10,
    })
  })
})

type Step =
  | { readonly do: 'send' | 'deliver' | 'consume'; readonly bytes: number }
  | { readonly do: 'window'; readonly window: number }
  | { readonly do: 'quiet' | 'pause' | 'unpause' | 'flow' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('send', 'deliver', 'consume'), bytes: fc.integer({ min: 0, max: 100_000 }) }),
  fc.record({ do: fc.constant('window'), window: fc.integer({ min: 1, max: OUTPUT_WINDOW.max }) }),
  fc.record({ do: fc.constantFrom('quiet', 'pause', 'unpause', 'flow') }),
)

/** A sender and a receiver with a line between them on which both data and flows take their time. */
class Line {
  sender: Sender
  receiver: Receiver
  paused = false
  readonly flows: FlowDue['flow'][] = []

  constructor(start: number, window: number) {
    this.sender = senderAt(start)
    this.receiver = receiverAt(start, window)
    this.owe(flush(this.receiver, { paused: false, topUp: true }))
  }

  take(next: Step): void {
    switch (next.do) {
      case 'send':
        this.sender = spend(this.sender, Math.min(next.bytes, available(this.sender)))
        return
      case 'deliver':
        this.receiver = received(this.receiver, Math.min(next.bytes, this.sender.sent - this.receiver.received))
        return
      case 'consume':
        this.receiver = consume(this.receiver, this.receiver.consumed + next.bytes)
        return this.owe(due(this.receiver, this.paused))
      case 'window':
        this.receiver = withWindow(this.receiver, next.window)
        return
      case 'quiet':
        return this.owe(flush(this.receiver, { paused: this.paused }))
      case 'pause':
      case 'unpause':
        this.paused = next.do === 'pause'
        return this.owe(flush(this.receiver, { paused: this.paused, topUp: true }))
      case 'flow': {
        const flow = this.flows.shift()
        if (flow !== undefined) this.sender = granted(this.sender, flow.credit, flow.ack)
      }
    }
  }

  owe(owed: FlowDue | null): void {
    if (owed === null) return
    this.receiver = owed.receiver
    this.flows.push(owed.flow)
  }
}

describe('whatever happens in whatever order', () => {
  test('(invariant 9.2) credit is never negative, and the sender never has more than the receiver granted', () => {
    const run = fc.property(
      fc.integer({ min: 0, max: 2 ** 40 }),
      fc.integer({ min: 1, max: OUTPUT_WINDOW.max }),
      fc.array(step, { maxLength: 60 }),
      (start, window, steps) => {
        const line = new Line(start, window)
        for (const next of steps) {
          const before = line.receiver.limit
          line.take(next)
          const { sender, receiver } = line
          expect(available(sender)).toBeGreaterThanOrEqual(0)
          expect(sender.acked).toBeLessThanOrEqual(sender.sent)
          expect(sender.limit).toBeLessThanOrEqual(receiver.limit)
          expect(receiver.limit).toBeGreaterThanOrEqual(before)
          expect(receiver.acked <= receiver.consumed && receiver.consumed <= receiver.received).toBe(true)
          expect(receiver.received).toBeLessThanOrEqual(receiver.limit)
          // Credit on the way and credit arrived add up to all that was granted: none leaks.
          expect(sender.limit + line.flows.reduce((sum, flow) => sum + flow.credit, 0)).toBe(receiver.limit)
        }
      },
    )
    fc.assert(run, { numRuns: 500 })
  })

  test('after a top-up without a pause the window is full, and no more than full', () => {
    const run = fc.property(
      fc.integer({ min: 1, max: OUTPUT_WINDOW.max }),
      fc.array(step, { maxLength: 60 }),
      (window, steps) => {
        const line = new Line(0, window)
        for (const next of steps) if (next.do !== 'window') line.take(next)
        line.take({ do: 'unpause' })
        expect(line.receiver.limit - line.receiver.consumed).toBe(window)
        expect(line.receiver.limit - line.receiver.received).toBeLessThanOrEqual(window)
      },
    )
    fc.assert(run, { numRuns: 500 })
  })

  test('a stream in any chunks never stalls and costs at most a flow for each threshold and each quiet timer', () => {
    const chunks = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 80 })
    const run = fc.property(fc.constantFrom(65_536, 262_144, 2_097_152), chunks, chunks, (window, sends, draws) => {
      const total = sends.reduce((sum, bytes) => sum + bytes, 0)
      const line = new Line(0, window)
      let flows = 0
      let quiet = 0
      const settle = () => {
        flows += line.flows.length
        while (line.flows.length > 0) line.take({ do: 'flow' })
      }
      settle()
      flows = 0
      for (let turn = 0; line.receiver.consumed < total; turn++) {
        const left = total - line.sender.sent
        line.take({ do: 'send', bytes: Math.min(left, sends[turn % sends.length] ?? 1) })
        line.take({ do: 'deliver', bytes: MAX_INTEGER })
        const waiting = line.receiver.received - line.receiver.consumed
        expect(waiting > 0 || available(line.sender) > 0).toBe(true)
        line.take({ do: 'consume', bytes: draws[turn % draws.length] ?? 1 })
        if (turn % 40 === 39 && needsQuietTimer(line.receiver)) {
          quiet++
          line.take({ do: 'quiet' })
        }
        settle()
      }
      expect(flows).toBeLessThanOrEqual(total / threshold(window) + quiet)
    })
    fc.assert(run, { numRuns: 200 })
  })
})
