/** Every state of the panel, once: the stories, their test and the page of states are made from this table. */
import { type STATES, VARIANTS } from '../../src/react/status/states.ts'

export type State = keyof typeof STATES | (typeof VARIANTS)[keyof typeof VARIANTS][number]

export type Group = 'Start' | 'Pauses' | 'Lost and back' | 'Elsewhere' | 'Ended' | 'Failed' | 'Paste and links' | 'Signs'

export interface Drawn {
  readonly group: Group
  /** When it is there. */
  readonly when: string
  /** It has no picture in the design: the sentence of another state, or a figure that passes. */
  readonly undrawn?: true
}

const end = (when: string): Drawn => ({ group: 'Ended', when })
const further = (when: string): Drawn => ({ group: 'Ended', when, undrawn: true })

export const DRAWN: Readonly<Record<State, Drawn>> = {
  'first-paint': { group: 'Start', when: 'At once, before anything is known' },
  loading: { group: 'Start', when: 'The emulator is on its way for 400 ms' },
  connecting: { group: 'Start', when: 'After 400 ms' },
  'connecting-slow': { group: 'Start', when: 'After 5 s' },
  authenticating: { group: 'Start', when: 'The token endpoint is asked' },
  opening: { group: 'Start', when: 'The server starts the program' },
  ready: { group: 'Start', when: 'The first byte is drawn' },
  'ready-hover': { group: 'Start', when: 'Pointer or focus on the dot' },
  'view-only': { group: 'Start', when: 'The person may look and not type' },

  'paused-slow': { group: 'Pauses', when: 'Output waits behind a slow socket for 1 s' },
  'paused-hidden': { group: 'Pauses', when: 'Back from another tab, and 400 ms are not enough to catch up' },
  offline: { group: 'Pauses', when: 'The browser has said for 1 s that there is no network' },

  'reconnect-wait': { group: 'Lost and back', when: 'After 500 ms without a connection' },
  'reconnect-try': { group: 'Lost and back', when: 'While a try runs' },
  'server-busy': { group: 'Lost and back', when: 'The server names a wait' },
  held: { group: 'Lost and back', when: 'A key is typed meanwhile' },
  'held-masked': { group: 'Lost and back', when: 'The same on a row that echoes nothing' },
  'held-full': { group: 'Lost and back', when: 'After 4 KiB or 10 s of that' },
  'not-sent': { group: 'Lost and back', when: 'The shell is gone, and keys were kept for it' },
  resumed: { group: 'Lost and back', when: 'Back after a loss that was told, for 2 s' },
  'resumed-gap': { group: 'Lost and back', when: 'Back, and output is missing' },

  elsewhere: { group: 'Elsewhere', when: 'Another tab has the terminal' },
  superseded: { group: 'Elsewhere', when: 'Another tab has taken it over' },

  shell_exit: end('The program ended by itself'),
  'shell_exit (137)': end('The same, and not with 0'),
  'shell_exit (signal)': end('A signal ended it'),
  user_closed: end('The person closed it'),
  idle_timeout: end('Nobody did anything for as long as the server allows'),
  detach_expired: end('The page was away for longer than the server keeps a shell'),
  policy_denied: end('The host says no'),
  auth_failed: end('The host does not know the person'),
  allocation_busy: end('Somebody else has it'),
  node_disconnected: end('The machine of the shell is gone'),
  node_identity_rejected: end('The machine could not prove that it is the right one'),
  gateway_restart: end('The service between went down with the shell'),
  protocol_error: end('What the server said cannot be read'),
  backpressure_overflow: end('A program that cannot wait was faster than the page'),
  browser_disconnected: end('The tries are used up'),
  internal_error: end('The server made a mistake'),
  unsupported_profile: end('Page and server have no language in common'),

  unknown: further('The server knows no such shell any more'),
  expired: further('The same, and it knows why: the page was away too long'),
  reused: further('An older page asks for a shell that a newer one has'),
  cancelled: further('The terminal was cancelled before there was a shell'),
  timeout: further('The server does not answer in time, again and again'),
  server_overload: further('The server has no room, again and again'),
  channel_limit: further('The terminal has as many shells as it may'),

  failed: { group: 'Failed', when: 'The emulator or the token request failed' },
  'failed-unreachable': { group: 'Failed', when: 'The machine does not answer' },
  'failed-gone': { group: 'Failed', when: 'The host knows no such terminal' },

  'paste-ask': { group: 'Paste and links', when: 'Several lines are pasted into a program that did not ask for them' },
  'paste-hidden': { group: 'Paste and links', when: 'What is pasted holds characters that nobody sees' },
  'paste-progress': { group: 'Paste and links', when: 'A paste takes longer than 500 ms' },
  'paste-stopped': { group: 'Paste and links', when: 'For 6 s after Stop' },
  'link-ask': { group: 'Paste and links', when: 'A link whose text is not its address' },
  'link-hover': { group: 'Paste and links', when: 'Pointer or focus on a link' },

  search: { group: 'Signs', when: 'Find is open' },
  'search-none': { group: 'Signs', when: 'Find is open, and nothing matches' },
  bell: { group: 'Signs', when: 'The program rings, for 2 s' },
  progress: { group: 'Signs', when: 'The program tells how far it is' },
  'progress-error': { group: 'Signs', when: 'The same, and something went wrong' },
  'progress-paused': { group: 'Signs', when: 'The same, and it waits' },
  'progress-busy': { group: 'Signs', when: 'The program works and cannot tell how far it is' },
  resize: { group: 'Signs', when: 'The host gives the panel another size', undrawn: true },
  clipboard: { group: 'Signs', when: 'A program wants to write to the clipboard', undrawn: true },
  marks: { group: 'Signs', when: 'Pointer or focus on the mark of a command' },
  'marks-menu': { group: 'Signs', when: 'The mark was pressed' },
}

export const states = Object.keys(DRAWN) as readonly State[] // the keys of a Record<State, …>

/** The id that Storybook makes of the story of a state. */
export function storyIdOf(state: State): string {
  return `states-${slug(DRAWN[state].group)}--${slug(state)}`
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

/** What the line shows of a state: the variants of an end share an id, and a sheet leaves the line as it is. */
export function lineOf(state: string): string {
  const [variant] = Object.entries(VARIANTS).find(([, names]) => names.some((name) => name === state)) ?? []
  return variant ?? (SHEETS.includes(state) ? 'ready' : state)
}

const SHEETS: readonly string[] = ['paste-ask', 'paste-hidden', 'link-ask']
