/** What features tell: each has its sentence, its place among the others, and its voice. */
import { describe, expect, test } from 'vitest'
import { IDLE } from '../../client/shown.ts'
import type { Find, Mark, Progress } from './facts.ts'
import { ended, lost, ready } from './looked.ts'
import { STATES } from './states.ts'

const LINK = { before: 'https://', host: 'docs.example.com', after: '/deploy/rollback', opensBy: 'ctrl-click' } as const
const MARK: Mark = { command: 'npm test', phase: 'done', exitCode: 1, durationMs: 12_400, menu: false }
const FIND: Find = { current: 3, total: 17, more: false, settled: true, focused: true }
const PROGRESS: Progress = { kind: 'normal', percent: 42, command: 'npm install' }

describe('a link under the pointer', () => {
  test('tells its address and what opens it, and leaves with the pointer', () => {
    const panel = ready({ title: 'bash' }).become({}, { link: LINK })
    expect(panel.line).toMatchObject({ id: 'link-hover', icon: 'ready', tone: 'ok', level: 'quiet', live: 'off' })
    expect(panel.words).toBe('https://docs.example.com/deploy/rollback Ctrl-click opens')
    expect(panel.become({}, { link: null }).words).toBe('bash')
  })

  test('marks the host, which is never cut', () => {
    const [address] = ready({ link: LINK }).line.parts
    expect(address?.text.slice(address.host?.from, address.host?.to)).toBe('docs.example.com')
  })

  test.each([
    ['cmd-click', '⌘-click opens'],
    ['enter', 'Enter opens'],
  ] as const)('is opened by %s', (opensBy, hint) => {
    expect(ready({ link: { ...LINK, opensBy } }).line.parts[1]).toEqual({ kind: 'hint', text: hint })
  })

  test('tells before a paste that flows and after a loss', () => {
    const panel = ready({ paste: { bytes: 12e6, sent: 1, since: 0 } }).wait(600)
    expect(panel.become({}, { link: LINK }).line.id).toBe('link-hover')
    expect(lost(panel).wait(600).line.id).toBe('reconnect-wait')
  })
})

describe('the mark of a command', () => {
  test('tells the command, its exit and its time', () => {
    const panel = ready({ mark: MARK })
    expect(panel.line).toMatchObject({ id: 'marks', icon: 'ready', level: 'quiet', live: 'off' })
    expect(panel.words).toBe('npm test exit 1, 12.4 s')
    expect(panel.become({}, { mark: null }).line.id).toBe('ready')
  })

  test.each<[Partial<Mark>, string]>([
    [{ durationMs: null }, 'npm test exit 1'],
    [{ exitCode: null }, 'npm test 12.4 s'],
    [{ exitCode: null, durationMs: null }, 'npm test done'],
    [{ durationMs: 12.3 }, 'npm test exit 1, 12 ms'],
    [{ durationMs: 100 }, 'npm test exit 1, 0.1 s'],
    [{ durationMs: 59_949 }, 'npm test exit 1, 59.9 s'],
    [{ durationMs: 59_950 }, 'npm test exit 1, 1 min 0 s'],
    [{ durationMs: 160_000 }, 'npm test exit 1, 2 min 40 s'],
    [{ durationMs: 3_900_000 }, 'npm test exit 1, 1 h 5 min'],
    [{ command: '' }, 'exit 1, 12.4 s'],
    [{ phase: 'running' }, 'npm test running'],
    [{ phase: 'prompt', command: '' }, 'current line'],
  ])('as far as it is known: %o', (change, words) => {
    expect(ready({ mark: { ...MARK, ...change } }).words).toBe(words)
  })

  test('tells the same while its menu is open', () => {
    const panel = ready({ mark: { ...MARK, menu: true } })
    expect(panel.line.id).toBe('marks-menu')
    expect(panel.words).toBe('npm test exit 1, 12.4 s')
  })
})

