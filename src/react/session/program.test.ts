/** What a program says of itself, at a pace that a person can bear. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PACE_MS } from '../pace.ts'
import { Alarms } from './alarms.ts'
import type { PanelContext } from './context.ts'
import { program } from './program.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  hide(false)
  vi.useRealTimers()
})

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}

function says() {
  const heard: string[] = []
  const flashes: boolean[] = []
  let answered = false
  const alarms = new Alarms()
  // The parts of a context that a program needs.
  const context = {
    alarms,
    feed: { parsing: () => ({ at: 0, answered }) },
    handlers: () => ({
      home: '/home/ana',
      onTitle: (title: string) => heard.push(title),
      onCwd: (path: string) => heard.push(path),
    }),
    host: document.body,
    now: () => Date.now(),
    show: ({ bell }: { bell?: boolean }) => void flashes.push(bell === true),
    look: () => {},
  } as unknown as PanelContext
  const said = program(context)
  return { said, heard, flashes, replays: (on: boolean) => (answered = on) }
}

describe('titles and folders', () => {
  test('are told at once, then ten times a second at most, the last one surely', () => {
    const { said, heard } = says()
    for (let i = 1; i <= 100; i++) said.titled(`t${i}`)
    said.inFolder('/home/ana/shop')
    expect(heard).toEqual(['t1', '/home/ana/shop'])
    vi.advanceTimersByTime(PACE_MS)
    expect(heard).toEqual(['t1', '/home/ana/shop', 't100'])
    expect(said.facts()).toMatchObject({ title: 't100', folder: '~/shop' })
    said.dispose()
  })

  test('are forgotten by a new screen, also those that waited to be told', () => {
    const { said, heard } = says()
    said.titled('one')
    said.titled('two')
    said.reset()
    vi.advanceTimersByTime(PACE_MS)
    expect(heard).toEqual(['one'])
    expect(said.facts()).toMatchObject({ title: '', folder: '' })
    said.dispose()
  })
})

describe('a bell', () => {
  test('flashes once a second at most', () => {
    const { said, flashes } = says()
    for (let i = 0; i < 30; i++) {
      said.rang()
      vi.advanceTimersByTime(100)
    }
    expect(flashes.filter(Boolean)).toHaveLength(3)
    said.dispose()
  })

  test('of a hidden page is remembered until the page is seen, and the usual time after that', () => {
    const { said } = says()
    hide(true)
    said.rang()
    vi.advanceTimersByTime(60_000)
    expect(said.facts().bellUnseen).toBe(true)
    hide(false)
    expect(said.facts()).toMatchObject({ bellUnseen: false, bellAt: Date.now() })
    said.dispose()
  })

  test('of a replay does not ring', () => {
    const { said, flashes, replays } = says()
    replays(true)
    said.rang()
    expect(flashes).toEqual([])
    expect(said.facts().bellAt).toBeNull()
    said.dispose()
  })
})
