/** What the two ends say to each other: the control messages and data frames of PROTOCOL.md, as types. */

/** The WebSocket subprotocol that both ends name in the upgrade. */
export const SUBPROTOCOL = 'nimbus.ssh.v1'
/** The version in `hello.proto`. */
export const PROTO = 1

/** Stream numbers of a data frame. `main` is stdout towards the client and stdin towards the server. */
export const STREAM = { main: 1, stderr: 2 } as const
export type Stream = 1 | 2

export const SIGNALS = ['INT', 'TERM', 'HUP', 'QUIT', 'KILL'] as const
export type SignalName = (typeof SIGNALS)[number]

/** The size of a terminal in character cells, each 1 to 1000. */
export interface TerminalSize {
  readonly cols: number
  readonly rows: number
}

export type Auth = { readonly scheme: 'bearer'; readonly token: string } | { readonly scheme: 'none' }

export interface HelloResumeChannel {
  readonly id: number
  /** Output offset from which the client wants to go on. */
  readonly received: number
  /** Input offset up to which the client has sent. */
  readonly sent?: number
}

export interface HelloResume {
  readonly token?: string
  readonly proof?: string
  readonly attempt?: number
  readonly takeOver?: 1
  readonly channels: readonly HelloResumeChannel[]
}

export interface Hello {
  readonly t: 'hello'
  readonly proto: 1
  readonly auth?: Auth
  readonly caps: { readonly profile: string; readonly resume?: 1; readonly clientInfo?: string }
  readonly resume?: HelloResume
}

export interface SessionGrant {
  readonly id: string
  readonly token: string
  readonly ttlMs: number
}

export interface ResumedChannel {
  readonly id: number
  /** Output offset of the first byte that this socket will carry. */
  readonly from: number
  /** Input offset up to which the session took bytes into its queue. */
  readonly received: number
  /** Output offset below which the program's queries are answered. */
  readonly answered: number
  /** Output offset that the program had reached when the resume was accepted. */
  readonly produced?: number
  readonly size?: TerminalSize
  /** Sequences that bring a new screen into the modes that hold at `from`; they count for no offset. */
  readonly modes?: string
}

export interface ResumeAnswer {
  readonly accepted: true
  readonly session: string
  readonly warm: boolean
  readonly token?: string
  readonly ttlMs: number
  /** The lowest channel id that the session never used. */
  readonly nextChannel?: number
  readonly channels: readonly ResumedChannel[]
}

export interface HelloOk {
  readonly t: 'hello_ok'
  readonly server: string
  readonly caps: { readonly flow: 'credit'; readonly maxFrame: number; readonly profileAccepted: string; readonly resume?: 1 }
  readonly proof?: string
  readonly session?: SessionGrant
  readonly resume?: ResumeAnswer
}

export type OpenTarget = { readonly allocation: string } | { readonly host: string; readonly port: number }

export interface OpenUser {
  readonly username: string
  /** How the user signs in at the target; its shape belongs to the backend. */
  readonly auth?: unknown
}

export interface OpenTerm extends TerminalSize {
  readonly env?: Readonly<Record<string, string>>
}

export interface Open {
  readonly t: 'open'
  readonly id: number
  readonly target: OpenTarget
  readonly user?: OpenUser
  readonly term?: OpenTerm
}

export interface OpenOk {
  readonly t: 'open_ok'
  readonly id: number
  readonly resumeKey?: string
  readonly ttlMs?: number
}

export interface OpenErr {
  readonly t: 'open_err'
  readonly id: number
  /** A close code of section 7. */
  readonly code: number
  readonly msg: string
}

export interface Flow {
  readonly t: 'flow'
  readonly id: number
  /** Bytes added to what the sender may have in flight. */
  readonly credit: number
  /** Absolute offset consumed. Absent only from plain peers. */
  readonly ack?: number
  readonly hold?: 1
}

export interface Reply {
  readonly t: 'reply'
  readonly id: number
  readonly at: number
  readonly input: number
}

export interface Resize extends TerminalSize {
  readonly t: 'resize'
  readonly id: number
}

export interface Signal {
  readonly t: 'signal'
  readonly id: number
  readonly sig: SignalName
}

export interface Exit {
  readonly t: 'exit'
  readonly id: number
  readonly code?: number
  readonly sig?: string
  /** The final output offset of the channel. */
  readonly at: number
}

export interface Close {
  readonly t: 'close'
  /** 0 is the whole connection. */
  readonly id: number
  readonly reason?: string
  readonly retryMs?: number
  readonly afterMs?: number
}

export interface Ping {
  readonly t: 'ping'
  readonly ts: number
}

export interface Pong {
  readonly t: 'pong'
  readonly ts: number
}

export type ClientMessage = Hello | Open | Flow | Reply | Resize | Signal | Close | Ping | Pong
export type ServerMessage = HelloOk | OpenOk | OpenErr | Flow | Exit | Close | Ping | Pong
export type ControlMessage = ClientMessage | ServerMessage

/** One WebSocket message, decoded. */
export type Frame =
  | { readonly kind: 'control'; readonly message: ControlMessage }
  | { readonly kind: 'data'; readonly stream: Stream; readonly channel: number; readonly payload: Uint8Array<ArrayBuffer> }
  /** A message whose `t` starts with `x-`: read and ignored. */
  | { readonly kind: 'ignored' }