describe('the size of a grid that is dragged', () => {
  test('is told until 1 s after the last change', () => {
    const panel = ready({ title: 'bash' }).become({}, { resized: { cols: 90, rows: 24, at: 0 } })
    expect(panel.line).toMatchObject({ id: 'resize', live: 'off', level: 'quiet' })
    expect(panel.words).toBe('90 × 24')
    panel.wait(900).become({}, { resized: { cols: 96, rows: 24, at: 900 } })
    expect(panel.words).toBe('96 × 24')
    expect(panel.wait(999).line.id).toBe('resize')
    expect(panel.wait(1).line.id).toBe('ready')
  })
})

describe('progress', () => {
  test.each<[Progress['kind'], number | null, string, string, number | null]>([
    ['normal', 42, 'progress', 'npm install 42%', 0.42],
    ['error', 68, 'progress-error', 'npm install 68%, failing', 0.68],
    ['paused', 68, 'progress-paused', 'npm install 68%, paused', 0.68],
    ['busy', null, 'progress-busy', 'npm install working', null],
    ['error', null, 'progress-error', 'npm install failing', null],
  ])('that is %s at %s is told as %s', (kind, percent, id, words, share) => {
    const { line, words: told } = ready({ progress: { ...PROGRESS, kind, percent } })
    expect(line).toMatchObject({ id, icon: 'ready', tone: 'ok', level: 'quiet', live: 'off', progress: { kind, share } })
    expect(told).toBe(words)
  })

  test('of a command that nobody named has the title of the terminal', () => {
    expect(ready({ title: 'bash', progress: { ...PROGRESS, command: '' } }).words).toBe('bash 42%')
    expect(ready({ progress: { ...PROGRESS, command: '' } }).words).toBe('shell 42%')
  })

  test('keeps its edge while something else is told, and is over at once', () => {
    const panel = ready({ progress: PROGRESS })
    expect(panel.become({}, { link: LINK }).line).toMatchObject({ id: 'link-hover', progress: { share: 0.42 } })
    panel.become({}, { link: null, bellAt: 0 })
    expect(panel.line).toMatchObject({ id: 'bell', progress: { share: 0.42 } })
    expect(panel.wait(2000).line.id).toBe('progress')
    expect(panel.become({}, { progress: null }).line).not.toHaveProperty('progress')
  })

  test('says nothing aloud', () => {
    const panel = ready()
    panel.said.length = 0
    for (let percent = 0; percent <= 100; percent += 10) panel.wait(100).become({}, { progress: { ...PROGRESS, percent } })
    expect(panel.said).toEqual([])
  })
})

describe('a bell that rang while nobody could see the page', () => {
  test('stays until it is seen, and the usual time after', () => {
    const panel = ready().become({}, { bellAt: 0, bellUnseen: true })
    expect(panel.wakeAt).toBeNull()
    expect(panel.wait(60_000).line).toMatchObject({ id: 'bell', icon: 'bell', tone: 'accent' })
    panel.become({}, { bellAt: 60_000, bellUnseen: false })
    expect(panel.wait(1999).line.id).toBe('bell')
    expect(panel.wait(1).line.id).toBe('ready')
  })
})

describe('somebody who may only look', () => {
  test('is told who types', () => {
    const panel = ready({ viewOnly: { typist: 'Ana' } })
    expect(panel.line).toMatchObject({ id: 'view-only', icon: 'eye', tone: 'muted', level: 'quiet', live: 'polite' })
    expect(panel.words).toBe('View only. Ana is typing.')
    expect(panel.said).toContain('View only. Ana is typing.')
  })

  test('hears when somebody else types', () => {
    const panel = ready({ viewOnly: { typist: 'Ana' } })
      .wait(20_000)
      .become({}, { viewOnly: { typist: 'Ben' } })
    expect(panel.said.at(-1)).toBe('View only. Ben is typing.')
    expect(panel.become({}, { viewOnly: { typist: null } }).words).toBe('View only.')
    expect(panel.become({}, { viewOnly: null }).line.id).toBe('ready')
  })
})

