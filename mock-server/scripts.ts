/** Every script, by name: what can become of a terminal, told in data. */
import type { PlayableScript } from './script.ts'

/** Something to read, then a prompt. */
const SOME_LINES = 'seq 1 5'
/** What a person types to see that the shell is there. */
const says = (word: string) => [
  { does: 'type', text: `echo "${word}"\r` } as const,
  { does: 'read', text: `\x07${word}\r\n` } as const,
]
/** What a person sees of a loss that is made good. */
const comesBack = [
  { does: 'see', phase: 'lost' },
  { does: 'see', phase: 'ready' },
] as const

const list = [
  // Getting there
  {
    name: 'happy-path',
    sentence: 'The shell is there at once and everything works.',
    person: [{ does: 'see', phase: 'ready' }, ...says('hello')],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'slow-handshake',
    sentence: 'The server takes three seconds to let somebody in.',
    helloDelayMs: 3000,
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'token-slow',
    sentence: 'The token endpoint takes seven seconds to answer.',
    tokens: 7000,
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'token-refused',
    sentence: 'The token endpoint says that this person may not.',
    server: { verdicts: { mint: 'policy_denied' } },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'policy_denied' },
  },
  {
    name: 'token-expired',
    sentence: 'The token is too old when it arrives, as after a long sleep of the machine.',
    server: { limits: { tokenTtlMs: 1 } },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'auth_failed' },
  },
  {
    name: 'token-unreachable',
    sentence: 'Nobody answers at the token endpoint for two seconds, then it is back.',
    tokens: 'unreachable',
    steps: [{ on: 'token', nth: 1, after: 2000, act: [{ do: 'tokens', are: 'core' }] }],
    goes: ['starting', 'lost', 'starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'token-silent',
    sentence: 'The token endpoint takes the first request and says nothing.',
    tokens: 'silent',
    steps: [{ on: 'token', nth: 1, after: 5000, act: [{ do: 'tokens', are: 'core' }] }],
    goes: ['starting', 'lost', 'starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'token-garbage',
    sentence: 'The token endpoint answers with a page for people, as some proxies do.',
    tokens: 'garbage',
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'failed' },
  },
  {
    name: 'token-rate-limited',
    sentence: 'Too many tokens were asked for: the endpoint names a wait, and the page keeps it.',
    server: { limits: { mint: { perSecond: 0.2, burst: 1 } } },
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'end-program', exit: { code: 0 } }] }],
    person: [{ does: 'see', phase: 'ended' }, { does: 'restart' }, { does: 'see', phase: 'ready' }],
    goes: ['starting', 'ready', 'ended', 'starting', 'lost', 'starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'sign-in-refused',
    sentence: 'Nobody is signed in any more.',
    server: { verdicts: { mint: 'auth_failed' } },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'auth_failed' },
  },
  {
    name: 'not-found',
    sentence: 'There is no such terminal.',
    server: { verdicts: { mint: 'not_found' } },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'not_found' },
  },
  {
    name: 'origin-refused',
    sentence: 'The page comes from an origin that the server does not know.',
    server: { onlyOrigin: 'https://elsewhere.example' },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'policy_denied' },
  },
  {
    name: 'connect-refused',
    sentence: 'Tokens come, sockets do not: after ten tries the page gives up.',
    everyConnection: { refuse: 'unreachable' },
    goes: ['starting', 'lost', 'ended'],
    ends: { phase: 'ended', reason: 'browser_disconnected' },
  },
  {
    name: 'connect-hangs',
    sentence: 'The first try to connect meets silence, the second goes through.',
    connections: [{ refuse: 'hang' }],
    goes: ['starting', 'lost', 'starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'shell-never-starts',
    sentence: 'The server lets somebody in, and the program never comes.',
    program: { start: 'never' },
    person: [{ does: 'wait', ms: 12_000 }],
    goes: ['starting'],
    ends: { phase: 'starting' },
  },
  {
    name: 'target-unreachable',
    sentence: 'The machine behind the terminal does not answer.',
    program: { start: 'target_unreachable' },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'target_unreachable' },
  },
  {
    name: 'target-refused',
    sentence: 'This person may not open this machine.',
    program: { start: 'policy_denied' },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'policy_denied' },
  },
  {
    name: 'internal-error',
    sentence: 'The program cannot be started because something broke on the server.',
    program: { start: 'internal_error' },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'internal_error' },
  },
  {
    name: 'channel-limit',
    sentence: 'The server has no room for one more terminal of this person.',
    server: { limits: { maxChannels: 0 } },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'channel_limit' },
  },
  {
    name: 'unsupported-profile',
    sentence: 'The server speaks another wire profile than the page.',
    server: { profiles: ['lenpfx.v1'] },
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'unsupported_profile' },
  },
  {
    name: 'server-busy',
    sentence: 'The server has no room and names a wait of four seconds; then it has.',
    server: { limits: { maxSessions: 0, retryMs: 4000 } },
    steps: [{ on: 'connection', nth: 1, after: 3000, act: [{ do: 'restart', how: 'crash', server: {} }] }],
    goes: ['starting', 'lost', 'starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'server-overloaded',
    sentence: 'The server has too many connections and turns every further one away.',
    server: { limits: { maxConnections: 0 } },
    goes: ['starting', 'lost', 'ended'],
    ends: { phase: 'ended', reason: 'browser_disconnected' },
  },

  // Losing the connection and coming back
  {
    name: 'cut-at-byte',
    sentence: 'The first connection breaks after exactly 1200 bytes towards the page, in the middle of the output.',
    program: { run: 'seq 1 200' },
    connections: [{ cuts: [{ direction: 'down', after: 1200 }] }],
    person: [...comesBack, { does: 'read', text: '\n200\r\n' }],
    goes: ['starting', 'ready', 'lost', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'cut-often',
    sentence: 'The connection breaks every three seconds, five times, while a program prints.',
    program: { run: 'progress' },
    steps: [{ on: 'ready', nth: 1, after: 900, every: 3000, times: 5, act: [{ do: 'drop' }] }],
    person: [
      { does: 'read', text: 'installing tea 100%' },
      { does: 'wait', ms: 12_000 },
    ],
    goes: ['starting', 'ready', 'lost', 'ready', 'lost', 'ready', 'lost', 'ready', 'lost', 'ready', 'lost', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'cut-while-typing',
    sentence: 'The connection breaks between two keys; the second one waits for two seconds and arrives.',
    steps: [
      { on: 'typed', text: 'a', act: [{ do: 'cut' }] },
      { on: 'typed', text: 'a', after: 2000, act: [{ do: 'mend' }] },
    ],
    person: [
      { does: 'see', phase: 'ready' },
      { does: 'type', text: 'a' },
      { does: 'see', phase: 'lost' },
      { does: 'type', text: 'b' },
      { does: 'see', phase: 'ready' },
      { does: 'read', text: 'ab' },
    ],
    goes: ['starting', 'ready', 'lost', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'cut-for-long',
    sentence: 'The connection breaks and stays away: typing is refused after ten seconds, the page gives up.',
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'cut' }] }],
    person: [
      { does: 'see', phase: 'lost' },
      { does: 'type', text: 'never sent' },
    ],
    goes: ['starting', 'ready', 'lost', 'ended'],
    ends: { phase: 'ended', reason: 'browser_disconnected' },
  },
  {
    name: 'offline',
    sentence: 'The browser has no network for five seconds and says so.',
    program: { run: SOME_LINES },
    steps: [
      { on: 'ready', nth: 1, after: 1000, act: [{ do: 'cut' }] },
      { on: 'ready', nth: 1, after: 6000, act: [{ do: 'mend' }] },
    ],
    person: [
      { does: 'see', phase: 'ready' },
      { does: 'wait', ms: 1100 },
      { does: 'go-offline' },
      { does: 'wait', ms: 6000 },
      { does: 'go-online' },
      { does: 'see', phase: 'ready' },
      ...says('back'),
    ],
    goes: ['starting', 'ready', 'lost', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'hidden-page',
    sentence: 'A program prints much while nobody looks at the page, and the page catches up.',
    program: { run: 'sleep 0.5 && seq 1 60000' },
    line: { latencyMs: 20, bytesPerSecond: 1_000_000 },
    person: [
      { does: 'see', phase: 'ready' },
      { does: 'hide' },
      { does: 'wait', ms: 3000 },
      { does: 'show' },
      { does: 'read', text: '\n60000\r\n' },
    ],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'half-open',
    sentence: 'The line goes dead and neither end is told: the page finds out while somebody types.',
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'drop', unnoticedBy: 'both' }] }],
    person: [{ does: 'see', phase: 'ready' }, { does: 'wait', ms: 1000 }, { does: 'type', text: 'x' }, ...comesBack],
    goes: ['starting', 'ready', 'lost', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'stalled',
    sentence: 'The network swallows everything for thirty seconds and then lets it through.',
    program: { run: SOME_LINES },
    steps: [
      { on: 'ready', nth: 1, after: 500, act: [{ do: 'stall' }] },
      { on: 'ready', nth: 1, after: 30_500, act: [{ do: 'mend' }] },
    ],
    person: [{ does: 'see', phase: 'ready' }, { does: 'wait', ms: 32_000 }, ...says('there')],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'resume-accepted',
    sentence: 'The connection breaks once, and the page goes on where it was.',
    program: { run: SOME_LINES },
    steps: [{ on: 'ready', nth: 1, after: 1000, act: [{ do: 'drop' }] }],
    person: [...comesBack, ...says('still here')],
    goes: ['starting', 'ready', 'lost', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'resume-with-gap',
    sentence: 'The connection breaks, and 12 000 bytes of output are gone when the page is back.',
    program: { run: 'sleep 1 && seq 1 20000' },
    hellos: [{ nth: 2, bend: { claimMore: 12_000 } }],
    steps: [
      { on: 'ready', nth: 1, after: 900, act: [{ do: 'cut' }] },
      { on: 'ready', nth: 1, after: 2000, act: [{ do: 'mend' }] },
    ],
    person: [...comesBack, { does: 'read', text: '\n20000\r\n' }],
    goes: ['starting', 'ready', 'lost', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'resume-cold',
    sentence: 'The page is loaded again and shows the same terminal.',
    program: { run: SOME_LINES },
    person: [
      { does: 'read', text: '\n5\r\n' },
      { does: 'reload' },
      { does: 'see', phase: 'ready' },
      { does: 'read', text: '\n5\r\n' },
    ],
    goes: ['starting', 'ready', 'starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'resume-expired',
    sentence: 'The page comes back when its session is over.',
    server: { limits: { ttlMs: 90_000 } },
    steps: [
      { on: 'ready', nth: 1, after: 500, act: [{ do: 'cut' }] },
      { on: 'ready', nth: 1, after: 95_000, act: [{ do: 'mend' }] },
    ],
    person: [{ does: 'see', phase: 'lost' }, { does: 'go-offline' }, { does: 'wait', ms: 100_000 }, { does: 'go-online' }],
    goes: ['starting', 'ready', 'lost', 'ended'],
    ends: { phase: 'ended', reason: 'expired' },
  },
  {
    name: 'resume-unknown',
    sentence: 'The server crashes, and the one that takes over knows nothing of the session.',
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'restart', how: 'crash' }] }],
    goes: ['starting', 'ready', 'lost', 'ended'],
    ends: { phase: 'ended', reason: 'unknown' },
  },
  {
    name: 'resume-reused',
    sentence: 'The page comes back with a secret that was used before, as after a theft.',
    hellos: [{ nth: 2, bend: { proof: 'wrong' } }],
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'drop' }] }],
    goes: ['starting', 'ready', 'lost', 'ended'],
    ends: { phase: 'ended', reason: 'reused' },
  },
  {
    name: 'resume-active-elsewhere',
    sentence: 'The page comes back, and another page with the same session is alive.',
    answersChallenges: true,
    hellos: [{ nth: 2, bend: { proof: 'missing' } }],
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'drop', unnoticedBy: 'server' }] }],
    goes: ['starting', 'ready', 'lost', 'elsewhere'],
    ends: { phase: 'elsewhere', how: 'active' },
  },
  {
    name: 'slow-network',
    sentence: 'Every message takes 150 to 350 ms, and 32 KB a second fit through the line.',
    line: { latencyMs: 150, jitterMs: 200, bytesPerSecond: 32_000 },
    program: { run: 'seq 1 20000' },
    person: [{ does: 'read', text: '\n20000\r\n' }, ...says('done')],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },

  // Who has the terminal
  {
    name: 'allocation-busy',
    sentence: 'Another person has the terminal.',
    steps: [{ on: 'start', act: [{ do: 'visit', as: 'another-person' }] }],
    goes: ['starting', 'elsewhere'],
    ends: { phase: 'elsewhere', how: 'busy' },
  },
  {
    name: 'open-elsewhere',
    sentence: 'The same person has the terminal open in another place, and takes it over here.',
    steps: [{ on: 'start', act: [{ do: 'visit', as: 'same-person' }] }],
    person: [{ does: 'see', phase: 'elsewhere' }, { does: 'take-over' }, { does: 'see', phase: 'ready' }],
    goes: ['starting', 'elsewhere', 'starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'taken-over',
    sentence: 'The same person takes the terminal over in another place.',
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'visit', as: 'same-person', takeOver: true }] }],
    goes: ['starting', 'ready', 'elsewhere'],
    ends: { phase: 'elsewhere', how: 'superseded' },
  },
  {
    name: 'duplicated-tab',
    sentence: 'The tab is duplicated: the copy says that the terminal is open in another tab, and takes it over.',
    program: { run: SOME_LINES },
    person: [
      { does: 'see', phase: 'ready' },
      { does: 'duplicate-tab' },
      { does: 'see', phase: 'elsewhere' },
      { does: 'take-over' },
      { does: 'see', phase: 'ready' },
    ],
    goes: ['starting', 'ready', 'elsewhere', 'starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'access-revoked',
    sentence: 'The right to the terminal is taken away while somebody uses it.',
    program: { run: SOME_LINES },
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'revoke' }] }],
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'policy_denied' },
  },
  {
    name: 'access-lost-while-away',
    sentence: 'The connection breaks, and when the page is back its sign-in is over.',
    steps: [
      {
        on: 'ready',
        nth: 1,
        after: 500,
        act: [{ do: 'verdicts', are: { mint: 'auth_failed', resume: 'auth_failed' } }, { do: 'drop' }],
      },
    ],
    goes: ['starting', 'ready', 'lost', 'ended'],
    ends: { phase: 'ended', reason: 'auth_failed' },
  },

  // Much output
  {
    name: 'flood',
    sentence: 'A program prints for ever; Ctrl-C still stops it.',
    program: { run: 'yes "and the tea is never cold"', chunkBytes: 16_384 },
    line: { latencyMs: 20, bytesPerSecond: 2_000_000 },
    person: [
      { does: 'read', text: 'never cold' },
      { does: 'wait', ms: 500 },
      { does: 'type', text: '\x03' },
      { does: 'read', text: '^C' },
      ...says('quiet'),
    ],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'back-pressure-overflow',
    sentence: 'A producer that cannot be paused prints more than can be kept for a page that is away.',
    program: { run: 'sleep 1 && yes', unpausable: true, chunkBytes: 65_536 },
    server: { limits: { replayBytes: 262_144, overrunBytes: 65_536 } },
    steps: [
      { on: 'ready', nth: 1, after: 500, act: [{ do: 'stall', direction: 'down' }] },
      { on: 'ready', nth: 1, after: 2500, act: [{ do: 'mend' }] },
    ],
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'backpressure_overflow' },
  },

  // How it ends
  {
    name: 'exit-with-code',
    sentence: 'The shell exits with code 3.',
    program: { run: 'echo bye && sleep 0.5 && exit 3' },
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'shell_exit' },
  },
  {
    name: 'exit-with-signal',
    sentence: 'The shell is stopped by the signal TERM.',
    program: { run: SOME_LINES },
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'end-program', exit: { sig: 'TERM' } }] }],
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'shell_exit' },
  },
  {
    name: 'closed-by-person',
    sentence: 'The person closes the terminal.',
    person: [{ does: 'see', phase: 'ready' }, { does: 'wait', ms: 100 }, { does: 'disconnect' }],
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'user_closed' },
  },
  {
    name: 'idle-timeout',
    sentence: 'Nobody does anything for two seconds, which is all that this server allows.',
    server: { limits: { idleMs: 2000 } },
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'idle_timeout' },
  },
  {
    name: 'detach-expired',
    sentence: 'The server says that the shell was closed because its person was away.',
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'close', code: 4018, reason: 'detach_expired' }] }],
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'detach_expired' },
  },
  {
    name: 'server-restart',
    sentence: 'The service restarts and says so; the shell is lost, and a new one can be had.',
    program: { run: SOME_LINES },
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'restart', how: 'graceful' }] }],
    person: [{ does: 'see', phase: 'ended' }],
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'gateway_restart' },
  },
  {
    name: 'node-disconnected',
    sentence: 'The machine behind the shell goes away.',
    program: { run: SOME_LINES },
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'close', code: 4018, reason: 'node_disconnected' }] }],
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'node_disconnected' },
  },
  {
    name: 'node-identity-rejected',
    sentence: 'The machine behind the shell cannot prove who it is.',
    steps: [{ on: 'connection', nth: 1, after: 1, act: [{ do: 'close', code: 4018, reason: 'node_identity_rejected' }] }],
    goes: ['starting', 'ended'],
    ends: { phase: 'ended', reason: 'node_identity_rejected' },
  },
  {
    name: 'cancelled',
    sentence: 'The server calls the terminal off.',
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'close', code: 4000, reason: 'cancelled' }] }],
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'cancelled' },
  },
  {
    name: 'timed-out',
    sentence: 'The server closes the connection because it heard nothing for too long; the page is back at once.',
    program: { run: SOME_LINES },
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'close', code: 4012, reason: 'timeout' }] }],
    person: [...comesBack],
    goes: ['starting', 'ready', 'lost', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'malformed-frame',
    sentence: 'The server says something that nobody can read.',
    program: { run: SOME_LINES },
    steps: [{ on: 'ready', nth: 1, after: 500, act: [{ do: 'say', text: '{"t":"flow","id":' }] }],
    goes: ['starting', 'ready', 'ended'],
    ends: { phase: 'ended', reason: 'protocol_error' },
  },

  // What programs do
  {
    name: 'hostile-output',
    sentence: 'A program wants the clipboard, another title, a click on a false link, answers, and the screen.',
    program: { run: 'cat ~/downloads/hostile.txt' },
    person: [{ does: 'read', text: 'And it wiped the screen.' }],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'colours',
    sentence: 'A program shows 16, 256 and all colours.',
    program: { run: 'colours' },
    person: [{ does: 'read', text: 'struck' }],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'full-screen',
    sentence: 'A program fills the screen, draws itself again when the size changes, and gives the screen back.',
    program: { run: 'full' },
    person: [
      { does: 'read', text: '80 × 24' },
      { does: 'resize', cols: 60, rows: 20 },
      { does: 'read', text: '60 × 20' },
      { does: 'type', text: 'q' },
      { does: 'read', text: '\x1b[?1049l' },
    ],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'progress',
    sentence: 'A program says how far it is, from nothing to all of it.',
    program: { run: 'progress' },
    person: [{ does: 'read', text: '\x1b]9;4;0\x07' }],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'progress-kinds',
    sentence: 'Programs fail, work without a number, and pause, and say so.',
    program: { run: 'progress error 68 && sleep 3 && progress busy && sleep 3 && progress paused 68 && sleep 3' },
    person: [{ does: 'read', text: '\x1b]9;4;4;68\x07' }],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'links',
    sentence: 'A program prints a link that is what it says, and one that is not.',
    program: { run: 'link https://example.com/docs && link https://evil.example/login https://bank.example/login' },
    person: [{ does: 'read', text: 'bank.example' }],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'wide-characters',
    sentence: 'A program prints wide characters, accents and emoji.',
    program: { run: 'wide && cd ~ && ls' },
    person: [{ does: 'read', text: 'お茶.txt' }],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'command-marks',
    sentence: 'Three commands run, one of them fails, and the shell marks where each begins and ends.',
    steps: [
      {
        on: 'ready',
        nth: 1,
        after: 300,
        act: [
          { do: 'type', text: 'seq 1 3\r' },
          { do: 'type', text: 'cat nothing\r' },
          { do: 'type', text: 'cat README.md\r' },
        ],
      },
    ],
    person: [{ does: 'read', text: 'Sells tea.' }],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'bell',
    sentence: 'A program rings when it is done.',
    program: { run: 'sleep 1 && bell' },
    person: [{ does: 'read', text: '\x07' }],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'asks-terminal',
    sentence: 'A program asks the terminal who it is and where its cursor is, and prints the answers.',
    program: { run: 'query' },
    person: [
      { does: 'read', text: '\x1b[6n' },
      { does: 'type', text: '\x1b[?1;2c\x1b[1;1R' },
      { does: 'read', text: 'ESC [1;1R' },
    ],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
  {
    name: 'bracketed-paste',
    sentence: 'A program asks for bracketed pastes, so several lines arrive as one.',
    program: { run: 'paste on' },
    person: [
      { does: 'read', text: '\x1b[?2004h' },
      { does: 'type', text: '\x1b[200~echo one\recho two\x1b[201~\r' },
      { does: 'read', text: '\x07one\r\ntwo\r\n' },
    ],
    goes: ['starting', 'ready'],
    ends: { phase: 'ready' },
  },
] as const satisfies readonly PlayableScript[]

export type ScriptName = (typeof list)[number]['name']

export const scripts: readonly (PlayableScript & { readonly name: ScriptName })[] = list

/** The script of this name. Throws a sentence that names the near ones. */
export function scriptNamed(name: string): PlayableScript {
  const found = scripts.find((script) => script.name === name)
  if (found === undefined) throw new Error(`There is no script called "${name}". ${hint(name)}`)
  return found
}

function hint(name: string): string {
  const near = nearNames(name)
  return `${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}\`npm run mock-server -- --list\` names them all.`
}

/** Up to three names that look like it, the nearest first. */
export function nearNames(name: string): readonly ScriptName[] {
  const wanted = name.toLowerCase()
  return scripts
    .map((script) => ({
      name: script.name,
      far: Math.min(...likenesses(script.name, wanted).map((part) => distance(wanted, part))),
    }))
    .filter(({ name, far }) => far <= wanted.length / 3 || (wanted.length > 2 && name.includes(wanted)))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** What somebody may have meant by a few letters: all of it, its beginning, or one word of it. */
function likenesses(name: string, wanted: string): readonly string[] {
  return [name, name.slice(0, wanted.length), ...name.split('-')]
}

/** Letters to add, remove or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[b.length] ?? 0
}
