/** The words, buttons and timing of every state of the line. */
import { describe, expect, test } from 'vitest'
import type { End, Status } from '../../client/api.ts'
import { closeReasons } from '../../protocol/closeReasons.ts'
import { IDLE } from '../../client/shown.ts'
import { ended, Looked, lost, READY, ready } from './looked.ts'

const starting = (step: 'claiming' | 'authorizing' | 'connecting' | 'opening'): Status => ({ phase: 'starting', step, since: 0 })

describe('a start', () => {
  test('has no words for its first 400 ms', () => {
    const panel = new Looked().status(starting('connecting'))
    expect(panel.wait(399).line).toMatchObject({ id: 'first-paint', parts: [], icon: 'work', level: 'quiet' })
    expect(panel.wait(1)).toMatchObject({ words: 'Connecting', button: undefined })
    expect(panel.line).toMatchObject({ id: 'connecting', icon: 'work', tone: 'muted', level: 'quiet', where: 'line' })
    expect(panel.said).toEqual(['Connecting'])
  })

  test('that is over in 400 ms shows no words of waiting', () => {
    const panel = new Looked().status(starting('connecting')).wait(390).status(READY, { title: 'bash' })
    expect(panel.wait(3000).shown).toEqual(['first-paint', 'ready'])
  })

  test('keeps what it showed for 700 ms', () => {
    const panel = new Looked().status(starting('connecting')).wait(410).become({ status: READY, everReady: true })
    expect(panel.wait(680).line.id).toBe('connecting')
    expect(panel.wait(20).line.id).toBe('ready')
  })

  test.each([
    ['claiming', 'connecting', 'Connecting'],
    ['connecting', 'connecting', 'Connecting'],
    ['authorizing', 'authenticating', 'Checking your access'],
    ['opening', 'opening', 'Starting the shell'],
  ] as const)('tells the step %s as %s', (phase, id, words) => {
    const panel = new Looked().status(starting(phase)).wait(500)
    expect(panel.line.id).toBe(id)
    expect(panel.words).toBe(words)
    expect(panel.button).toBeUndefined()
  })

  test('says that the emulator is still on its way', () => {
    const panel = new Looked().status(READY, { emulator: 'loading' }).wait(400)
    expect(panel.line.id).toBe('loading')
    expect(panel.words).toBe('Loading')
    expect(panel.said).toEqual([])
  })

  test('of more than 5 s offers to cancel, without sounding like an error', () => {
    const panel = new Looked().status(starting('connecting')).wait(4999)
    expect(panel.line.id).toBe('connecting')
    panel.wait(1)
    expect(panel.line).toMatchObject({ id: 'connecting-slow', tone: 'muted', level: 'noticed', live: 'polite' })
    expect(panel.words).toBe('Connecting takes longer than usual.')
    expect(panel.line.action).toMatchObject({ kind: 'cancel', label: 'Cancel' })
  })

  test('asked for by the person counts its time anew', () => {
    const panel = ready().wait(60_000).status({ phase: 'starting', step: 'authorizing', since: 60_000 })
    expect(panel.line.id).toBe('first-paint')
    expect(panel.wait(4000).line.id).toBe('authenticating')
  })
})

describe('a ready terminal', () => {
  test('shows title and folder, a quiet dot, and is said once', () => {
    const panel = ready({ title: 'bash', folder: '~/shop' })
    expect(panel.line).toMatchObject({ id: 'ready', icon: 'ready', tone: 'ok', level: 'quiet', live: 'polite' })
    expect(panel.line.parts).toEqual([
      { kind: 'title', text: 'bash' },
      { kind: 'folder', text: '~/shop' },
    ])
    expect(panel.said).toEqual(['Terminal ready.'])
  })

  test('tells the round trip while the pointer is on the dot', () => {
    const panel = ready().become({}, { hover: true, roundTripMs: 24.3 })
    expect(panel.line.id).toBe('ready-hover')
    expect(panel.words).toBe('Connected. Round trip 24 ms')
    expect(panel.become({}, { roundTripMs: null }).words).toBe('Connected.')
    expect(panel.become({}, { hover: false }).line.id).toBe('ready')
    expect(panel.said).toEqual(['Terminal ready.'])
  })

  test('shows a bell for 2 s', () => {
    const panel = ready().wait(100).become({}, { bellAt: 100 })
    expect(panel.line).toMatchObject({ id: 'bell', icon: 'bell', tone: 'accent' })
    expect(panel.words).toBe('Bell')
    expect(panel.said).toContain('Bell.')
    expect(panel.wait(2000).line.id).toBe('ready')
  })

  test('does not speak while another panel has the focus', () => {
    expect(ready({ speaks: false }).said).toEqual([])
  })
})

