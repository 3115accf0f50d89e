/** What a person reads when a terminal cannot be had. */
import { afterEach, describe, it } from 'vitest'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'

/** Verdicts of the host by the beginning of the allocation's name. */
describe.skipIf(withoutBrowser !== null)('refusals in words', () => {
  let failing: 'auth_failed' | 'policy_denied' | 'not_found' | null = null
  const { open, demo } = useJourneys({ terminal: { authorize: () => failing ?? 'allow' } })
  afterEach(() => {
    failing = null
  })

  it.each([
    ['auth_failed', 'Your sign-in was not accepted. Try again'],
    ['policy_denied', 'You are not allowed to use this terminal. Copy details'],
    ['not_found', 'This terminal no longer exists. Copy details'],
  ] as const)('%s: “%s”', async (verdict, words) => {
    failing = verdict
    const terminal = await open(freshId())
    await terminal.seeStatus(words)
  })

  it('starts when the button is pressed and the sign-in is accepted', async () => {
    failing = 'auth_failed'
    const terminal = await open(freshId())
    await terminal.seeStatus('Your sign-in was not accepted.')
    failing = null
    await terminal.button('Try again').click()
    await terminal.ready()
  })

  it('says when nobody answers at the start', async () => {
    const id = freshId()
    demo().network(id).refuse(true)
    const terminal = await open(id)
    await terminal.seeStatus('Connecting takes longer than usual. Cancel')
    demo().network(id).restore()
    await terminal.ready()
  })
})
