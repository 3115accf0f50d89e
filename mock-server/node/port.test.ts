/** A fake server on a port is a terminal server for real clients, obeys its own machine, and nobody else. */
import { request } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { connect, type Connection } from '../../src/client/index.ts'
import { startMockServer, type StartedMockServer, type StartOptions } from './port.ts'

// Real sockets, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 60_000 })

const started: StartedMockServer[] = []
const connections: Connection[] = []

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.dispose()
  for (const one of started.splice(0)) await one.close()
})

async function start(options: Partial<StartOptions> = {}): Promise<StartedMockServer> {
  const one = await startMockServer({ port: 0, ...options })
  started.push(one)
  return one
}

/** A client that reads all that is printed. */
function open(endpoint: string) {
  const connection = connect({ allocationId: 'box', endpoint, storage: 'none', WebSocket })
  connections.push(connection)
  const channel = connection.open({ size: { cols: 80, rows: 24 } })
  const decoder = new TextDecoder()
  let text = ''
  let heard = (): void => undefined
  channel.on('data', ({ bytes, end }) => {
    text += decoder.decode(bytes, { stream: true })
    channel.consumed(end)
    heard()
  })
  connection.subscribe(() => heard())
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => (heard = resolve))
  }
  return {
    connection,
    channel,
    reads: (words: string) => until(() => text.includes(words)),
    comesTo: (phase: string) => until(() => connection.snapshot().status.phase === phase),
  }
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** With `node:http`, since `fetch` lets nobody choose a host. */
async function ask(url: string, headers: Record<string, string> = {}, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: body === undefined ? 'GET' : 'POST', headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      // The server writes JSON objects, and lists for traces.
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] }))
    })
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const order = (url: string, body: object): Promise<Answer> => ask(`${url}/mock`, { 'Content-Type': 'application/json' }, body)

describe('the terminal', () => {
  it('is there for a real client, and what it did is in the trace', async () => {
    const { url, mock } = await start({ script: 'happy-path' })
    const me = open(url)
    await me.comesTo('ready')
    me.channel.write('echo "tea"\r')
    await me.reads('\x07tea\r\n')
    expect(mock.trace()).toEqual(expect.arrayContaining([expect.objectContaining({ what: 'opened' })]))
    const { body } = await ask(`${url}/mock/trace`)
    expect(JSON.stringify(body)).toBe(JSON.stringify(mock.trace()))
  })

  it('is not there for pages of others, nor under another name of this machine', async () => {
    const { url } = await start({ script: 'happy-path' })
    const path = `${url}/api/v1/allocations/box/terminal-token`
    const json = { 'Content-Type': 'application/json' }
    expect((await ask(path, json, {})).status).toBe(201)
    expect((await ask(path, { ...json, Origin: url }, {})).status).toBe(201)
    expect((await ask(path, { ...json, Origin: 'http://evil.example' }, {})).status).toBe(403)
    expect((await ask(path, { ...json, Host: 'evil.example' }, {})).status).toBe(421)
    expect((await ask(path, { ...json, Host: 'evil.example', Origin: 'http://evil.example' }, {})).status).toBe(421)
  })

  it('is there for pages that were named', async () => {
    const { url, mock } = await start({ script: 'happy-path', origins: ['https://app.example'] })
    const path = `${url}/api/v1/allocations/box/terminal-token`
    const headers = { 'Content-Type': 'application/json', Origin: 'https://app.example' }
    const preflight = await fetch(path, { method: 'OPTIONS', headers: { Origin: 'https://app.example' } })
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(mock.trace()).toEqual([])
    expect((await ask(path, headers, {})).status).toBe(201)
    expect(mock.trace()).toHaveLength(2)
  })

  it('says which script it does not know', async () => {
    // The name is wrong on purpose.
    await expect(startMockServer({ port: 0, script: 'flod' as 'flood' })).rejects.toThrow('Did you mean flood?')
  })
})

describe('orders', () => {
  it('break the connection, which comes back', async () => {
    const { url } = await start({ script: 'happy-path' })
    const me = open(url)
    await me.comesTo('ready')
    const lost = me.comesTo('lost')
    expect(await order(url, { do: 'drop' })).toMatchObject({ status: 200, body: { script: { name: 'happy-path' } } })
    await lost
    await me.comesTo('ready')
  })

  it('choose another script, with another seed', async () => {
    const { url, choose } = await start({ script: 'happy-path' })
    const { body } = await order(url, { do: 'script', name: 'exit-with-code', seed: 7 })
    expect(body).toMatchObject({ script: { name: 'exit-with-code' } })
    // The long lists are for who asks what there is.
    expect(body).not.toHaveProperty('scripts')
    expect((await ask(`${url}/mock`)).body).toMatchObject({ orders: expect.arrayContaining(['cut']), scripts: expect.any(Array) })
    const me = open(url)
    await me.comesTo('ended')
    expect(me.connection.snapshot().status).toMatchObject({ end: { exit: { code: 3 } } })
    expect(choose({ script: 'flood' }).script?.name).toBe('flood')
  })

  it('are refused with a sentence where they make no sense', async () => {
    const { url } = await start()
    expect(await order(url, { do: 'script', name: 'flod' })).toMatchObject({
      status: 400,
      body: { problem: expect.stringContaining('Did you mean flood?') },
    })
    expect(await order(url, { do: 'advance', ms: 5 })).toMatchObject({
      status: 400,
      body: { problem: expect.stringContaining('--virtual') },
    })
    expect(await order(url, { do: 'say', text: 'x'.repeat(9000) })).toMatchObject({ status: 400 })
    expect((await ask(`${url}/elsewhere`)).status).toBe(404)
  })

  it('come from this machine and its own pages alone', async () => {
    const { url } = await start()
    const json = { 'Content-Type': 'application/json' }
    expect((await ask(`${url}/mock`, { ...json, Origin: 'http://evil.example' }, { do: 'cut' })).status).toBe(403)
    expect((await ask(`${url}/mock`, { ...json, Host: 'evil.example' }, { do: 'cut' })).status).toBe(421)
    // What a page can send without being asked first.
    expect((await ask(`${url}/mock`, { 'Content-Type': 'text/plain' }, { do: 'cut' })).status).toBe(415)
    expect((await ask(`${url}/mock`, { ...json, Origin: url }, { do: 'cut' })).status).toBe(200)
  })
})

describe('virtual time', () => {
  it('stands still until it is told to pass', async () => {
    const { url, mock, advance } = await start({ script: 'token-slow', virtual: true })
    const path = `${url}/api/v1/allocations/box/terminal-token`
    let answered = false
    const answer = ask(path, { 'Content-Type': 'application/json' }, {}).then((answer) => {
      answered = true
      return answer
    })
    // Each order is a round trip, in one of which the request arrives.
    while (mock.trace().length === 0) await order(url, { do: 'advance', ms: 0 })
    await order(url, { do: 'advance', ms: 6000 })
    expect(answered).toBe(false)
    await advance(2000)
    expect((await answer).status).toBe(201)
  })
})