describe('pauses', () => {
  const slow = { transport: true, slow: false, hidden: false, offline: false }

  test('behind a slow socket show after 1 s and go 1 s after the pause', () => {
    const panel = ready().become({ paused: slow })
    expect(panel.wait(1000).line.id).toBe('ready')
    panel.wait(1)
    expect(panel.line).toMatchObject({ id: 'paused-slow', icon: 'pause', tone: 'warn', level: 'noticed' })
    expect(panel.words).toBe('Slow connection. Output is catching up.')
    panel.wait(5000).become({ paused: IDLE.paused })
    expect(panel.wait(999).line.id).toBe('paused-slow')
    expect(panel.wait(1).line.id).toBe('ready')
  })

  test('behind a slow connection show the same', () => {
    const panel = ready().become({ paused: { ...IDLE.paused, slow: true } })
    expect(panel.wait(1001).line.id).toBe('paused-slow')
    expect(panel.become({ paused: IDLE.paused }).wait(1000).line.id).toBe('ready')
  })

  test('that come and go do not blink', () => {
    const panel = ready().become({ paused: slow }).wait(1500)
    for (let i = 0; i < 10; i++) panel.become({ paused: IDLE.paused }).wait(500).become({ paused: slow }).wait(500)
    expect(panel.shown).toEqual(['ready', 'paused-slow'])
  })

  test('shorter than 1 s are not shown', () => {
    const panel = ready()
    for (let i = 0; i < 10; i++) panel.become({ paused: slow }).wait(900).become({ paused: IDLE.paused }).wait(10)
    expect(panel.shown).toEqual(['ready'])
  })

  test('of a hidden page show if catching up takes more than 400 ms', () => {
    const panel = ready().become({}, { catchingUpSince: 0 })
    expect(panel.wait(400).line.id).toBe('ready')
    expect(panel.wait(1).line).toMatchObject({ id: 'paused-hidden', tone: 'muted', live: 'off' })
    expect(panel.words).toBe('Catching up on output from the background.')
    expect(panel.wait(1000).become({}, { catchingUpSince: null }).line.id).toBe('ready')
  })
})

