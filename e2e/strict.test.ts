/** React's development build mounts everything twice; the server must not notice. */
import { describe, expect, it } from 'vitest'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'

describe.skipIf(withoutBrowser !== null)('StrictMode', () => {
  const { open, demo } = useJourneys({ development: true })

  it('gives one socket and one program', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    expect(demo().server.stats().opened).toBe(1)
    expect(demo().server.stats().accepted).toBe(1)
    expect(demo().network(id).carried()).toBe(1)
  })
})
