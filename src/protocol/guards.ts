/** The door: whatever arrives leaves here as a message of PROTOCOL.md, rebuilt field by field, or as a close code. */
import { CLOSE_CODE } from './closeReasons.ts'
import { parseJson } from './json.ts'
import { CONTROL_LIMIT, CREDIT, MAX_CHANNEL_ID, MAX_FRAME, MAX_INTEGER, SESSION } from './limits.ts'
import { SIGNALS } from './messages.ts'
import type {
  Auth,
  ClientMessage,
  Close,
  ControlMessage,
  Exit,
  Flow,
  Hello,
  HelloOk,
  HelloResume,
  HelloResumeChannel,
  Open,
  OpenErr,
  OpenOk,
  OpenTarget,
  OpenTerm,
  OpenUser,
  Ping,
  Pong,
  Reply,
  Resize,
  ResumeAnswer,
  ResumedChannel,
  ServerMessage,
  SessionGrant,
  Signal,
  TerminalSize,
} from './messages.ts'
import type { Decoded } from './wireProfile.ts'

/** The text of a control message, decoded. Never throws. */
export function parseControl(text: string): Decoded {
  const json = parseJson(text)
  return json.ok ? readControl(json.value) : malformed(json.detail)
}

/** A parsed control message, checked and rebuilt without what the protocol does not name. Never throws. */
export function readControl(value: unknown): Decoded {
  try {
    return readMessage(value)
  } catch {
    // Only a value that did not come from JSON, with a getter or a proxy, gets here.
    return malformed('not readable')
  }
}

/** A data frame, if its stream and channel exist in the protocol. */
export function readData(stream: number, channel: number, payload: Uint8Array<ArrayBuffer>): Decoded {
  if (stream !== 1 && stream !== 2) return malformed('reserved stream')
  if (channelId(channel) === undefined) return malformed('no channel id')
  return { ok: true, frame: { kind: 'data', stream, channel, payload } }
}

export function malformed(detail: string): Decoded {
  return { ok: false, code: CLOSE_CODE.MALFORMED_FRAME, detail }
}

/** True for what a client may send. */
export function isClientMessage(message: ControlMessage): message is ClientMessage {
  return SENT_BY[message.t] !== 'server'
}

/** True for what a server may send. */
export function isServerMessage(message: ControlMessage): message is ServerMessage {
  return SENT_BY[message.t] !== 'client'
}

const SENT_BY: Readonly<Record<ControlMessage['t'], 'client' | 'server' | 'both'>> = {
  hello: 'client',
  hello_ok: 'server',
  open: 'client',
  open_ok: 'server',
  open_err: 'server',
  flow: 'both',
  reply: 'client',
  resize: 'client',
  signal: 'client',
  exit: 'server',
  close: 'both',
  ping: 'both',
  pong: 'both',
}

function readMessage(value: unknown): Decoded {
  const t = isRecord(value) ? own(value, 't') : undefined
  if (typeof t !== 'string') return malformed('no message')
  const read = readers.get(t)
  if (read === undefined) {
    if (t.startsWith('x-')) return { ok: true, frame: { kind: 'ignored' } }
    return { ok: false, code: CLOSE_CODE.UNSUPPORTED_MESSAGE, detail: 'unknown message' }
  }
  const message = read(value)
  if (message !== undefined) return { ok: true, frame: { kind: 'control', message } }
  return { ok: false, code: t === 'hello' ? CLOSE_CODE.BAD_HELLO : CLOSE_CODE.MALFORMED_FRAME, detail: `malformed ${t}` }
}

/** Reads one value; undefined says that it is none of this kind. */
type Reader<T> = (value: unknown) => T | undefined

interface Optional<T> {
  readonly optional: Reader<T>
}

/** One reader for every field of T, and the optional ones marked: a field that is forgotten here does not compile. */
type Shape<T> = { readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Reader<T[K]> }

