/** What `connect` makes of its options. */
import { expect, test } from 'vitest'
import { connect } from './index.ts'

test('an answer of requestToken that is there at once is heard by whoever listens after connecting', async () => {
  const connection = connect({ allocationId: 'a-1', requestToken: () => ({ ok: false, code: 'policy_denied' }) })
  connection.open()
  const end = await new Promise((resolve) => connection.on('close', resolve))
  expect(end).toMatchObject({ reason: 'policy_denied' })
  connection.dispose()
})
