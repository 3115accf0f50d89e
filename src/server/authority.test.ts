/** Tokens and proofs: how they are made, kept as hashes and admit once. */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../testing/virtualClock.ts'
import { base64url, createAuthority, sessionOf, type Grant } from './authority.ts'
import { nodeDigest, nodeRandom } from './runtimes/node.ts'
import { memoryTokenStore } from './stores/memory.ts'

const grant: Grant = { principal: { id: 'ann' }, allocation: 'a', origin: null, takeOver: false }

it('base64url is what everybody calls so', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
    }),
  )
})

describe('secrets', () => {
  const clock = virtualClock()
  const authority = createAuthority({
    store: memoryTokenStore({ clock }),
    digest: nodeDigest,
    random: nodeRandom,
    tokenTtlMs: 30_000,
  })

  it('have 256 random bits, and only their hashes are for the session', async () => {
    const { token, proof, hashes } = await authority.secrets('id')
    expect(sessionOf(token)).toBe('id')
    for (const secret of [token.slice(3), proof]) expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(hashes).toEqual({ token: nodeDigest(token), proof: nodeDigest(proof) })
    expect((await authority.secrets('id')).token).not.toBe(token)
  })

  it('admit once, and not after their time', async () => {
    const token = await authority.mint(grant)
    expect(await authority.take(token)).toEqual(grant)
    expect(await authority.take(token)).toBeNull()
    const late = await authority.mint(grant)
    clock.advance(30_000)
    expect(await authority.take(late)).toBeNull()
  })

  it('name no session when they are none', () => {
    for (const token of ['', '.', '.x', 'abc']) expect(sessionOf(token)).toBeNull()
  })
})

describe('the store in memory', () => {
  it('keeps hashes alone, at most so many, and lets old ones go', () => {
    const clock = virtualClock()
    const store = memoryTokenStore({ clock, capacity: 3 })
    for (const hash of ['a', 'b', 'c', 'd']) void store.put(hash, grant, 1000)
    expect(store.take('a')).toBeNull()
    expect(store.take('d')).toEqual(grant)
    clock.advance(1000)
    void store.put('e', grant, 1000)
    expect(store.take('b')).toBeNull()
    expect(store.take('e')).toEqual(grant)
  })
})
