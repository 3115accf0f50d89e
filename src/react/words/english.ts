/** The words of a panel in English. */
import type { End } from '../../client/api.ts'
import type { CloseReason } from '../../protocol/closeReasons.ts'
import { duration, many, part, size } from './figures.ts'
import { first } from './first.ts'
import type { LinkWhy } from '../links/question.ts'
import { tabWords } from '../tabs/tabWords.ts'
import type { Words } from './words.ts'

function idle(afterMs: number | undefined): string {
  if (afterMs === undefined) return 'Closed after a time without activity.'
  const minutes = Math.round(afterMs / 60_000)
  if (minutes < 1) return `Closed after ${many(Math.max(1, Math.round(afterMs / 1000)), 'second', 'seconds')} without activity.`
  return `Closed after ${many(minutes, 'minute', 'minutes')} without activity.`
}

function shellExit(exit: End['exit']): string {
  if (exit?.sig !== undefined) return `The shell was stopped by signal ${exit.sig.replace(/^SIG/, '')}.`
  return exit?.code === undefined ? 'The shell ended.' : `The shell exited with code ${exit.code}.`
}

/** One sentence for each reason that needs no figures. */
const REASONS: Readonly<
  Record<Exclude<CloseReason, 'shell_exit' | 'idle_timeout' | 'browser_disconnected'> | 'not_found' | 'failed', string>
> = {
  user_closed: 'You closed this terminal.',
  cancelled: 'The terminal was cancelled before it started.',
  unsupported_profile: 'This page and the server need the same version.',
  auth_failed: 'Your sign-in was not accepted.',
  policy_denied: 'You are not allowed to use this terminal.',
  allocation_busy: 'This terminal is in use somewhere else.',
  target_unreachable: 'The machine cannot be reached right now.',
  channel_limit: 'Too many shells are open in this terminal.',
  protocol_error: 'The server sent something unreadable.',
  server_overload: 'The server has no room for a terminal now.',
  unknown: 'The shell could not be found again.',
  expired: 'You were away too long and the shell was closed.',
  reused: 'This page can no longer reach its shell.',
  active_elsewhere: 'This terminal is open in another tab.',
  timeout: 'The server did not answer in time.',
  internal_error: 'Something broke on the server.',
  superseded: 'Another tab took over this terminal.',
  backpressure_overflow: 'Output came faster than it could be kept.',
  detach_expired: 'You were away too long and the shell was closed.',
  node_disconnected: 'The machine behind this shell went away.',
  node_identity_rejected: 'The machine could not prove who it is.',
  gateway_restart: 'The service restarted and the shell was lost.',
  not_found: 'This terminal no longer exists.',
  failed: first.failed,
}

function ended(end: End, tries: number): string {
  switch (end.reason) {
    case 'shell_exit':
      return shellExit(end.exit)
    case 'idle_timeout':
      return idle(end.afterMs)
    case 'browser_disconnected':
      return `No connection after ${many(tries, 'try', 'tries')}.`
    default:
      return REASONS[end.reason]
  }
}

function mark({ command, phase, exitCode }: Parameters<Words['commands']['mark']>[0]): string {
  if (phase === 'prompt') return 'Prompt'
  const name = command === '' ? 'Command' : command
  if (phase === 'running') return `${name}, running`
  if (exitCode === null) return `${name}, ended`
  return exitCode === 0 ? `${name}, succeeded` : `${name}, failed, exit ${exitCode}`
}

function commandEnded(exitCode: number | null, durationMs: number | null): string {
  const facts = [exitCode === null ? '' : `exit ${exitCode}`, durationMs === null ? '' : duration(durationMs)]
  return facts.filter((fact) => fact !== '').join(', ') || 'done'
}

function progress(kind: 'normal' | 'error' | 'paused' | 'busy', percent: number | null): string {
  if (kind === 'busy') return 'working'
  const said = { normal: '', error: 'failing', paused: 'paused' }[kind]
  return [percent === null ? '' : `${percent}%`, said].filter((word) => word !== '').join(', ')
}

function whyAsked(why: LinkWhy, text: string): string {
  switch (why) {
    case 'text':
      return text === '' ? 'The text does not show it.' : `The text shows only “${text}”.`
    case 'person':
      return 'What stands before the @ is not the host.'
    case 'letters':
      return 'Its letters can be mistaken for others.'
    case 'mail':
      return 'It opens your mail program.'
    case 'touch':
      return ''
    case 'scheme':
      return 'Only web and mail addresses open.'
    case 'policy':
      return 'Its host is not allowed here.'
  }
}