describe('a loss', () => {
  test('shorter than 500 ms shows nothing at all', () => {
    const panel = lost(ready()).wait(499)
    panel.become({ status: READY, resumed: { at: 499, missing: 0, warm: true } }).wait(10_000)
    expect(panel.shown).toEqual(['ready'])
    expect(panel.said).toEqual(['Terminal ready.'])
  })

  test('counts down to the next try, every second, and is said once', () => {
    const panel = lost(ready().wait(5000), { tries: 3, retryAt: 9500 }).wait(500)
    expect(panel.line).toMatchObject({ id: 'reconnect-wait', icon: 'broken', tone: 'warn', level: 'noticed' })
    expect(panel.words).toBe('Connection lost. Try 3 of 10 in 4 s.')
    expect(panel.line.action).toMatchObject({ kind: 'retry', label: 'Retry now', busy: false })
    const counted = []
    for (let i = 0; i < 4; i++) counted.push(panel.wait(i === 0 ? 0 : 1000).words.match(/in (\d+) s/)?.[1])
    expect(counted).toEqual(['4', '3', '2', '1'])
    expect(panel.said).toEqual(['Terminal ready.', 'Connection lost. Reconnecting.'])
  })

  test('keeps the button in its place, without effect, while a try runs', () => {
    const panel = lost(ready(), { step: 'trying', tries: 3 }).wait(500)
    expect(panel.line).toMatchObject({ id: 'reconnect-try', icon: 'work', action: { label: 'Retry now', busy: true } })
    expect(panel.words).toBe('Connection lost. Trying now, 3 of 10.')
  })

  test('of the network is told after 1 s', () => {
    const panel = lost(ready(), { step: 'offline' })
    expect(panel.wait(999).line.id).toBe('ready')
    expect(panel.wait(1).line).toMatchObject({ id: 'offline', icon: 'offline', action: { label: 'Retry now' } })
    expect(panel.words).toBe('You are offline. The terminal waits for a network.')
  })

  test('of the network is told after 1 s even while the socket still stands', () => {
    const offline = { transport: false, slow: false, hidden: false, offline: true }
    const panel = ready().become({ paused: offline })
    expect(panel.wait(999).line.id).toBe('ready')
    expect(panel.wait(1).line).toMatchObject({ id: 'offline', icon: 'offline', action: { kind: 'retry', label: 'Retry now' } })
    panel.become({ paused: { ...offline, offline: false } }).wait(1000)
    expect(panel.line.id).toBe('ready')
  })

  test('of what never was is not called a loss', () => {
    const panel = lost(new Looked(), { tries: 4 }).wait(500)
    expect(panel.words).toBe('No connection yet. Try 4 of 10 in 2 s.')
    expect(panel.said).toContain('No connection yet. Trying again.')
    lost(panel, { step: 'trying', tries: 4 }).wait(1000)
    expect(panel.words).toBe('No connection yet. Trying now, 4 of 10.')
  })

  test('to a busy server says so and allows one retry in 2 s', () => {
    const panel = lost(ready(), { busy: true, tries: 2, retryAt: 20_500 }).wait(500)
    expect(panel.line.id).toBe('server-busy')
    expect(panel.words).toBe('The server is busy. Try 2 of 10 in 20 s.')
    expect(panel.become({}, { retriedAt: 500 }).line.action?.busy).toBe(true)
    expect(panel.wait(2000).line.action?.busy).toBe(false)
  })

  test('says the same sentence once, however many tries it takes', () => {
    const panel = lost(ready()).wait(2500)
    for (let tries = 1; tries < 8; tries++) {
      panel.status({ phase: 'lost', step: 'trying', since: 0, tries, maxTries: 10, busy: false }).wait(4000)
      panel
        .status({
          phase: 'lost',
          step: 'waiting',
          since: 0,
          tries: tries + 1,
          maxTries: 10,
          retryAt: panel.now + 8000,
          busy: false,
        })
        .wait(8000)
    }
    expect(panel.said.filter((words) => words === 'Connection lost. Reconnecting.')).toHaveLength(1)
  })

  test('to a busy server is said once and without figures, however many tries it takes', () => {
    const panel = lost(ready(), { busy: true, tries: 2, retryAt: 4500 }).wait(4500)
    for (let tries = 2; tries < 6; tries++) {
      lost(panel, { step: 'trying', tries }).wait(1000)
      lost(panel, { busy: true, tries: tries + 1, retryAt: panel.now + 11_000 }).wait(11_000)
    }
    expect(panel.said.filter((words) => words.includes('busy'))).toEqual(['The server is busy. Trying again.'])
  })

  test('that is over is told for 2 s, and readiness is not announced again', () => {
    const panel = lost(ready()).wait(1500)
    panel.become({ status: READY, resumed: { at: 1500, missing: 0, warm: true } })
    expect(panel.line).toMatchObject({ id: 'resumed', icon: 'check', tone: 'ok', level: 'quiet' })
    expect(panel.words).toBe('Reconnected. Nothing was lost.')
    expect(panel.wait(1999).line.id).toBe('resumed')
    expect(panel.wait(1).line.id).toBe('ready')
    expect(panel.said).toEqual(['Terminal ready.', 'Connection lost. Reconnecting.', 'Reconnected. Nothing was lost.'])
  })

  test('with a gap never says that nothing was lost', () => {
    const panel = lost(ready()).wait(1500)
    panel.become({ status: READY, resumed: { at: 1500, missing: 12_345, warm: true } })
    expect(panel.line).toMatchObject({ id: 'resumed-gap', tone: 'warn', action: { kind: 'show-gap', label: 'Show gap' } })
    expect(panel.words).toBe('Reconnected. 12 KB of output is missing.')
    expect(panel.wait(19_999).line.id).toBe('resumed-gap')
    expect(panel.wait(1).line.id).toBe('ready')
  })

  test('with a gap is told even if the loss was too short to be seen, until the gap was seen', () => {
    const panel = lost(ready()).wait(100)
    panel.become({ status: READY, resumed: { at: 100, missing: 999, warm: true } })
    expect(panel.words).toBe('Reconnected. 999 bytes of output is missing.')
    panel.become({}, { gapSeenAt: 300 })
    expect(panel.wait(2199).line.id).toBe('resumed-gap')
    expect(panel.wait(1).line.id).toBe('ready')
  })

  test('with a gap is told until the person asked to see it', () => {
    const panel = lost(ready()).wait(100)
    panel.become({ status: READY, resumed: { at: 100, missing: 999, warm: true } }).wait(3000)
    expect(panel.become({}, { gapDismissedAt: 3100 }).line.id).toBe('ready')
  })
})