describe('find in the line', () => {
  test('tells what was found, aloud too, and keeps the sign', () => {
    const panel = ready({ find: FIND })
    expect(panel.line).toMatchObject({ id: 'search', icon: 'ready', tone: 'ok', level: 'quiet', finding: true })
    expect(panel.words).toBe('3 of 17')
    expect(panel.said.at(-1)).toBe('3 of 17')
    panel.become({}, { find: { ...FIND, current: 4 } })
    expect(panel.said.at(-1)).toBe('4 of 17')
  })

  test('says nothing before the count is sure', () => {
    const panel = ready({ find: { ...FIND, total: 0, settled: false } })
    expect(panel.line).toMatchObject({ id: 'search', parts: [], live: 'off', finding: true })
  })

  test('tells that nothing matches', () => {
    const panel = ready({ find: { ...FIND, current: 0, total: 0 } })
    expect(panel.line.id).toBe('search-none')
    expect(panel.words).toBe('No matches')
    expect(panel.said.at(-1)).toBe('No matches.')
  })

  test('tells that there are more than were counted', () => {
    expect(ready({ find: { ...FIND, total: 1000, more: true } }).words).toBe('3 of more than 1000')
  })

  test('is not covered by a link, a bell or progress, and keeps the edge', () => {
    const panel = ready({ find: FIND, link: LINK, progress: PROGRESS, bellAt: 0 })
    expect(panel.line.id).toBe('search')
    expect(panel.become({}, { link: null }).line).toMatchObject({ id: 'search', icon: 'bell', progress: { share: 0.42 } })
  })

  test('gives way to a loss, and is back after it', () => {
    const panel = ready({ find: { ...FIND, focused: false } })
    expect(lost(panel).wait(600).line).toMatchObject({ id: 'reconnect-wait', finding: false })
    panel.become({ status: { phase: 'ready', since: panel.now }, resumed: null })
    expect(panel.wait(3000).line).toMatchObject({ id: 'search', finding: true })
  })

  test('does not go away under the fingers: the sign and the voice tell a loss', () => {
    const panel = lost(ready({ find: FIND })).wait(600)
    expect(panel.line).toMatchObject({ id: 'reconnect-wait', icon: 'broken', tone: 'warn', finding: true })
    expect(panel.said.at(-1)).toBe('Connection lost. Reconnecting.')
    expect(panel.become({}, { find: { ...FIND, focused: false } }).line).toMatchObject({ id: 'reconnect-wait', finding: false })
  })

  test('is still there after an end, for the output is', () => {
    const panel = ready({ find: FIND }).status(ended('shell_exit'))
    expect(panel.line).toMatchObject({ id: 'shell_exit', finding: true, action: { kind: 'restart' } })
    expect(panel.become({}, { find: { ...FIND, focused: false } }).line.finding).toBe(false)
  })
})

describe('who comes first', () => {
  const OFFLINE = { ...IDLE.paused, offline: true }
  test.each([
    ['ready-hover', {}, {}],
    ['link-hover', { hover: false }, {}],
    ['marks', { hover: false, link: null }, {}],
    ['resize', { hover: false, link: null, mark: null }, {}],
    ['paste-progress', { hover: false, link: null, mark: null, resized: null }, {}],
    ['bell', { hover: false, link: null, mark: null, resized: null, paste: null }, {}],
    ['view-only', { hover: false, link: null, mark: null, resized: null, paste: null, bellAt: null }, {}],
    ['progress', { hover: false, link: null, mark: null, resized: null, paste: null, bellAt: null, viewOnly: null }, {}],
    ['offline', {}, { paused: OFFLINE }],
    ['held-full', {}, { paused: OFFLINE, held: { keys: 1, full: true } }],
    ['not-sent', {}, { paused: OFFLINE, held: { keys: 1, full: true }, unsent: { keys: 1, bytes: 1 } }],
  ] as const)('%s', (id, facts, snapshot) => {
    const all = {
      hover: true,
      link: LINK,
      mark: MARK,
      resized: { cols: 80, rows: 24, at: 1200 },
      paste: { bytes: 12e6, sent: 1, since: 0 },
      bellAt: 1200,
      viewOnly: { typist: 'Ana' },
      progress: PROGRESS,
    }
    const panel = ready().become(snapshot).wait(1200)
    expect(panel.become({}, { ...all, ...facts }).line.id).toBe(id)
  })
})

test('every state of the line is one that the table names', () => {
  const shown = new Set([ready({ find: FIND }), ready({ link: LINK }), lost(ready()).wait(600)].map((panel) => panel.line.id))
  for (const id of shown) expect(STATES[id]).toBe('line')
})
