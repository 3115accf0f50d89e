/** The way of single keys through a flood: what each part of it takes and what stands before it, for the usual key and the slowest ones. */
import type { Page } from 'playwright'
import type { KeysPage, PageKey } from './page/keys.tsx'
import { MiB, percentile, type Result, type Row } from './report.ts'
import { sleep, type Stage } from './stage.ts'
import { openUnwatched } from './unwatched.ts'
import type { ServerKey } from './watchedBackend.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXZ'
const LINE = 'the quick brown fox jumps over the lazy dog 0123456789 and back again, twice a day'.slice(0, 79)
const WARM_UP_MS = 2500
const FLOOD_MS = 4000
const betweenMs = (i: number): number => 70 + ((i * 37) % 60)

const PLACES = [
  { name: 'near', count: 1, across: 1, slowdown: 1, view: { width: 820, height: 540 } },
  { name: 'slow', count: 1, across: 1, slowdown: 4, view: { width: 820, height: 540 } },
  { name: '16 panels', count: 16, across: 4, slowdown: 1, view: { width: 1280, height: 900 } },
] as const
type Place = (typeof PLACES)[number]

type Way = PageKey & ServerKey

/** In order; milliseconds since the part before. */
const PARTS = {
  seen: (key) => key.seen - key.pressed,
  sent: (key) => key.sent - key.seen,
  written: (key) => key.written - key.sent,
  read: (key) => key.read - key.written,
  left: (key) => key.left - key.read,
  received: (key) => key.received - key.left,
  handed: (key) => key.handed - key.received,
  parsed: (key) => key.parsed - key.handed,
  all: (key) => key.parsed - key.pressed,
  'of it frames': (key) => key.framesMs,
} as const satisfies Readonly<Record<string, (key: Way) => number>>

/** KiB. */
const AMOUNTS = {
  window: (key) => key.window,
  'credit unused at the key': (key) => key.then.credit - key.then.received,
  'received, not handed': (key) => key.then.received - key.then.handed,
  'handed, not parsed': (key) => key.then.handed - key.then.parsed,
  'read between writing and echo': (key) => key.offset - key.readBefore,
  'read, not received, at the key': (key) => key.readBefore - key.then.received,
  'parsed from key to echo': (key) => key.offset - key.then.parsed,
  'waiting in the socket': (key) => key.waiting,
} as const satisfies Readonly<Record<string, (key: Way) => number>>

export async function keys(stage: Stage): Promise<Result> {
  const { rounds } = stage.scale
  const found = new Map<Place, { readonly ways: readonly Way[]; readonly rate: number }[]>(PLACES.map((place) => [place, []]))
  for (let round = 0; round < rounds; round++)
    for (const place of PLACES) found.get(place)?.push(await stage.scene((scene) => flooded(scene, place)))
  return {
    method: `One panel with \`yes\` on a PTY, the same with a processor four times slower, and sixteen, ${rounds} rounds of ${FLOOD_MS / 1000} s. Each key is followed: time stamp of its event, its handler (seen), its frame's way into the socket (sent), the program's input (written), the read of the terminal that brings the echo (read), the frame that takes it along (left), the page's message (received), the emulator's write (handed), its callback (parsed). The slowest tenth is beside the median.`,
    rows: [...found].flatMap(([place, all]) => rowsOf(place, all)),
    figures: [],
    raw: Object.fromEntries([...found].map(([{ name }, all]) => [name, all])),
  }
}

async function flooded(stage: Stage, { count, across, slowdown, view }: Place): Promise<{ ways: readonly Way[]; rate: number }> {
  const server = await stage.server({ watched: true })
  const page = await (await stage.browser()).newPage({ viewport: view })
  const height = Math.floor(view.height / (count / across)) - 4
  await openUnwatched(
    page,
    `${server.url}keys.html?${new URLSearchParams({ count: `${count}`, across: `${across}`, height: `${height}` })}`,
  )
  await page.waitForFunction(`globalThis.keys?.ready() === ${count}`, undefined, { timeout: 60_000 })
  if (slowdown > 1) {
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  }
  await page.locator('.xterm-helper-textarea').first().focus()
  await page.evaluate(`for (let i = 0; i < ${count}; i++) keys.type(i, "yes '${LINE}'\\r")`)
  await sleep(WARM_UP_MS)
  await ask(page, (keys) => keys.watch())
  await server.keys()
  const before = await ask(page, (keys) => keys.parsed())
  const until = performance.now() + FLOOD_MS
  for (let i = 0; performance.now() < until; i++) {
    await page.keyboard.press(LETTERS[i % LETTERS.length]!)
    await sleep(betweenMs(i))
  }
  const after = await ask(page, (keys) => keys.parsed())
  await sleep(500)
  const ofPage = await ask(page, (keys) => keys.keys())
  const ofServer = await server.keys()
  const ways = ofPage.flatMap((key): Way[] => {
    const same = ofServer.find(
      ({ letter, written }) => letter === key.letter && written > key.pressed - 5 && written < key.parsed,
    )
    // One that a later key has overtaken in the server was not followed to its end.
    const isWhole = same !== undefined && Number.isFinite(same.read) && Number.isFinite(same.left)
    return isWhole ? [{ ...same, ...key }] : []
  })
  return { ways, rate: (after.all - before.all) / MiB / ((after.at - before.at) / 1000) }
}

function ask<T>(page: Page, call: (keys: KeysPage) => T): Promise<T> {
  // What the function returns there is what comes back.
  return page.evaluate(`(${call.toString()})(globalThis.keys)`) as Promise<T>
}

function rowsOf({ name }: Place, all: readonly { readonly ways: readonly Way[]; readonly rate: number }[]): Row[] {
  const ways = all.flatMap(({ ways }) => ways).toSorted((a, b) => PARTS.all(a) - PARTS.all(b))
  const slow = ways.slice(Math.floor(ways.length * 0.9))
  const middle = (keys: readonly Way[], of: (key: Way) => number): string => percentile(keys.map(of), 0.5).toFixed(1)
  const part = (what: string, of: (key: Way) => number, unit: string): Row => ({
    name: `${name}: ${what}`,
    value: `${middle(ways, of)} ${unit}, slowest tenth ${middle(slow, of)} ${unit}, worst of it ${Math.max(...slow.map(of)).toFixed(1)} ${unit}`,
  })
  return [
    { name: `${name}: drawn`, value: `${all.map(({ rate }) => rate.toFixed(1)).join(' ')} MiB/s, ${ways.length} keys` },
    ...Object.entries(PARTS).map(([what, of]) => part(what, of, 'ms')),
    ...Object.entries(AMOUNTS).map(([what, of]) => part(what, (key) => of(key) / 1024, 'KiB')),
  ]
}