export const english: Words = {
  panel: first.panel,
  start: {
    loading: first.loading,
    connecting: 'Connecting',
    connectingSlow: 'Connecting takes longer than usual.',
    authenticating: 'Checking your access',
    opening: 'Starting the shell',
    said: 'No connection yet. Trying again.',
    waiting: (n, of, s) => `No connection yet. Try ${n} of ${of} in {${s}} s.`,
    trying: (n, of) => `No connection yet. Trying now, ${n} of ${of}.`,
  },
  ready: {
    said: 'Terminal ready.',
    shell: 'shell',
    connected: (ms) => (ms === null ? 'Connected.' : `Connected. Round trip ${Math.round(ms)} ms`),
    pausedSlow: 'Slow connection. Output is catching up.',
    pausedHidden: 'Catching up on output from the background.',
    bell: 'Bell',
    viewOnly: (typist) => (typist === null ? 'View only.' : `View only. ${typist} is typing.`),
    viewOnlyTyped: 'You can look here, but not type.',
    grid: (cols, rows) => `${cols} × ${rows}`,
    opens: { 'ctrl-click': 'Ctrl-click opens', 'cmd-click': '⌘-click opens', enter: 'Enter opens' },
    commandEnded,
    running: 'running',
    prompt: 'current line',
    progress,
  },
  lost: {
    offline: 'You are offline. The terminal waits for a network.',
    said: 'Connection lost. Reconnecting.',
    waiting: (n, of, s) => `Connection lost. Try ${n} of ${of} in {${s}} s.`,
    trying: (n, of) => `Connection lost. Trying now, ${n} of ${of}.`,
    serverBusy: (n, of, s) => `The server is busy. Try ${n} of ${of} in {${s}} s.`,
    serverBusySaid: 'The server is busy. Trying again.',
    resumed: 'Reconnected. Nothing was lost.',
    resumedGap: (bytes) => `Reconnected. ${size(bytes)} of output is missing.`,
    gapMark: (bytes) => `${size(bytes)} of output is missing here`,
  },
  typing: {
    keysWaiting: (keys) => `${many(keys, 'key', 'keys')} waiting`,
    keysWaitingShort: (keys) => many(keys, 'key', 'keys'),
    heldKept: 'Typing is kept and sent when the connection is back.',
    heldFull: 'Typing is off until the connection is back.',
    notSent: (keys, bytes) =>
      keys > 0
        ? `${many(keys, 'key was', 'keys were')} not sent.`
        : `${size(bytes)} of typing ${bytes === 1 ? 'was' : 'were'} not sent.`,
  },
  find: {
    count: (current, total, more) => `${current} of ${more ? 'more than ' : ''}${total}`,
    none: 'No matches',
    noneSaid: 'No matches.',
    field: 'Find',
    matchCase: 'Match case',
    wholeWord: 'Whole words',
    regex: 'Regular expression',
    previous: 'Previous match',
    next: 'Next match',
    close: 'Close find',
    mistake: 'This expression has a mistake.',
    mistakeShort: 'Mistake',
    tooMuch: 'Look-around and references back are not known.',
    tooMuchShort: 'Not known',
  },
  links: {
    list: 'Links on screen',
    none: 'There are no links on the screen.',
    ask: 'Open this address?',
    copyOnly: 'This address cannot be opened here.',
    why: whyAsked,
    open: 'Open in new tab',
    mail: 'Write a mail',
    copy: 'Copy',
  },
  clipboard: {
    cannotCopy: 'The browser does not let this page copy.',
    cannotPaste: 'Press Ctrl Shift V to paste.',
    cannotPasteMac: 'Press ⌘V to paste.',
    programCopied: 'The program copied text.',
  },
  ended: {
    elsewhere: REASONS.active_elsewhere,
    superseded: REASONS.superseded,
    busy: REASONS.allocation_busy,
    reason: ended,
    failed: REASONS.failed,
  },
  paste: {
    pasting: (sent, of) => `Pasting ${part(sent, of)}`,
    pastingSaid: (of) => `Pasting ${size(of).replace('MB', 'megabytes').replace('KB', 'kilobytes')}.`,
    stopped: (sent, of) => `Stopped. ${part(sent, of)} had already been sent.`,
    ask: (lines) => `Paste ${lines} lines?`,
    askWhy: 'Each line runs as soon as it arrives.',
    hidden: 'Paste text with hidden characters?',
    hiddenWhy: 'They can do things you cannot see.',
    lines: (lines) => `Paste ${lines} lines`,
    joined: 'Join as one line',
    clean: 'Paste without them',
  },
  commands: {
    mark,
    list: 'Commands',
    menu: 'Command',
    copyOutput: 'Copy output',
    copyCommand: 'Copy command',
    selectOutput: 'Select output',
    nextFailed: 'Next failed command',
    percent: (percent) => `${percent} percent.`,
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    find: 'Find in output',
    copy: 'Copy selection',
    paste: 'Paste',
    previous: 'Previous command',
    next: 'Next command',
    page: 'Scroll a page',
    end: 'Jump to the end',
    size: 'Larger or smaller text',
    leave: 'Leave the terminal',
    leaveKeys: 'Esc, then Tab',
    keys: (label) => label,
    text: 'Read output as text',
    details: 'Connection details',
    guide: 'This list',
  },
  more: {
    title: 'More',
    find: 'Find',
    copy: 'Copy',
    paste: 'Paste',
    links: 'Links on screen',
    selectAll: 'Select all',
    clear: 'Clear',
    text: 'Output as text',
    save: 'Save output',
    saveColours: 'Save with colours',
    larger: 'Larger text',
    smaller: 'Smaller text',
    details: 'Connection details',
    guide: 'Keyboard shortcuts',
  },
  touch: {
    row: 'Extra keys',
    left: 'Left',
    up: 'Up',
    down: 'Down',
    right: 'Right',
    pipe: 'Pipe',
    tilde: 'Tilde',
    more: 'More keys',
    back: 'First keys',
    copy: 'Copy',
    ctrlLocked: 'Ctrl locked',
    altLocked: 'Alt locked',
  },
  tabs: tabWords,
  speech: {
    log: 'Terminal output',
    continues: 'Output continues.',
    skipped: (lines) => `${many(lines, 'line was', 'lines were')} not read.`,
    textTitle: 'Output as text',
    command: (command, exitCode) => (exitCode === null ? command : `${command}, exit ${exitCode}`),
    noOutput: 'No output.',
  },
  buttons: {
    cancel: 'Cancel',
    retryNow: 'Retry now',
    tryAgain: first.tryAgain,
    newShell: 'New shell',
    takeOver: 'Take over here',
    signIn: 'Sign in again',
    copyDetails: 'Copy details',
    copyKeys: 'Copy them',
    copied: 'Copied',
    dismiss: 'Dismiss',
    showGap: 'Show gap',
    stop: 'Stop',
    close: 'Close',
  },
}
