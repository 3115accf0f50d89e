/** Which origins and upgrades are let in, and which variables a program gets. */
import { describe, expect, it } from 'vitest'
import { FOREIGN_ORIGINS } from '../testing/foreignOrigins.ts'
import { allowedEnv, checkOrigins, DEFAULT_ENV, hasSecretInQuery, isAllocation, isAllowedOrigin } from './policy.ts'
import { checkUpgrade } from './upgrade.ts'

const own = 'https://example.com'

describe('an origin', () => {
  it('is the same one, byte by byte, unless a list says otherwise', () => {
    expect(isAllowedOrigin({}, { origin: own, own })).toBe(true)
    for (const origin of FOREIGN_ORIGINS) expect(isAllowedOrigin({}, { origin, own }), String(origin)).toBe(false)
  })

  it('is on the list, which the own one need not be', () => {
    const policy = { origins: ['https://a.example', 'http://localhost:8080', 'http://[::1]:8080'] }
    for (const origin of policy.origins) expect(isAllowedOrigin(policy, { origin, own })).toBe(true)
    expect(isAllowedOrigin(policy, { origin: own, own })).toBe(false)
  })

  it('may be absent or `null` only by its own flag', () => {
    expect(isAllowedOrigin({ dangerouslyAllowMissingOrigin: true }, { origin: undefined, own })).toBe(true)
    expect(isAllowedOrigin({ dangerouslyAllowMissingOrigin: true }, { origin: 'null', own })).toBe(false)
    expect(isAllowedOrigin({ dangerouslyAllowNullOrigin: true }, { origin: 'null', own })).toBe(true)
    expect(isAllowedOrigin({ dangerouslyAllowNullOrigin: true }, { origin: undefined, own })).toBe(false)
  })

  it('is never the own one where the request does not say what that is', () => {
    expect(isAllowedOrigin({}, { origin: undefined, own: undefined })).toBe(false)
  })

  it('that would never match is refused when the server is made', () => {
    for (const origin of [
      'https://Example.com',
      'https://example.com/',
      'https://example.com:443',
      'http://example.com:80',
      'example.com',
      '*',
      '',
    ]) {
      expect(() => checkOrigins({ origins: [origin] }), origin).toThrow(/is no origin/)
    }
    checkOrigins({
      origins: [own, 'http://localhost:8080', 'http://127.0.0.1', 'http://[::1]:3000', 'app://panel', 'https://example.com:80'],
    })
  })
})

describe('an upgrade', () => {
  const upgrade = (facts: Partial<Parameters<typeof checkUpgrade>[1]>) => {
    const codes: string[] = []
    const verdict = checkUpgrade({}, { path: '/ws/terminal/a', query: '', origin: own, own, ...facts }, (code) =>
      codes.push(code),
    )
    return { verdict, codes }
  }

  it('names its allocation in the path', () => {
    expect(upgrade({ path: '/ws/terminal/box-1' }).verdict).toEqual({ ok: true, allocation: 'box-1', origin: own })
    for (const path of [
      '/ws/terminal/',
      '/ws/terminal/a/b',
      '/ws/terminal/..',
      '/ws/terminal/%2e%2e',
      '/ws/other/a',
      '/',
      '/ws/terminal/a%00',
    ]) {
      expect(upgrade({ path }), path).toEqual({ verdict: { ok: false, status: 404 }, codes: ['no_such_path'] })
    }
  })

  it('of a foreign page is a 403', () => {
    expect(upgrade({ origin: 'https://evil.example' })).toEqual({
      verdict: { ok: false, status: 403 },
      codes: ['origin_refused'],
    })
  })

  it('with a secret in its query is a 400', () => {
    for (const query of ['token=abc', 'a=1&access_token=x', 'AUTH=1', '%74oken=1', 'session=1']) {
      expect(upgrade({ query }), query).toEqual({ verdict: { ok: false, status: 400 }, codes: ['secret_in_query'] })
    }
    expect(hasSecretInQuery('')).toBe(false)
    expect(hasSecretInQuery('v=1&theme=dark')).toBe(false)
  })
})

describe('the environment', () => {
  it('is reduced to the names that are allowed, in number and length bounded', () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`LC_${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i % 26]}${'_'.repeat(i)}`, 'x']),
    )
    expect(Object.keys(allowedEnv(DEFAULT_ENV, many).allowed)).toHaveLength(32)
    expect(allowedEnv(DEFAULT_ENV, { TERM: 'x'.repeat(257), LANG: 'a\0b' })).toEqual({ allowed: {}, refused: ['TERM', 'LANG'] })
    expect(allowedEnv(['EDITOR'], { EDITOR: 'vi', TERM: 'x' })).toEqual({ allowed: { EDITOR: 'vi' }, refused: ['TERM'] })
  })
})

it('an allocation is a plain name of at most 128 characters', () => {
  for (const name of ['a', 'A-1', 'box.2_x', 'a'.repeat(128)]) expect(isAllocation(name)).toBe(true)
  for (const name of ['', '-a', '.', '..', 'a/b', 'a b', 'é', 'a'.repeat(129)]) expect(isAllocation(name)).toBe(false)
})
