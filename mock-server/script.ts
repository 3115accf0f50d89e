/** What a script may say: a server, a network, and what happens when. All of it is data, so it plays the same everywhere. */
import type { End, Status } from '../src/client/api.ts'
import type { ServerLimits, Verdict } from '../src/server/options.ts'
import type { ConnectionPlan, Direction } from '../src/testing/simulatedLink.ts'

/** How the line is. */
export interface Line {
  /** One way, in milliseconds. Default 5. */
  readonly latencyMs?: number
  /** Up to this much is added to the latency of each message, by chance from the seed. Messages never overtake. Default 0. */
  readonly jitterMs?: number
  /** Each way. Default: no limit. */
  readonly bytesPerSecond?: number
}

/** What the token endpoint does. `core`: what the real one does. A number of milliseconds: the same, that much later. */
export type TokenMood = 'core' | 'unreachable' | 'silent' | 'garbage' | number

/** What the server is told; the rest are its defaults. */
export interface ServerPlan {
  readonly limits?: Partial<ServerLimits>
  /** Answers of `authorize`. Default: `allow`. */
  readonly verdicts?: Partial<Record<'mint' | 'attach' | 'resume', Verdict>>
  /** The only origin that may connect, instead of the page's own. */
  readonly onlyOrigin?: string
  /** The only wire profiles it speaks. */
  readonly profiles?: readonly string[]
}

/** What the program behind the terminal is. */
export interface ProgramPlan {
  /** A command that the shell runs as if somebody had typed it. */
  readonly run?: string
  /** The program cannot be paused: what nobody reads piles up. */
  readonly unpausable?: boolean
  /** It does not start: for this reason, or nobody knows why. */
  readonly start?: 'target_unreachable' | 'policy_denied' | 'internal_error' | 'never'
  /** Bytes that the shell makes in one turn of the event loop. Default 4096. */
  readonly chunkBytes?: number
}

/** How the saboteur between network and server spoils the nth hello (from 1). */
export interface HelloBend {
  readonly nth: number
  readonly bend:
    /** The client claims to have this many bytes more than it has, so the server leaves them out: a declared gap. */
    | { readonly claimMore: number }
    /** The secret that only a live page has is missing, or is another one. */
    | { readonly proof: 'missing' | 'wrong' }
}

/** What a step does. */
export type Action =
  /** Breaks every connection; the next goes through. `unnoticedBy`: that end hears nothing of it (half-open). */
  | { readonly do: 'drop'; readonly unnoticedBy?: 'client' | 'server' | 'both' }
  /** Breaks every connection, and refuses further ones until `mend`. */
  | { readonly do: 'cut' }
  /** Nothing arrives any more, and nobody is told, until `mend`. */
  | { readonly do: 'stall'; readonly direction?: Direction | 'both' }
  | { readonly do: 'slow'; readonly line: Line }
  /** Ends `cut` and `stall`, and gives the line back as the script began with it. */
  | { readonly do: 'mend' }
  | { readonly do: 'tokens'; readonly are: TokenMood }
  /**
   * `graceful`: sessions are told and end. `crash`: connections break, and another server that knows nothing takes over. `server` is
   * what the next one is told; without it, what the script began with.
   */
  | { readonly do: 'restart'; readonly how: 'graceful' | 'crash'; readonly server?: ServerPlan }
  /** The host takes the right away. */
  | { readonly do: 'revoke' }
  /** Answers of `authorize` from now on. */
  | { readonly do: 'verdicts'; readonly are: NonNullable<ServerPlan['verdicts']> }
  /** The program ends in a way that it did not choose. */
  | { readonly do: 'end-program'; readonly exit: { readonly code?: number; readonly sig?: string } }
  /** Typed into the program, as if by whoever sits there. */
  | { readonly do: 'type'; readonly text: string }
  /** Printed by the program. */
  | { readonly do: 'print'; readonly text: string }
  /** Somebody else opens the terminal: the same person in another place, or another person. */
  | { readonly do: 'visit'; readonly as: 'same-person' | 'another-person'; readonly takeOver?: boolean }
  | { readonly do: 'visitor-leaves' }
  /** The saboteur closes every connection in the server's name. */
  | { readonly do: 'close'; readonly code: number; readonly reason: string; readonly retryMs?: number }
  /** The saboteur says this in the server's name, as a text frame. */
  | { readonly do: 'say'; readonly text: string }

/** When. Counts begin at 1. */
export type Moment =
  /** The first request for a token or connection. The step is done before it is answered. */
  | { readonly on: 'start' }
  /** The nth request for a token. */
  | { readonly on: 'token'; readonly nth: number }
  /** The nth connection that was opened. */
  | { readonly on: 'connection'; readonly nth: number }
  /** The nth time that a client was let in. */
  | { readonly on: 'ready'; readonly nth: number }
  /** This many bytes of output have reached the client, over all connections. */
  | { readonly on: 'output'; readonly bytes: number }
  /** The person has typed this. */
  | { readonly on: 'typed'; readonly text: string }

export type Step = Moment & {
  /** Milliseconds later. Default 0. */
  readonly after?: number
  /** Again after each further so many milliseconds. */
  readonly every?: number
  /** How often in all, with `every`. Default: for ever. */
  readonly times?: number
  readonly act: readonly Action[]
}

/** What the person at the terminal does when a script is played without one. */
export type PersonStep =
  | { readonly does: 'type'; readonly text: string }
  | { readonly does: 'wait'; readonly ms: number }
  /** Waits until the connection is in this phase. */
  | { readonly does: 'see'; readonly phase: 'ready' | 'lost' | 'elsewhere' | 'ended' }
  /** Waits until the output holds this. */
  | { readonly does: 'read'; readonly text: string }
  | { readonly does: 'retry' | 'restart' | 'take-over' | 'disconnect' | 'go-offline' | 'go-online' | 'hide' | 'show' | 'reload' }
  /** From here on the person is in the copy; the older page stays open. */
  | { readonly does: 'duplicate-tab' }
  | { readonly does: 'resize'; readonly cols: number; readonly rows: number }

export type Phase = Status['phase']

/** Where a script leaves its person. */
export type Outcome =
  | { readonly phase: 'ready' }
  | { readonly phase: 'starting' | 'lost' }
  | { readonly phase: 'elsewhere'; readonly how: 'tab' | 'active' | 'busy' | 'superseded' }
  | { readonly phase: 'ended'; readonly reason: End['reason'] }

export interface Script {
  /** kebab-case. */
  readonly name: string
  /** What it shows, in one sentence. */
  readonly sentence: string
  readonly line?: Line
  readonly tokens?: TokenMood
  readonly server?: ServerPlan
  readonly program?: ProgramPlan
  /** What becomes of each try to connect, the first one first; those behind the end of the list go through. */
  readonly connections?: readonly ConnectionPlan[]
  /** What becomes of every further one. */
  readonly everyConnection?: ConnectionPlan
  readonly hellos?: readonly HelloBend[]
  /** The answer to each hello waits this long, in milliseconds. */
  readonly helloDelayMs?: number
  /** The saboteur answers the server's challenge for pages that are gone, so that they seem to live. */
  readonly answersChallenges?: boolean
  readonly steps?: readonly Step[]
  readonly person?: readonly PersonStep[]
  /** Where it ends when it is played with `person`. */
  readonly ends?: Outcome
  /** The phases that its person sees, in order. */
  readonly goes?: readonly Phase[]
}

/** A script that can be played to its end, with nobody at the keyboard but its own person. */
export type PlayableScript = Script & Required<Pick<Script, 'ends' | 'goes'>>
