/** Whatever answers as a terminal server does can stand behind the Node runtime, and may take its time about it. */
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { TerminalHost } from '../host.ts'
import type { UpgradeVerdict } from '../upgrade.ts'
import { attachHost, type AttachedHost } from './node.ts'

const ends: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const ALLOWED: UpgradeVerdict = { ok: true, allocation: 'box', origin: null }

/** A host that greets and repeats, behind a real server. */
async function served(own: Partial<TerminalHost> = {}): Promise<{ readonly url: string; readonly attached: AttachedHost }> {
  const server = createServer()
  const host: TerminalHost = {
    answerToken: () => ({ status: 201, headers: {}, body: '{"token":"t"}' }),
    checkUpgrade: () => ALLOWED,
    accept(socket, { allocation }) {
      socket.send(`welcome to ${allocation}`)
      return { message: (message) => socket.send(message), closed: () => undefined, drained: () => undefined }
    },
    maxFrame: 1024,
    close: async () => undefined,
    ...own,
  }
  const attached = attachHost(server, host, { authenticate: () => null })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  let open = true
  const close = async (): Promise<void> => {
    if (!open) return
    open = false
    await attached.close()
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
    })
  }
  ends.push(close)
  const { port } = server.address() as AddressInfo
  return { url: `127.0.0.1:${port}`, attached: { close } }
}

/** The first thing that becomes of a try to connect. */
function tried(url: string): Promise<string> {
  const socket = new WebSocket(`ws://${url}/ws/terminal/box`, 'nimbus.ssh.v1')
  ends.push(async () => socket.terminate())
  return new Promise((resolve) => {
    socket.on('message', (data) => resolve(String(data)))
    socket.on('error', (error) => resolve(error.message))
  })
}

describe('a host behind the Node runtime', () => {
  it('takes sockets, and answers for tokens', async () => {
    const { url } = await served()
    expect(await tried(url)).toBe('welcome to box')
    const response = await fetch(`http://${url}/api/v1/allocations/box/terminal-token`, { method: 'POST', body: '{}' })
    expect(await response.json()).toEqual({ token: 't' })
  })

  it('may take its time for a verdict', async () => {
    let decide = (_verdict: UpgradeVerdict): void => undefined
    const asked = new Promise<UpgradeVerdict>((resolve) => (decide = resolve))
    const { url } = await served({ checkUpgrade: () => asked })
    const first = tried(url)
    decide(ALLOWED)
    expect(await first).toBe('welcome to box')
  })

  it.each([
    ['refuses', () => ({ ok: false, status: 503 }) as const, '503'],
    ['refuses later', async () => ({ ok: false, status: 404 }) as const, '404'],
    [
      'throws',
      () => {
        throw new Error('no')
      },
      '503',
    ],
    ['rejects', () => Promise.reject(new Error('no')), '503'],
  ])('%s, and the client hears the status', async (_how, checkUpgrade, status) => {
    const { url } = await served({ checkUpgrade })
    expect(await tried(url)).toContain(status)
  })

  it('is answered for with 500 where it has no token and no reason', async () => {
    const { url } = await served({ answerToken: () => Promise.reject(new Error('no')) })
    const response = await fetch(`http://${url}/api/v1/allocations/box/terminal-token`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(500)
    await response.text()
  })

  it('ends with sockets that still wait for a verdict', async () => {
    let asked = (): void => undefined
    const waits = new Promise<void>((resolve) => (asked = resolve))
    const { url, attached } = await served({
      checkUpgrade() {
        asked()
        return new Promise(() => undefined)
      },
    })
    const gone = tried(url)
    await waits
    await attached.close()
    expect(await gone).toMatch(/hang up|ECONNRESET/)
  })

  it('does not mind a client that leaves before the verdict', async () => {
    const verdicts: ((verdict: UpgradeVerdict) => void)[] = []
    let asked = (): void => undefined
    const nextAsked = (): Promise<void> => new Promise((resolve) => (asked = resolve))
    const { url } = await served({
      checkUpgrade() {
        asked()
        return new Promise((resolve) => verdicts.push(resolve))
      },
    })
    const first = nextAsked()
    const client = await knock(url)
    await first
    await new Promise<void>((resolve) => {
      client.once('close', () => resolve())
      client.resetAndDestroy()
    })
    const second = nextAsked()
    const welcome = tried(url)
    await second
    for (const decide of verdicts) decide(ALLOWED)
    expect(await welcome).toBe('welcome to box')
  })
})

/** A bare client that has sent its upgrade request. */
async function knock(url: string): Promise<Socket> {
  const [host = '', port] = url.split(':')
  const socket = connect(Number(port), host)
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  socket.write(
    `GET /ws/terminal/box HTTP/1.1\r\nHost: ${url}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: nimbus.ssh.v1\r\n\r\n',
  )
  return socket
}