describe('typing while away', () => {
  test('is counted beside the sentence', () => {
    const panel = lost(ready())
      .wait(500)
      .become({ held: { keys: 10, full: false } })
    expect(panel.line).toMatchObject({ id: 'held', level: 'noticed', chip: { long: '10 keys waiting', short: '10 keys' } })
    expect(panel.words).toBe('Connection lost. Try 1 of 10 in 2 s.')
    expect(panel.button).toBe('Retry now')
    expect(panel.said).toContain('Typing is kept and sent when the connection is back.')
  })

  test('is not called waiting once it was sent, though the sentence stays for its 700 ms', () => {
    const panel = lost(ready())
      .wait(500)
      .become({ held: { keys: 2, full: false } })
    panel.wait(100).become({ status: READY, held: { keys: 0, full: false }, resumed: { at: 600, missing: 0, warm: true } })
    expect(panel.line.id).toBe('held')
    expect(panel.line.chip).toBeUndefined()
    expect(panel.wait(700).line.id).toBe('resumed')
  })

  test('into a row that never echoed is not announced', () => {
    const panel = lost(ready())
      .wait(500)
      .become({ held: { keys: 8, full: false } }, { masked: true })
    expect(panel.line).toMatchObject({ id: 'held-masked', live: 'off', chip: { long: '8 keys waiting' } })
  })

  test('beyond the limit is refused aloud', () => {
    const panel = lost(ready())
      .wait(500)
      .become({ held: { keys: 0, full: true } })
    expect(panel.line).toMatchObject({ id: 'held-full', tone: 'error', live: 'assertive', action: { label: 'Retry now' } })
    expect(panel.words).toBe('Typing is off until the connection is back.')
    expect(panel.said.at(-1)).toBe('Typing is off until the connection is back.')
  })

  test('that was not sent is offered back', () => {
    const panel = ready().become({ unsent: { keys: 10, bytes: 10 } })
    expect(panel.line).toMatchObject({
      id: 'not-sent',
      icon: 'error',
      tone: 'error',
      level: 'needsYou',
      live: 'assertive',
      where: 'line',
    })
    expect(panel.words).toBe('10 keys were not sent.')
    expect(panel.line.action).toMatchObject({ kind: 'copy-unsent', label: 'Copy them' })
    expect(panel.line.secondary).toMatchObject({ kind: 'dismiss-unsent', label: 'Dismiss' })
    expect(ready().become({ unsent: { keys: 1, bytes: 1 } }).words).toBe('1 key was not sent.')
  })

  test('that may be a password is never offered for copying', () => {
    const panel = ready().become({ unsent: { keys: 8, bytes: 8 } }, { masked: true })
    expect(panel.button).toBe('Dismiss')
    expect(panel.line.secondary).toBeUndefined()
  })

  test('that was not sent stands before the end, and gives way to it', () => {
    const panel = ready().become({ status: ended('node_disconnected'), unsent: { keys: 2, bytes: 2 } })
    expect(panel.line.id).toBe('not-sent')
    expect(panel.become({ unsent: null }).line.id).toBe('node_disconnected')
  })
})

describe('a paste', () => {
  test('has words and a way to stop it after 500 ms', () => {
    const panel = ready().become({}, { paste: { bytes: 12_000_000, sent: 3_100_000, since: 0 } })
    expect(panel.wait(500).line.id).toBe('ready')
    expect(panel.wait(1).line).toMatchObject({ id: 'paste-progress', action: { kind: 'stop-paste', label: 'Stop' } })
    expect(panel.words).toBe('Pasting 3.1 of 12 MB')
    expect(panel.said).toContain('Pasting 12 megabytes.')
  })

  test('that was stopped tells for 6 s what had already gone', () => {
    const panel = ready()
      .wait(50)
      .become({}, { pasteStopped: { bytes: 12_000_000, sent: 3_100_000, at: 50 } })
    expect(panel.words).toBe('Stopped. 3.1 of 12 MB had already been sent.')
    expect(panel.wait(6000).line.id).toBe('ready')
  })
})