function object<T extends object>(shape: Shape<T>): Reader<T> {
  const fields = Object.entries<Reader<unknown> | Optional<unknown>>(shape)
  return (value) => {
    if (!isRecord(value)) return undefined
    const built: Record<string, unknown> = {}
    for (const [name, field] of fields) {
      const found = own(value, name)
      if (found === undefined && typeof field !== 'function') continue
      const read = (typeof field === 'function' ? field : field.optional)(found)
      if (read === undefined) return undefined
      built[name] = read
    }
    // The loop has filled exactly the fields that Shape<T> demands, which the compiler cannot follow.
    return built as T
  }
}

function optional<T>(reader: Reader<T>): Optional<T> {
  return { optional: reader }
}

function exactly<const T extends string | number | boolean>(...allowed: readonly T[]): Reader<T> {
  return (value) => allowed.find((one) => one === value)
}

function between(low: number, high: number): Reader<number> {
  // Adding 0 turns -0, which JSON can say, into 0.
  return (value) =>
    Number.isSafeInteger(value) && typeof value === 'number' && value >= low && value <= high ? value + 0 : undefined
}

function arrayOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > CONTROL_LIMIT.members) return undefined
    const built: T[] = []
    for (const item of value) {
      const read = reader(item)
      if (read === undefined) return undefined
      built.push(read)
    }
    return built
  }
}

