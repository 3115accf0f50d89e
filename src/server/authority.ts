/** Secrets: one-time tokens that admit once, tokens and proofs that resume a session. Only hashes are ever kept. */
import { ONE_TIME_TOKEN, SESSION } from '../protocol/limits.ts'
import { after, both } from './maybePromise.ts'
import type { MaybePromise, Principal, Random } from './ports.ts'
import type { Issued } from './session.ts'

/** What a one-time token is good for. */
export interface Grant {
  readonly principal: Principal
  readonly allocation: string
  /** The origin of the page that asked for it; null where there was none and that is allowed. */
  readonly origin: string | null
  readonly takeOver: boolean
}

/** Keeps the grants of one-time tokens by the hash of the token. */
export interface TokenStore {
  put(hash: string, grant: Grant, ttlMs: number): MaybePromise<void>
  /** The grant, which is gone with this call; null if there is none or it is too old. Of many calls at once one gets it. */
  take(hash: string): MaybePromise<Grant | null>
}

/** A one-way function of a secret, for instance SHA-256 in hexadecimal. */
export type Digest = (text: string) => MaybePromise<string>

/** The secrets that a connection is given, and their hashes, which the session keeps. */
export interface FreshSecrets {
  readonly token: string
  readonly proof: string
  readonly hashes: Issued
}

export interface Authority {
  mint(grant: Grant): MaybePromise<string>
  take(token: string): MaybePromise<Grant | null>
  digest: Digest
  /** New session id: no secret, but nobody guesses it either. */
  sessionId(): string
  /** A token and a proof for the session. */
  secrets(sessionId: string): MaybePromise<FreshSecrets>
  /** An unguessable integer for a challenge. */
  challenge(): number
}

export interface AuthorityOptions {
  readonly store: TokenStore
  readonly digest: Digest
  readonly random: Random
  readonly tokenTtlMs: number
}

export function createAuthority({ store, digest, random, tokenTtlMs }: AuthorityOptions): Authority {
  const secret = (bytes: number): string => base64url(random.bytes(bytes))
  return {
    mint(grant) {
      const token = secret(2 * ONE_TIME_TOKEN.bytes)
      return after(digest(token), (hash) => after(store.put(hash, grant, tokenTtlMs), () => token))
    },
    take: (token) => after(digest(token), (hash) => store.take(hash)),
    digest,
    sessionId: () => secret(16),
    secrets(sessionId) {
      const token = `${sessionId}.${secret(SESSION.tokenBytes)}`
      const proof = secret(SESSION.tokenBytes)
      return after(both(digest(token), digest(proof)), ([tokenHash, proofHash]) => {
        return { token, proof, hashes: { token: tokenHash, proof: proofHash } }
      })
    },
    challenge() {
      // 48 bits, which every JSON number carries exactly.
      return random.bytes(6).reduce((sum, byte) => sum * 256 + byte, 0)
    },
  }
}

/** The session that a token names; null if it names none. */
export function sessionOf(token: string): string | null {
  const dot = token.indexOf('.')
  return dot > 0 ? token.slice(0, dot) : null
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Base64 for URLs, without padding. */
export function base64url(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 6) {
      bits -= 6
      text += ALPHABET[(held >> bits) & 63]
    }
    held &= 63
  }
  return bits > 0 ? text + ALPHABET[(held << (6 - bits)) & 63] : text
}
