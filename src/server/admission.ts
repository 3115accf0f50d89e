/** From a hello to a session: who this is, whether they may, and whether it is a new session, an old one or none. */
import { CLOSE_CODE, closeReasons, type CloseReason } from '../protocol/closeReasons.ts'
import type { Hello, HelloResume } from '../protocol/messages.ts'
import { sessionOf, type Authority, type FreshSecrets, type Grant } from './authority.ts'
import type { ConnectionRunner } from './connectionRunner.ts'
import { nameOf, type EventFields } from './events.ts'
import { after, both, when } from './maybePromise.ts'
import type { AuthorizeRequest, Verdict } from './options.ts'
import type { Clock, MaybePromise } from './ports.ts'
import { holdsAllocation, objection, type ResumeRequest } from './session.ts'
import type { SessionIdentity, SessionRunner } from './sessionRunner.ts'

/** What an admission needs from the server. */
export interface AdmissionDesk {
  readonly authority: Authority
  readonly authorize: (request: AuthorizeRequest) => MaybePromise<Verdict>
  readonly clock: Clock
  readonly authorizeMs: number
  readonly note: (bus: 'policy' | 'diagnostic', code: string, fields: EventFields) => void
  readonly session: (id: string) => SessionRunner | undefined
  /** The session that has the allocation, whether it still needs it or not. */
  readonly holder: (allocation: string) => SessionRunner | undefined
  /** A session of this name has been, and is over. */
  readonly isOver: (id: string) => boolean
  /** A new session that holds its allocation, or null where there is no room for one more. */
  readonly found: (identity: SessionIdentity) => SessionRunner | null
  /** Counts the connection as this person's; false where they have too many. */
  readonly claim: (connection: ConnectionRunner, principal: string) => boolean
}

export function admit(desk: AdmissionDesk, connection: ConnectionRunner, hello: Hello): void {
  const { resume, caps } = hello
  const timeout = desk.clock.after(desk.authorizeMs, () => connection.disconnect(CLOSE_CODE.TIMEOUT, 'timeout'))
  const admission: Admission = { desk, connection, plain: caps.resume !== 1, done: timeout }
  // A plain peer has no sessions to come back to.
  if (resume === undefined || admission.plain) return byToken(admission, hello, false)
  if (resume.takeOver === 1) return byToken(admission, hello, true)
  bySession(admission, resume)
}

interface Admission {
  readonly desk: AdmissionDesk
  readonly connection: ConnectionRunner
  readonly plain: boolean
  /** Called once the host has answered. */
  readonly done: () => void
}

function refuse({ desk, connection, done }: Admission, code: string, reason: CloseReason): void {
  done()
  desk.note('policy', code, { connection: connection.state.number, allocation: connection.request.allocation, reason })
  connection.disconnect(closeReasons[reason], reason)
}

/** The host threw, or an own port did. The client may try again. */
function broke(admission: Admission, error: unknown): void {
  admission.desk.note('diagnostic', 'admission_failed', { error: nameOf(error) })
  refuse(admission, 'admission_failed', 'internal_error')
}

// With a one-time token: a new session, or somebody's that is taken over

function byToken(admission: Admission, { auth }: Hello, takeOver: boolean): void {
  const { desk } = admission
  if (auth?.scheme !== 'bearer') return refuse(admission, 'no_token', 'auth_failed')
  const { token } = auth
  when(
    () => desk.authority.take(token),
    (grant) => withGrant(admission, grant, takeOver),
    (error) => broke(admission, error),
  )
}

function withGrant(admission: Admission, grant: Grant | null, takeOver: boolean): void {
  const { desk, connection } = admission
  const { allocation, origin } = connection.request
  if (grant === null) return refuse(admission, 'token_refused', 'auth_failed')
  if (grant.allocation !== allocation || grant.origin !== origin) return refuse(admission, 'token_misplaced', 'policy_denied')
  if (takeOver && !grant.takeOver) return refuse(admission, 'take_over_refused', 'policy_denied')
  const id = desk.authority.sessionId()
  const { principal } = grant
  when(
    () => both(desk.authorize({ principal, allocation, origin, purpose: 'attach' }), prepare(admission, id)),
    ([verdict]) => attach(admission, { id, allocation, principal, origin }, verdict, takeOver),
    (error) => broke(admission, error),
  )
}

/** Makes the secrets before the decision, so that the decision and what follows from it are one step. */
function prepare({ desk, connection }: Admission, session: string): MaybePromise<void> {
  return after(desk.authority.secrets(session), (secrets) => {
    connection.secrets = secrets
  })
}

/** No step here waits: of two hellos for one allocation exactly one finds it free. */
function attach(admission: Admission, identity: SessionIdentity, verdict: Verdict, takeOver: boolean): void {
  const { desk, connection } = admission
  if (!isAllowed(admission, verdict) || !claimed(admission, identity.principal.id)) return
  const holder = desk.holder(identity.allocation)
  if (holder === undefined || !holdsAllocation(holder.state)) return begin(admission, identity)
  if (!takeOver) return refuse(admission, 'allocation_busy', 'allocation_busy')
  if (holder.identity.principal.id !== identity.principal.id) return refuse(admission, 'take_over_refused', 'policy_denied')
  takeOverFrom(desk, connection, holder)
}