describe('somebody else', () => {
  const elsewhere = (how: Extract<Status, { phase: 'elsewhere' }>['how'], canTakeOver = true): Status => ({
    phase: 'elsewhere',
    how,
    canTakeOver,
  })

  test('has it open in another tab: the sentence stands in the middle of the empty view', () => {
    const panel = new Looked().status(elsewhere('tab'))
    expect(panel.line).toMatchObject({
      id: 'elsewhere',
      icon: 'tabs',
      tone: 'accent',
      level: 'needsYou',
      where: 'middle',
      live: 'polite',
    })
    expect(panel.words).toBe('This terminal is open in another tab.')
    expect(panel.line.action).toMatchObject({ kind: 'take-over', label: 'Take over here' })
    expect(new Looked().status(elsewhere('active')).line).toEqual(panel.line)
  })

  test('took it over: what was drawn stays, the sentence stands in the line', () => {
    const panel = ready().status(elsewhere('superseded'))
    expect(panel.line).toMatchObject({ id: 'superseded', where: 'line', action: { label: 'Take over here' } })
    expect(panel.words).toBe('Another tab took over this terminal.')
  })

  test('uses the allocation: a way in only where the server allows it', () => {
    const panel = new Looked().status(elsewhere('busy', false))
    expect(panel.line).toMatchObject({
      id: 'allocation_busy',
      tone: 'accent',
      live: 'polite',
      action: { kind: 'retry', label: 'Try again' },
    })
    expect(panel.words).toBe('This terminal is in use somewhere else.')
    expect(new Looked().status(elsewhere('busy', true)).button).toBe('Take over here')
  })
})

type EndRow = readonly [reason: End['reason'], words: string, button: string, tone: string, id?: string, more?: Partial<End>]

const ENDS: readonly EndRow[] = [
  ['shell_exit', 'The shell exited with code 0.', 'New shell', 'muted', 'shell_exit', { exit: { code: 0 } }],
  ['shell_exit', 'The shell exited with code 137.', 'New shell', 'warn', 'shell_exit', { exit: { code: 137 } }],
  ['shell_exit', 'The shell was stopped by signal TERM.', 'New shell', 'warn', 'shell_exit', { exit: { sig: 'SIGTERM' } }],
  ['shell_exit', 'The shell was stopped by signal TERM.', 'New shell', 'warn', 'shell_exit', { exit: { sig: 'TERM' } }],
  ['shell_exit', 'The shell ended.', 'New shell', 'muted'],
  ['user_closed', 'You closed this terminal.', 'New shell', 'muted'],
  ['idle_timeout', 'Closed after 30 minutes without activity.', 'New shell', 'muted', 'idle_timeout', { afterMs: 1_800_000 }],
  ['idle_timeout', 'Closed after 1 minute without activity.', 'New shell', 'muted', 'idle_timeout', { afterMs: 60_000 }],
  ['idle_timeout', 'Closed after 5 seconds without activity.', 'New shell', 'muted', 'idle_timeout', { afterMs: 5000 }],
  ['idle_timeout', 'Closed after a time without activity.', 'New shell', 'muted'],
  ['detach_expired', 'You were away too long and the shell was closed.', 'New shell', 'muted'],
  ['expired', 'You were away too long and the shell was closed.', 'New shell', 'muted'],
  ['unknown', 'The shell could not be found again.', 'New shell', 'muted'],
  ['reused', 'This page can no longer reach its shell.', 'New shell', 'muted'],
  ['cancelled', 'The terminal was cancelled before it started.', 'Try again', 'muted'],
  ['policy_denied', 'You are not allowed to use this terminal.', 'Copy details', 'error'],
  ['auth_failed', 'Your sign-in was not accepted.', 'Try again', 'error'],
  ['allocation_busy', 'This terminal is in use somewhere else.', 'Try again', 'accent'],
  ['node_disconnected', 'The machine behind this shell went away.', 'New shell', 'error'],
  ['node_identity_rejected', 'The machine could not prove who it is.', 'Copy details', 'error'],
  ['gateway_restart', 'The service restarted and the shell was lost.', 'New shell', 'error'],
  ['protocol_error', 'The server sent something unreadable.', 'Try again', 'error'],
  ['backpressure_overflow', 'Output came faster than it could be kept.', 'New shell', 'error'],
  ['browser_disconnected', 'No connection after 10 tries.', 'Try again', 'error'],
  ['internal_error', 'Something broke on the server.', 'Try again', 'error'],
  ['unsupported_profile', 'This page and the server need the same version.', 'Copy details', 'error'],
  ['timeout', 'The server did not answer in time.', 'Try again', 'error'],
  ['server_overload', 'The server has no room for a terminal now.', 'Try again', 'error'],
  ['channel_limit', 'Too many shells are open in this terminal.', 'Try again', 'error'],
  ['target_unreachable', 'The machine cannot be reached right now.', 'Try again', 'error', 'failed-unreachable'],
  ['not_found', 'This terminal no longer exists.', 'Copy details', 'error', 'failed-gone'],
  ['failed', 'The terminal could not start.', 'Try again', 'error', 'failed'],
  ['active_elsewhere', 'This terminal is open in another tab.', 'Take over here', 'accent', 'elsewhere'],
  ['superseded', 'Another tab took over this terminal.', 'Take over here', 'accent', 'superseded'],
]

