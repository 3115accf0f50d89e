/** A recording is played in a panel, and a panel is recorded. */
import { act, cleanup, configure, render, waitFor } from '@testing-library/react'
import { createRef } from 'react'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { handDriven, type HandDriven } from '../handDriven.ts'
import { loadRest } from '../loading.ts'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { TerminalPanel, type TerminalPanelHandle } from '../TerminalPanel.tsx'
import { readCast, type Cast, type CastEvent } from './cast.ts'
import { playCast } from './player.ts'

beforeAll(async () => {
  standIn()
  // Machines are slow at times; what is waited for is never a matter of time.
  configure({ asyncUtilTimeout: 10_000 })
  await loadRest()
  await import('../xterm/library.ts')
})
afterAll(lastFrame)
afterEach(async () => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  cleanup()
  await act(async () => {})
})

const output = (at: number, text: string): CastEvent => ({ at, kind: 'output', text })
const CAST: Cast = {
  size: { cols: 80, rows: 24 },
  title: '',
  events: [output(100, 'one '), output(100, 'two '), output(60_000, 'three'), { at: 60_100, kind: 'exit', code: 0 }],
}

/** What a player shows, without a panel. */
function played(player: ReturnType<typeof playCast>): string[] {
  const heard: string[] = []
  const channel = player.connect().open()
  channel.on('data', ({ bytes }) => heard.push(new TextDecoder().decode(bytes)))
  channel.on('reset', () => heard.push('reset'))
  return heard
}

test('what was recorded comes in its time, long pauses cut', async () => {
  vi.useFakeTimers()
  const player = playCast(CAST, { idleMs: 1000, speed: 2 })
  expect(player.duration).toBe(1200)
  const heard = played(player)
  await vi.advanceTimersByTimeAsync(49)
  expect(heard).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(heard).toEqual(['one ', 'two '])
  expect(player.position()).toBe(100)
  await vi.advanceTimersByTimeAsync(499)
  expect(heard).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(heard).toEqual(['one ', 'two ', 'three'])
})

test('output that is denser than timers are comes in its time all the same', async () => {
  vi.useFakeTimers()
  const events = Array.from({ length: 1000 }, (_, index) => output(index / 10, '.'))
  const player = playCast({ ...CAST, events })
  const heard = played(player)
  // A browser lets four milliseconds pass between one timer and the one that it sets.
  const { setTimeout } = globalThis
  vi.stubGlobal('setTimeout', (run: () => void, ms: number) => setTimeout(run, Math.max(4, ms)))
  await vi.advanceTimersByTimeAsync(52)
  expect(heard.length).toBeGreaterThan(450)
  expect(heard.length).toBeLessThan(550)
  await vi.advanceTimersByTimeAsync(52)
  expect(heard).toHaveLength(1000)
  expect(player.playing()).toBe(false)
})

test.each([{ speed: 0 }, { speed: -1 }, { speed: Number.NaN }, { idleMs: -1 }, { idleMs: Number.NaN }])(
  '%j is as if nothing had been said',
  async (options) => {
    vi.useFakeTimers()
    const player = playCast(CAST, options)
    expect(player.duration).toBe(2200)
    const heard = played(player)
    await vi.advanceTimersByTimeAsync(2099)
    expect(heard).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toHaveLength(3)
  },
)

test('times without measure are no longer than the longest pause', () => {
  const far = readCast('{"version":2,"width":80,"height":24}\n[1e308,"o","a"]\n[1e308,"o","b"]\n')
  expect(playCast(far).duration).toBe(2000)
})

test('it stands while it is paused, and begins anew on an empty screen', async () => {
  vi.useFakeTimers()
  const player = playCast(CAST)
  const heard = played(player)
  await vi.advanceTimersByTimeAsync(100)
  player.pause()
  expect(player.playing()).toBe(false)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(heard).toHaveLength(2)
  player.restart()
  await vi.advanceTimersByTimeAsync(100)
  expect(heard).toEqual(['one ', 'two ', 'reset', 'one ', 'two '])
})

test('nothing goes on when nobody looks any more', async () => {
  vi.useFakeTimers()
  const player = playCast(CAST)
  const connection = player.connect()
  connection.open()
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(1)
  connection.dispose()
  expect(vi.getTimerCount()).toBe(0)
})

test('a panel that comes after another one has all that was shown so far, and the rest in its time', async () => {
  vi.useFakeTimers()
  const player = playCast(CAST, { idleMs: 1000 })
  const first = player.connect()
  first.open()
  await vi.advanceTimersByTimeAsync(100)
  first.dispose()
  const heard = played(player)
  await vi.advanceTimersByTimeAsync(0)
  expect(heard).toEqual(['one ', 'two '])
  await vi.advanceTimersByTimeAsync(1000)
  expect(heard).toEqual(['one ', 'two ', 'three'])
})

test('a panel shows a recording', async () => {
  const ref = createRef<TerminalPanelHandle>()
  render(<TerminalPanel allocationId="cast" ref={ref} connect={playCast(CAST, { idleMs: 1 }).connect} />)
  await waitFor(() => expect(ref.current?.serializeText()).toBe('one two three'))
})

test('a panel records what comes from then on, resets among it, until the recording is stopped', async () => {
  const ref = createRef<TerminalPanelHandle>()
  let hand: HandDriven | undefined
  const view = render(<TerminalPanel allocationId="a" ref={ref} connect={() => (hand ??= handDriven())} />)
  await waitFor(() => expect(view.container.querySelector('textarea')).not.toBeNull())
  const driven = hand!
  driven.output('before')
  const recording = await ref.current?.record({ title: 'demo' })
  driven.output('one')
  driven.tell('reset', {})
  driven.output('two')
  await waitFor(() => expect(ref.current?.serializeText()).toBe('two'))
  const cast = readCast(recording!.stop())
  driven.output('after')
  expect(cast.title).toBe('demo')
  expect(cast.events.map((event) => event.kind === 'output' && event.text)).toEqual(['one', '\u001bc', 'two'])
  expect(recording!.cast().events).toHaveLength(3)
})