function isAllowed(admission: Admission, verdict: Verdict): boolean {
  admission.done()
  if (!admission.connection.isOpen) return false
  if (verdict === 'allow') return true
  refuse(admission, 'not_authorized', verdict === 'auth_failed' ? 'auth_failed' : 'policy_denied')
  return false
}

function claimed(admission: Admission, principal: string): boolean {
  if (admission.desk.claim(admission.connection, principal)) return true
  refuse(admission, 'connection_cap', 'server_overload')
  return false
}

function begin(admission: Admission, identity: SessionIdentity): void {
  const { desk, connection, plain } = admission
  const { secrets } = connection
  const session = secrets === null ? null : desk.found(identity)
  if (session === null || secrets === null) return refuse(admission, 'session_cap', 'server_overload')
  connection.session = session
  session.happen({ type: 'attach', connection: connection.state.number, plain, issued: secrets.hashes, now: desk.clock.now() })
}

function takeOverFrom(desk: AdmissionDesk, connection: ConnectionRunner, session: SessionRunner): void {
  const id = session.identity.id
  // The prepared secrets name another session.
  when(
    () => desk.authority.secrets(id),
    (secrets) => {
      if (!connection.isOpen) return
      const request = requestOf(desk, connection, secrets, { kind: 'take-over', token: null, proof: null }, null)
      enter(desk, connection, session, secrets, request)
    },
    () => connection.disconnect(CLOSE_CODE.INTERNAL_ERROR, 'internal_error'),
  )
}

// With the token of a session: that session again

type Shown = Pick<ResumeRequest, 'kind' | 'token' | 'proof'>

function bySession(admission: Admission, resume: HelloResume): void {
  const { desk, connection } = admission
  const id = sessionOf(resume.token ?? '')
  const session = id === null ? undefined : desk.session(id)
  if (session === undefined) return refuse(admission, 'resume_refused', id !== null && desk.isOver(id) ? 'expired' : 'unknown')
  const { allocation, origin } = connection.request
  if (session.identity.allocation !== allocation || session.identity.origin !== origin)
    return refuse(admission, 'resume_misplaced', 'unknown')
  when(
    () => both(desk.authority.secrets(session.identity.id), shown(desk, resume)),
    ([secrets, what]) => authorizeResume(admission, session, secrets, what, resume),
    (error) => broke(admission, error),
  )
}

function shown({ authority }: AdmissionDesk, { token = '', proof }: HelloResume): MaybePromise<Shown> {
  return after(both(authority.digest(token), proof === undefined ? null : authority.digest(proof)), ([tokenHash, proofHash]) => {
    return { kind: proof === undefined ? 'cold' : 'warm', token: tokenHash, proof: proofHash }
  })
}

function requestOf(
  { authority }: AdmissionDesk,
  connection: ConnectionRunner,
  secrets: FreshSecrets,
  what: Shown,
  resume: HelloResume | null,
): ResumeRequest {
  const { attempt = null, channels = [] } = resume ?? {}
  return { connection: connection.state.number, ...what, attempt, channels, issued: secrets.hashes, ts: authority.challenge() }
}

function authorizeResume(
  admission: Admission,
  session: SessionRunner,
  secrets: FreshSecrets,
  what: Shown,
  resume: HelloResume,
): void {
  const { desk, connection } = admission
  const request = requestOf(desk, connection, secrets, what, resume)
  const against = objection(session.state, request)
  // The host is not troubled for a token that is worth nothing.
  if (against !== null) return refuse(admission, 'resume_refused', against)
  const { principal, allocation, origin } = session.identity
  session.happen({ type: 'authorising', now: desk.clock.now() })
  const settle = once(() => session.happen({ type: 'authorised', now: desk.clock.now() }))
  const withdrawn = desk.clock.after(desk.authorizeMs, settle)
  when(
    () => desk.authorize({ principal, allocation, origin, purpose: 'resume' }),
    (verdict) => {
      withdrawn()
      settle()
      resumed(admission, session, secrets, request, verdict)
    },
    (error) => {
      withdrawn()
      settle()
      broke(admission, error)
    },
  )
}

function once(callback: () => void): () => void {
  let called = false
  return () => {
    if (!called) callback()
    called = true
  }
}

/** Everything that was true before the host was asked is looked at again by the session itself. */
function resumed(
  admission: Admission,
  session: SessionRunner,
  secrets: FreshSecrets,
  request: ResumeRequest,
  verdict: Verdict,
): void {
  const { desk, connection } = admission
  // Who lost the right loses the session: nobody else could ever reach it.
  if (verdict !== 'allow') session.happen({ type: 'end', reason: verdict === 'auth_failed' ? 'auth_failed' : 'policy_denied' })
  if (!isAllowed(admission, verdict) || !claimed(admission, session.identity.principal.id)) return
  enter(desk, connection, session, secrets, request)
}

function enter(
  desk: AdmissionDesk,
  connection: ConnectionRunner,
  session: SessionRunner,
  secrets: FreshSecrets,
  request: ResumeRequest,
): void {
  connection.secrets = secrets
  connection.session = session
  session.happen({ type: 'resume', request, now: desk.clock.now() })
}