describe('an end', () => {
  for (const [reason, words, button, tone, id = reason, more = {}] of ENDS)
    test(`by ${reason} reads “${words}” with the button “${button}”`, () => {
      const panel = ready().status(ended(reason, more))
      expect(panel.words).toBe(words)
      expect(panel.button).toBe(button)
      expect(panel.line).toMatchObject({ id, tone, level: 'needsYou', where: 'line' })
      expect(panel.said.at(-1)).toBe(words)
    })

  test('has words for every reason there is, each within the limits of the line', () => {
    const told = new Set(ENDS.map(([reason]) => reason))
    for (const reason of Object.keys(closeReasons)) expect(told).toContain(reason)
    for (const [, words, button] of ENDS) {
      expect(words.length).toBeLessThanOrEqual(50)
      expect(button.length).toBeLessThanOrEqual(14)
      expect(words).not.toMatch(/session|socket|token|allocation|node|gateway|PTY|protocol|please|sorry|oops|!|…/i)
    }
  })

  test('before any output stands in the middle of the view', () => {
    expect(new Looked().status(ended('policy_denied')).line.where).toBe('middle')
    expect(new Looked().status(ended('policy_denied'), { drawn: true }).line.where).toBe('line')
  })

  test('by a fault is said assertively, by intent politely, by every panel of the page', () => {
    const fault = ready({ speaks: false }).status(ended('node_disconnected'))
    expect(fault.memory.alert).toBe('The machine behind this shell went away.')
    const intent = ready({ speaks: false }).status(ended('shell_exit', { exit: { code: 0 } }))
    expect(intent.memory.polite).toBe('The shell exited with code 0.')
  })

  test('of a sign-in offers to sign in where the host can', () => {
    expect(ready({ canSignIn: true }).status(ended('auth_failed')).line.action).toEqual({
      kind: 'sign-in',
      label: 'Sign in again',
    })
  })

  test('after other tries than ten counts them', () => {
    const panel = lost(ready(), { maxTries: 3 }).wait(600).status(ended('browser_disconnected'))
    expect(panel.words).toBe('No connection after 3 tries.')
  })

  test('lets Enter press New shell and Try again, and nothing else', () => {
    const pressed = ENDS.filter((row) => ready().status(ended(row[0], row[5])).line.action?.enter).map((row) => row[2])
    expect(new Set(pressed)).toEqual(new Set(['New shell', 'Try again']))
  })

  test('shows at once, whatever was shown before', () => {
    const panel = lost(ready()).wait(550).status(ended('gateway_restart'))
    expect(panel.line.id).toBe('gateway_restart')
  })
})

describe('an emulator that cannot be loaded', () => {
  test('is told with a way to try again', () => {
    const panel = new Looked().status(READY, { emulator: 'failed' })
    expect(panel.line).toMatchObject({ id: 'failed', where: 'middle', action: { kind: 'reload', label: 'Try again' } })
    expect(panel.words).toBe('The terminal could not start.')
  })
})

test('the same sentence is not said twice in 10 s', () => {
  const panel = ready()
  const bell = (): void => void panel.become({}, { bellAt: panel.now })
  bell()
  for (let i = 0; i < 3; i++) {
    panel.wait(3000)
    bell()
  }
  expect(panel.said.filter((words) => words === 'Bell.')).toHaveLength(1)
  panel.wait(3000)
  bell()
  expect(panel.said.filter((words) => words === 'Bell.')).toHaveLength(2)
})

test('a look without news changes nothing and wants nothing', () => {
  const panel = ready({ title: 'bash' })
  const { line, wakeAt } = panel
  expect(wakeAt).toBeNull()
  expect(panel.wait(3_600_000).look().line).toEqual(line)
})