function either<A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> {
  return (value) => first(value) ?? second(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= CONTROL_LIMIT.stringLength ? value : undefined
}

/** Goes into an emulator: control sequences and what is printable in ASCII, no other control. */
function sequences(value: unknown): string | undefined {
  const isAscii = typeof value === 'string' && value.length <= SESSION.modesLength && /^[\u001b -~]*$/.test(value)
  return isAscii ? value : undefined
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field that the value has by itself: nothing that a prototype could lend is ever read. */
function own(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}

/** Names and values of strings, in an object that inherits nothing. */
function dictionary(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(value)) return undefined
  const built = emptyRecord<string>()
  for (const name of namesOf(value)) {
    const read = text(own(value, name))
    if (read === undefined || text(name) === undefined) return undefined
    built[name] = read
  }
  return built
}

/** Any JSON of bounded size, rebuilt from objects that inherit nothing: what only a backend understands. */
function anything(value: unknown): unknown {
  return rebuild(value, CONTROL_LIMIT.depth, { left: CONTROL_LIMIT.members })
}

function rebuild(value: unknown, depth: number, budget: { left: number }): unknown {
  if (typeof value === 'string') return text(value)
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return value
  if (depth === 0 || budget.left-- <= 0) return undefined
  if (Array.isArray(value)) return rebuildArray(value, depth, budget)
  return isRecord(value) ? rebuildRecord(value, depth, budget) : undefined
}

function rebuildArray(value: readonly unknown[], depth: number, budget: { left: number }): unknown {
  const built: unknown[] = []
  for (const item of value) {
    const read = budget.left-- > 0 ? rebuild(item, depth - 1, budget) : undefined
    if (read === undefined) return undefined
    built.push(read)
  }
  return built
}

function rebuildRecord(value: Readonly<Record<string, unknown>>, depth: number, budget: { left: number }): unknown {
  const built = emptyRecord<unknown>()
  for (const name of namesOf(value)) {
    const read = budget.left-- > 0 ? rebuild(own(value, name), depth - 1, budget) : undefined
    if (read === undefined || text(name) === undefined) return undefined
    built[name] = read
  }
  return built
}

/** `__proto__` is left out: whoever copies the object by assignment would set a prototype with it. */
function namesOf(value: object): readonly string[] {
  return Object.keys(value).filter((name) => name !== '__proto__')
}

function emptyRecord<T>(): Record<string, T> {
  // Object.create is typed `any`; an object with no prototype and no field is an empty record of anything.
  return Object.create(null) as Record<string, T>
}

const integer = between(0, MAX_INTEGER)
const channelId = between(1, MAX_CHANNEL_ID)
/** Columns and rows outside 1 to 1000 are readable, below zero too: the server ignores them with a policy event. */
const side = between(-MAX_INTEGER, MAX_INTEGER)

const auth: Reader<Auth> = either(
  object<Extract<Auth, { scheme: 'bearer' }>>({ scheme: exactly('bearer'), token: text }),
  object<Extract<Auth, { scheme: 'none' }>>({ scheme: exactly('none') }),
)

const helloResume = object<HelloResume>({
  token: optional(text),
  proof: optional(text),
  attempt: optional(integer),
  takeOver: optional(exactly(1)),
  channels: arrayOf(object<HelloResumeChannel>({ id: channelId, received: integer, sent: optional(integer) })),
})

const hello = object<Hello>({
  t: exactly('hello'),
  proto: exactly(1),
  auth: optional(auth),
  caps: object<Hello['caps']>({ profile: text, resume: optional(exactly(1)), clientInfo: optional(text) }),
  resume: optional(helloResume),
})

const resumedChannel = object<ResumedChannel>({
  id: channelId,
  from: integer,
  received: integer,
  answered: integer,
  produced: optional(integer),
  size: optional(object<TerminalSize>({ cols: side, rows: side })),
  modes: optional(sequences),
})

const resumeAnswer = object<ResumeAnswer>({
  accepted: exactly(true),
  session: text,
  warm: flag,
  token: optional(text),
  ttlMs: integer,
  nextChannel: optional(channelId),
  channels: arrayOf(resumedChannel),
})

const helloOk = object<HelloOk>({
  t: exactly('hello_ok'),
  server: text,
  caps: object<HelloOk['caps']>({
    flow: exactly('credit'),
    maxFrame: between(MAX_FRAME.min, MAX_INTEGER),
    profileAccepted: text,
    resume: optional(exactly(1)),
  }),
  proof: optional(text),
  session: optional(object<SessionGrant>({ id: text, token: text, ttlMs: integer })),
  resume: optional(resumeAnswer),
})

const target: Reader<OpenTarget> = either(
  object<Extract<OpenTarget, { allocation: string }>>({ allocation: text }),
  object<Extract<OpenTarget, { host: string }>>({ host: text, port: between(0, 65_535) }),
)

const open = object<Open>({
  t: exactly('open'),
  id: channelId,
  target,
  user: optional(object<OpenUser>({ username: text, auth: optional(anything) })),
  term: optional(object<OpenTerm>({ cols: side, rows: side, env: optional(dictionary) })),
})

const resize = object<Resize>({ t: exactly('resize'), id: channelId, cols: side, rows: side })

/** Every message that there is, by its `t`. A map, so that `constructor` and its like are unknown names. */
const readers: ReadonlyMap<string, Reader<ControlMessage>> = new Map<ControlMessage['t'], Reader<ControlMessage>>([
  ['hello', hello],
  ['hello_ok', helloOk],
  ['open', open],
  ['open_ok', object<OpenOk>({ t: exactly('open_ok'), id: channelId, resumeKey: optional(text), ttlMs: optional(integer) })],
  ['open_err', object<OpenErr>({ t: exactly('open_err'), id: channelId, code: integer, msg: text })],
  [
    'flow',
    object<Flow>({
      t: exactly('flow'),
      id: channelId,
      credit: between(0, CREDIT.max),
      ack: optional(integer),
      hold: optional(exactly(1)),
    }),
  ],
  ['reply', object<Reply>({ t: exactly('reply'), id: channelId, at: integer, input: integer })],
  ['resize', resize],
  ['signal', object<Signal>({ t: exactly('signal'), id: channelId, sig: exactly(...SIGNALS) })],
  ['exit', object<Exit>({ t: exactly('exit'), id: channelId, code: optional(integer), sig: optional(text), at: integer })],
  [
    'close',
    object<Close>({
      t: exactly('close'),
      id: between(0, MAX_CHANNEL_ID),
      reason: optional(text),
      retryMs: optional(integer),
      afterMs: optional(integer),
    }),
  ],
  ['ping', object<Ping>({ t: exactly('ping'), ts: integer })],
  ['pong', object<Pong>({ t: exactly('pong'), ts: integer })],
])
