/** The token endpoint as a client meets it: its answers, refusals and headers. */
import { describe, expect, it } from 'vitest'
import { ORIGIN, scriptedBackend, serverBench } from '../testing/serverPeer.ts'
import type { Principal } from './ports.ts'
import { tokenEndpoint, tokenPath, type TokenEndpointOptions, type TokenHttpResponse } from './tokenEndpoint.ts'

const PATH = '/api/v1/allocations/a/terminal-token'

interface Asked {
  method?: string
  path?: string
  query?: string
  body?: string
  headers?: Record<string, string | undefined>
  principal?: Principal | null
}

function site(options: TokenEndpointOptions = {}) {
  const backend = scriptedBackend()
  let verdict: 'allow' | 'policy_denied' | 'not_found' | 'auth_failed' = 'allow'
  const bench = serverBench(backend, { authorize: () => verdict })
  let asked = 0
  function ask({ method = 'POST', path = PATH, query = '', body = '{}', headers = {}, principal = { id: 'ann' } }: Asked = {}) {
    const all: Record<string, string | undefined> = { origin: ORIGIN, 'content-type': 'application/json', ...headers }
    const who = (): Principal | null => {
      asked++
      return principal
    }
    return tokenEndpoint(bench.server, options, {
      method,
      path,
      query,
      body,
      own: ORIGIN,
      header: (name) => all[name],
      principal: who,
    })
  }
  const now = (asking?: Asked): TokenHttpResponse & { json: Record<string, unknown> } => {
    const response = ask(asking)
    if ('then' in response) throw new Error('It had to wait.')
    return { ...response, json: response.body === '' ? {} : JSON.parse(response.body) }
  }
  return { bench, ask, now, asked: () => asked, decide: (next: typeof verdict) => (verdict = next) }
}

describe('the token endpoint', () => {
  it('answers 201 with a token that admits, never to be stored', () => {
    const { bench, now } = site()
    const { status, headers, json } = now()
    expect(status).toBe(201)
    expect(headers['Cache-Control']).toBe('no-store')
    expect(json).toEqual({ token: expect.any(String), expires_at: '2026-01-01T00:00:30.000Z', websocket_url: '/ws/terminal/a' })
    const peer = bench.connect()
    peer.send({ t: 'hello', proto: 1, auth: { scheme: 'bearer', token: String(json['token']) }, caps: { profile: 'nimbus.v1' } })
    expect(peer.last('hello_ok').t).toBe('hello_ok')
  })

  it('names the socket where the host says that it is', () => {
    const { now } = site({ socketUrl: (allocation) => `wss://edge.example/ws/terminal/${allocation}` })
    expect(now().json['websocket_url']).toBe('wss://edge.example/ws/terminal/a')
  })

  it('answers 400 to what is not its JSON, and to a secret in the query', () => {
    const { now } = site()
    const bad = { status: 400, json: { code: 'bad_request' } }
    for (const body of ['', '{', '[]', 'null', '"x"', '{"take_over":1}']) expect(now({ body }), body).toMatchObject(bad)
    expect(now({ headers: { 'content-type': 'text/plain' } })).toMatchObject(bad)
    expect(now({ headers: { 'content-type': undefined } })).toMatchObject(bad)
    expect(now({ query: 'token=x' })).toMatchObject(bad)
    expect(now({ headers: { 'content-type': 'application/json; charset=utf-8' } }).status).toBe(201)
  })

  it('answers 401 to nobody, and 401, 403 and 404 as the host decides', () => {
    const { now, decide } = site()
    expect(now({ principal: null })).toMatchObject({ status: 401, json: { code: 'auth_failed' } })
    for (const [verdict, status] of [
      ['auth_failed', 401],
      ['policy_denied', 403],
      ['not_found', 404],
    ] as const) {
      decide(verdict)
      expect(now()).toMatchObject({ status, json: { code: verdict } })
    }
    expect(now({ path: '/api/v1/allocations/../terminal-token' })).toMatchObject({ status: 404, json: { code: 'not_found' } })
    expect(now({ method: 'GET' })).toMatchObject({ status: 405, headers: { Allow: 'POST' } })
  })

  it('answers 403 to a page of another origin before it asks who that is', () => {
    const { now, asked } = site()
    for (const origin of ['https://evil.example', 'null', undefined]) {
      expect(now({ headers: { origin } })).toMatchObject({ status: 403, json: { code: 'policy_denied' } })
    }
    expect(now({ headers: { origin: undefined, 'sec-fetch-site': 'cross-site' } }).status).toBe(403)
    expect(asked()).toBe(0)
    expect(now({ headers: { origin: undefined, 'sec-fetch-site': 'same-origin' } }).status).toBe(201)
  })

  it('lets a listed page of another origin read the answer', () => {
    const { now } = site({ origins: ['https://app.example'] })
    const headers = { origin: 'https://app.example' }
    expect(now({ headers })).toMatchObject({
      status: 201,
      headers: { 'Access-Control-Allow-Origin': 'https://app.example', Vary: 'Origin' },
    })
    expect(now({ method: 'OPTIONS', headers })).toMatchObject({
      status: 204,
      headers: { 'Access-Control-Allow-Methods': 'POST' },
    })
    expect(now({ method: 'OPTIONS' }).status).toBe(403)
  })

  it('answers 409 with what the challenge found out, not with what a standing socket looks like', async () => {
    const { bench, ask, now } = site()
    const peer = bench.fresh()
    const lively = ask()
    peer.send({ t: 'pong', ts: peer.last('ping').ts })
    const busy = await lively
    expect(busy.status).toBe(409)
    expect(JSON.parse(busy.body)).toEqual({ code: 'allocation_busy', state: 'attached', can_take_over: true })
    const dead = ask()
    bench.clock.advance(2000)
    expect(JSON.parse((await dead).body)).toEqual({ code: 'allocation_busy', state: 'detached', can_take_over: true })
    expect(peer.closed()).toBeNull()
    peer.cut()
    expect(now().json).toEqual({ code: 'allocation_busy', state: 'detached', can_take_over: true })
    expect(now({ principal: { id: 'bob' } }).json).toEqual({ code: 'allocation_busy', state: 'attached', can_take_over: false })
  })

  it('gives the person a token to take over with, and nobody else', () => {
    const { bench, now } = site()
    const peer = bench.fresh()
    const body = '{"take_over":true}'
    expect(now({ body, principal: { id: 'bob' } }).status).toBe(409)
    const token = String(now({ body }).json['token'])
    const taker = bench.connect()
    const resume = { takeOver: 1, channels: [] } as const
    taker.send({ t: 'hello', proto: 1, auth: { scheme: 'bearer', token }, caps: { profile: 'nimbus.v1', resume: 1 }, resume })
    expect(taker.last('hello_ok').resume!.accepted).toBe(true)
    expect(peer.closed()?.code).toBe(4016)
  })

  it('answers 429 with the wait', () => {
    const { now } = site()
    for (let i = 0; i < 20; i++) expect(now().status).toBe(201)
    expect(now()).toMatchObject({ status: 429, headers: { 'Retry-After': '1' }, json: { code: 'rate_limited', retry_ms: 1000 } })
  })
})

it('a token path is of one shape', () => {
  expect(tokenPath(PATH)).toBe('a')
  for (const path of ['/', '/api/v1/allocations/a', '/x/api/v1/allocations/a/terminal-token', `${PATH}/`])
    expect(tokenPath(path)).toBeNull()
})
