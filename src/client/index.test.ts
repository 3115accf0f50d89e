/** What `connect` makes of its options. */
import { expect, test, vi } from 'vitest'
import { connect } from './index.ts'

test('an answer of getToken that is there at once is heard by whoever listens after connecting', async () => {
  const connection = connect({ allocationId: 'a-1', getToken: () => ({ ok: false, code: 'policy_denied' }) })
  connection.open()
  const end = await new Promise((resolve) => connection.on('close', resolve))
  expect(end).toMatchObject({ reason: 'policy_denied' })
  connection.dispose()
})

test.each(['localhost:8080', 'ws://localhost:8080', 'http://[', 'about:blank'])(
  'a page that gives the endpoint “%s” reads what one looks like, unless nobody is asked there',
  (endpoint) => {
    vi.stubGlobal('location', new URL('https://app.example.test/builds/7'))
    expect(() => connect({ allocationId: 'a-1', endpoint })).toThrow(/is no base address: it should look like https:/)
    connect({ allocationId: 'a-1', endpoint, getToken: () => new Promise(() => {}) }).dispose()
  },
)

test('a server that renders may connect as the page will, and hears that it has no page', async () => {
  const connection = connect({ allocationId: 'a-1' })
  const { cause } = await new Promise<Error>((resolve) => connection.on('error', resolve))
  expect(cause).toMatchObject({ message: expect.stringContaining('is no base address') })
  connection.dispose()
})

test.each([undefined, null, 7, ''])('the allocationId %j is refused in words', (allocationId) => {
  // A page without types may hand over anything.
  expect(() => connect({ allocationId: allocationId as string, url: 'ws://localhost/' })).toThrow(/needs an allocationId/)
})
