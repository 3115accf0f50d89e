/** How a terminal ends: the one table from which codes, documents and the words on the screen are made. */

/** Close codes of PROTOCOL.md section 7. */
export const CLOSE_CODE = {
  NORMAL: 1000,
  CANCELLED: 4000,
  UNSUPPORTED_PROFILE: 4001,
  BAD_HELLO: 4002,
  AUTH_FAILED: 4003,
  POLICY_DENIED: 4004,
  TARGET_UNREACHABLE: 4005,
  CHANNEL_LIMIT: 4006,
  FLOW_VIOLATION: 4007,
  FRAME_TOO_LARGE: 4008,
  UNSUPPORTED_MESSAGE: 4009,
  SERVER_OVERLOAD: 4010,
  RESUME_FAILED: 4011,
  TIMEOUT: 4012,
  DUPLICATE_CHANNEL_ID: 4013,
  MALFORMED_FRAME: 4014,
  INTERNAL_ERROR: 4015,
  SUPERSEDED: 4016,
  BACKPRESSURE_OVERFLOW: 4017,
  SESSION_ENDED: 4018,
} as const

/** What becomes of the session, of the stored token, and of the client after a close. */
export interface CloseRule {
  readonly session: 'ends' | 'stays' | 'untouched'
  readonly token: 'forget' | 'keep' | 'forget-if-mine'
  /** The client tries again by itself. */
  readonly retry: boolean
}

const ENDS: CloseRule = { session: 'ends', token: 'forget', retry: false }
const STAYS: CloseRule = { session: 'stays', token: 'keep', retry: false }
const RETRIES: CloseRule = { session: 'stays', token: 'keep', retry: true }
const UNTOUCHED: CloseRule = { session: 'untouched', token: 'forget-if-mine', retry: false }

/** The rule of each code that has one by name; the ranges are in {@link closeRule}. */
const RULES: Readonly<Record<number, CloseRule>> = {
  1000: ENDS,
  1001: RETRIES,
  1002: STAYS,
  1003: STAYS,
  1005: RETRIES,
  1006: RETRIES,
  1007: STAYS,
  1008: STAYS,
  1009: STAYS,
  1011: RETRIES,
  1012: RETRIES,
  1013: RETRIES,
  4000: ENDS,
  4001: ENDS,
  4002: ENDS,
  4003: ENDS,
  4004: ENDS,
  4005: ENDS,
  4006: ENDS,
  4007: STAYS,
  4008: STAYS,
  4009: STAYS,
  4010: RETRIES,
  4011: UNTOUCHED,
  4012: RETRIES,
  4013: ENDS,
  4014: STAYS,
  4015: RETRIES,
  4016: UNTOUCHED,
  4017: ENDS,
  4018: ENDS,
  4409: UNTOUCHED,
}

/** What a close with this code means. Unknown codes below 4000 retry, from 4000 on they do not. */
export function closeRule(code: number): CloseRule {
  return RULES[code] ?? (code < 4000 ? RETRIES : STAYS)
}

/** Every reason by name, with the code it travels under. The first reason of a code is what the bare code means. */
export const closeReasons = {
  user_closed: 1000,
  shell_exit: 1000,
  browser_disconnected: 1006,
  cancelled: 4000,
  unsupported_profile: 4001,
  auth_failed: 4003,
  policy_denied: 4004,
  allocation_busy: 4004,
  target_unreachable: 4005,
  channel_limit: 4006,
  protocol_error: 4014,
  server_overload: 4010,
  unknown: 4011,
  expired: 4011,
  reused: 4011,
  active_elsewhere: 4011,
  timeout: 4012,
  internal_error: 4015,
  superseded: 4016,
  backpressure_overflow: 4017,
  detach_expired: 4018,
  idle_timeout: 4018,
  node_disconnected: 4018,
  node_identity_rejected: 4018,
  gateway_restart: 4018,
} as const satisfies Readonly<Record<string, number>>

export type CloseReason = keyof typeof closeReasons

export function isCloseReason(name: unknown): name is CloseReason {
  return typeof name === 'string' && Object.hasOwn(closeReasons, name)
}

const REASON_OF_CODE: ReadonlyMap<number, CloseReason> = new Map(
  // The table's own keys. Of those with one code the first is the reason.
  (Object.keys(closeReasons) as CloseReason[]).reverse().map((reason) => [closeReasons[reason], reason]),
)

/** Codes that are all a breach of the protocol and share its reason. */
const PROTOCOL_ERRORS: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 4002, 4007, 4008, 4009, 4013, 4014])

/** The reason of a close: the name the peer sent if it is one of ours, else what the bare code means. */
export function closeReasonOf(code: number, name?: string): CloseReason {
  if (isCloseReason(name)) return name
  if (PROTOCOL_ERRORS.has(code)) return 'protocol_error'
  if (code === 4409) return 'unknown'
  return REASON_OF_CODE.get(code) ?? (code < 4000 ? 'browser_disconnected' : 'internal_error')
}
