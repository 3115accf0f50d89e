/** What holds for every table of words: nothing is missing, sentences fit the line, buttons fit their place, figures and plurals are those of the language. */
import { describe, expect, test } from 'vitest'
import type { End } from '../../client/api.ts'
import { closeReasons, type CloseReason } from '../../protocol/closeReasons.ts'
import { englishDetails } from '../details/words.ts'
import { german } from './de.ts'
import { english } from './english.ts'
import { withWords, type Words } from './words.ts'

const tables = [
  ['English', { ...english, details: englishDetails }],
  ['German', german],
] as const

const MOST_TRIES = 10
const ends: readonly End[] = [
  ...(Object.keys(closeReasons) as CloseReason[]).map((reason) => ({ reason, code: closeReasons[reason] })),
  { reason: 'not_found', code: 1000 },
  { reason: 'failed', code: 1000 },
  { reason: 'shell_exit', code: 1000, exit: { code: 137 } },
  { reason: 'shell_exit', code: 1000, exit: { sig: 'SIGTERM' } },
  { reason: 'idle_timeout', code: 1000, afterMs: 60_000 },
  { reason: 'idle_timeout', code: 1000, afterMs: 30 * 60_000 },
  { reason: 'idle_timeout', code: 1000, afterMs: 5000 },
]

const bytes = [[1], [999], [12_300], [3_140_000], [12_000_000]]
const counts = [[1], [2], [4096]]
const tries = [
  [1, 10, 2],
  [10, 10, 30],
]
const events = [
  { code: 4014, ms: 24, missing: 0, bytes: 1200, why: 'hidden', count: 2, sig: 'INT', signals: 1, event: 'x', what: 'storage' },
]

/** What functions of the table are called with, by their place in it. */
const SAMPLES: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'start.waiting': tries,
  'start.trying': tries,
  'ready.connected': [[null], [24.4]],
  'ready.viewOnly': [[null], ['Ana']],
  'ready.grid': [[96, 24]],
  'ready.commandEnded': [
    [null, null],
    [1, 12_400],
    [0, 160_000],
  ],
  'ready.progress': [
    ['normal', 42],
    ['error', 68],
    ['paused', null],
    ['busy', null],
  ],
  'lost.waiting': tries,
  'lost.trying': tries,
  'lost.serverBusy': tries,
  'lost.resumedGap': bytes,
  'lost.gapMark': bytes,
  'typing.keysWaiting': counts,
  'typing.keysWaitingShort': counts,
  'typing.notSent': [
    [1, 0],
    [10, 0],
    [0, 1],
    [0, 4100],
  ],
  'find.count': [
    [3, 17, false],
    [1, 20_000, true],
  ],
  'links.why': [
    ['text', ''],
    ['text', 'home'],
    ['person', ''],
    ['letters', ''],
    ['mail', ''],
    ['touch', ''],
    ['scheme', ''],
    ['policy', ''],
  ],
  'ended.reason': ends.flatMap((end) => [
    [end, MOST_TRIES],
    [end, 1],
  ]),
  'paste.pasting': [
    [3_140_000, 12_000_000],
    [1, 900],
  ],
  'paste.pastingSaid': [[12_000_000], [5000]],
  'paste.stopped': [[3_140_000, 12_000_000]],
  'paste.ask': [[4]],
  'paste.lines': [[4]],
  'commands.mark': ['prompt', 'running', 'done'].flatMap((phase) =>
    [null, 0, 1].map((exitCode) => [{ command: 'npm test', phase, exitCode }]),
  ),
  'commands.percent': [[25]],
  'shortcuts.keys': [['Ctrl Shift F'], ['Shift PgUp / PgDn']],
  'tabs.close': [['build']],
  'tabs.tab': [
    ['build', null, null],
    ['build', 42, null],
    ['build', null, 1],
  ],
  'tabs.short': [
    [null, null],
    [42, null],
    [null, 1],
  ],
  'tabs.picker': [[2, 4, 'build']],
  'speech.skipped': counts,
  'speech.command': [
    ['npm test', null],
    ['npm test', 1],
  ],
  'details.connectedFor': [[3000], [200_000], [7_500_000]],
  'details.lostFor': [[3000]],
  'details.roundTrip': [[24, 1300]],
  'details.output': [
    [1200, 0],
    [12_000_000, 1],
  ],
  'details.typing': [[1200, 0]],
  'details.reconnects': [
    [0, 0],
    [2, 0],
    [2, 12_000],
  ],
  'details.drawnBy': [
    [null, 80, 24],
    ['webgl', 80, 24],
    ['dom', 80, 24],
  ],
  'details.outputAt': [[1200, 1100]],
  'details.typingAt': [[1200, 1100]],
  'details.credit': [[1200, 1100]],
  'details.pauses': [[{ transport: false, hidden: false, offline: false }], [{ transport: true, hidden: true, offline: true }]],
  'details.repeated': [[3]],
}

