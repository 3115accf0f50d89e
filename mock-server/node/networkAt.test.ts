/** The page object's way to the network of a fake server on a port. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { networkAt } from '../../src/testing/page/networkAt.ts'
import { startMockServer, type StartedMockServer } from './port.ts'

let started: StartedMockServer | undefined
afterEach(() => started?.close())

const tokenOf = (url: string) =>
  fetch(`${url}/api/v1/allocations/a/terminal-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: '{}',
  }).then(
    ({ status }) => status,
    () => 0,
  )

it('cuts and mends it', async () => {
  started = await startMockServer({ port: 0 })
  const network = networkAt(started.url)
  expect(await tokenOf(started.url)).toBe(201)
  await network.cut()
  expect(await tokenOf(started.url)).not.toBe(201)
  await network.mend()
  expect(await tokenOf(started.url)).toBe(201)
})

it('says so where there is no fake server', async () => {
  started = await startMockServer({ port: 0 })
  const gone = networkAt(started.url)
  await started.close()
  started = undefined
  await expect(Promise.resolve(gone.cut())).rejects.toThrow('fetch failed')
})

it('says what the fake server has against an order', async () => {
  const stranger = createServer((_request, response) => response.writeHead(404).end('not here'))
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  try {
    // A TCP server that listens has an address of this shape.
    const { port } = stranger.address() as AddressInfo
    const cut = networkAt(`http://127.0.0.1:${port}`).cut()
    await expect(Promise.resolve(cut)).rejects.toThrow(`http://127.0.0.1:${port} answered 404: not here`)
  } finally {
    stranger.closeAllConnections()
    await new Promise((resolve) => stranger.close(resolve))
  }
})
