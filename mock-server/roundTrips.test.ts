/** How often a terminal waits for the other end before it shows something: whole round trips after the upgrade, on a line that takes 20 ms each way. */
import { expect, it } from 'vitest'
import { STREAM } from '../src/protocol/messages.ts'
import type { Backend, ProgramEvents } from '../src/server/ports.ts'
import { socketPair } from './socketPair.ts'

const ROUND_TRIP_MS = 40

/** A shell that prints its prompt as soon as it is there, and takes what it is sent. */
function shells() {
  const text = new TextEncoder()
  let running: ProgramEvents | null = null
  let taken = 0
  const backend: Backend = {
    open(_request, events) {
      running = events
      queueMicrotask(() => {
        events.opened()
        events.output(STREAM.main, text.encode('$ '))
      })
      return {
        write(bytes) {
          taken += bytes.length
          queueMicrotask(() => events.took(bytes.length))
        },
        resize() {},
        signal() {},
        pause() {},
        resume() {},
        end: () => events.exited({ code: 0 }),
        kill: () => events.exited({ code: 0 }),
      }
    },
  }
  return { backend, print: (line: string) => running?.output(STREAM.main, text.encode(line)), taken: () => taken }
}

/** A client that notes what happens to it, in round trips since its newest socket was open. */
function watched() {
  const { backend, print, taken } = shells()
  const pair = socketPair({ backend, link: { latencyMs: ROUND_TRIP_MS / 2 } })
  const notes: string[] = []
  let openedAt = 0
  const note = (what: string): void => void notes.push(`${what} ${(pair.clock.now() - openedAt) / ROUND_TRIP_MS}`)
  const connection = pair.connect({
    ports: {
      openSocket: (url, protocol, events) =>
        pair.link.openSocket(url, protocol, {
          ...events,
          opened() {
            openedAt = pair.clock.now()
            events.opened()
          },
        }),
    },
  })
  const shell = connection.open()
  connection.on('ready', () => note('ready'))
  shell.on('data', ({ bytes, end }) => {
    note(new TextDecoder().decode(bytes))
    shell.consumed(end)
  })
  return { pair, shell, notes, print, taken, note }
}

it('a first prompt is there two round trips after the upgrade: one for the hello, one for the open with its credit', async () => {
  const { pair, notes } = watched()
  expect(await pair.clock.settleUntil(() => notes.length === 2)).toBe(true)
  expect(notes).toEqual(['ready 1', '$  2'])
  void pair.close()
})

it('a terminal that is back asks one thing: after one round trip keys are on their way, and after two it has what it missed', async () => {
  const { pair, shell, notes, print, taken, note } = watched()
  await pair.clock.settleUntil(() => notes.length === 2)
  await pair.clock.settleUntil(pair.clock.now() + 1000)
  pair.link.last().cut()
  print('missed')
  pair.link.last().notice('client')
  shell.write('held')
  await pair.clock.settleUntil(() => notes.length === 3)
  // Half a round trip behind the answer to the hello: nothing was asked between.
  await pair.clock.settleUntil(() => taken() === 4)
  note('taken')
  await pair.clock.settleUntil(() => notes.length === 5)
  expect(notes.slice(2)).toEqual(['ready 1', 'taken 1.5', 'missed 2'])
  expect(pair.link.connections).toHaveLength(2)
  void pair.close()
})