/** Only heard, or with a place of its own that wraps. */
const NOT_IN_THE_LINE = /^(panel\.leaveHint|typing\.heldKept|details\.)/

/** Every string that a table can make, by its place. */
function stringsOf(value: unknown, path: string): (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return samplesFor(path).map((args) => [path, String(value(...args))] as const)
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is no word`)
  return Object.entries(value).flatMap(([name, inner]) => stringsOf(inner, path === '' ? name : `${path}.${name}`))
}

function samplesFor(path: string): readonly (readonly unknown[])[] {
  const samples = path.startsWith('details.events.') ? [events] : SAMPLES[path]
  if (samples === undefined) throw new Error(`No sample for ${path}: add one here`)
  return samples
}

const placesOf = (table: Words): string[] => [...new Set(stringsOf(table, '').map(([path]) => path))].toSorted()

describe.each(tables)('%s', (_name, table) => {
  const strings = stringsOf(table, '')

  test('has every word that there is', () => {
    expect(placesOf(table)).toEqual(placesOf(tables[0][1]))
  })

  test('has sentences of at most 50 characters in the line', () => {
    const long = strings.filter(([path, text]) => !NOT_IN_THE_LINE.test(path) && text.replace(/[{}]/g, '').length > 50)
    expect(long).toEqual([])
  })

  test('has buttons of at most 14 characters in the line, and of at most 20 in sheets and menus', () => {
    const inLine = strings.filter(([path]) => path.startsWith('buttons.'))
    const elsewhere = strings.filter(([path]) =>
      /^(paste\.(lines|joined|clean)|links\.(open|mail|copy)$|commands\.(copy|select|next)|more\.)/.test(path),
    )
    expect(inLine.filter(([, text]) => text.length > 14)).toEqual([])
    expect(elsewhere.filter(([, text]) => text.length > 20)).toEqual([])
    expect(inLine.length + elsewhere.length).toBeGreaterThan(30)
  })

  test('speaks as the panel does: no ellipsis, no exclamation, no “please”', () => {
    expect(strings.filter(([, text]) => /…|\.\.\.|!|please|sorry|oops|bitte|leider/i.test(text))).toEqual([])
  })

  test('never shows a value that is none', () => {
    expect(strings.filter(([, text]) => /undefined|NaN|\[object|null/.test(text))).toEqual([])
  })
})

describe('German', () => {
  test('is no English that was left behind', () => {
    const same = new Set(stringsOf(tables[0][1], '').map(([path, text]) => `${path} ${text}`))
    const left = stringsOf(german, '').filter(([path, text]) => same.has(`${path} ${text}`) && text !== '')
    const international = /^(Terminal|Terminals|Escape|Tilde|WebGL.*|DOM.*|\d+ × \d+|build|npm test|x|\d+|4014)$/
    expect(left.filter(([, text]) => !international.test(text))).toEqual([])
    expect(stringsOf(german, '').filter(([, text]) => /\b(the|of|were|is|your|keys?|lines?)\b/i.test(text))).toEqual([])
  })

  test('has its own decimals, plurals and order', () => {
    expect(german.lost.resumedGap(3_140_000)).toBe('Wieder verbunden. 3,1 MB Ausgabe fehlen.')
    expect(german.paste.pasting(3_140_000, 12_000_000)).toBe('Fügt ein: 3,1 von 12 MB')
    expect(german.paste.pasting(1, 1)).toBe('Fügt ein: 1 von 1 Byte')
    expect(german.ready.commandEnded(1, 12_400)).toBe('Code 1, 12,4 s')
    expect(german.typing.keysWaiting(1)).toBe('1 Taste wartet')
    expect(german.typing.keysWaiting(2)).toBe('2 Tasten warten')
    expect(german.ended.reason({ reason: 'idle_timeout', code: 1000, afterMs: 60_000 }, 1)).toBe(
      'Nach 1 Minute ohne Aktivität geschlossen.',
    )
  })
})

test('a host replaces single sentences of any group, also of one that is loaded late', () => {
  const words = withWords(english, { buttons: { stop: 'Halt' }, details: { title: 'What goes on' } })
  expect(words.buttons).toEqual({ ...english.buttons, stop: 'Halt' })
  expect({ ...englishDetails, ...words.details }.title).toBe('What goes on')
})
