/** What the line of a panel says aloud, sentence by sentence: one may be replaced by the next at once. */
import type { TerminalPage } from './terminalPage.ts'

/** Everything that is said from now on. */
export async function spokenLine(terminal: TerminalPage): Promise<() => Promise<string[]>> {
  const place = terminal.panel.locator('[role=status]').first()
  await place.evaluate((region) => {
    const said: string[] = []
    Object.assign(region, { said })
    const options = { childList: true, characterData: true, subtree: true }
    new MutationObserver(() => said.push(region.textContent ?? '')).observe(region, options)
  })
  // What was noted above.
  return () => place.evaluate((region) => [...(region as unknown as { said: string[] }).said])
}
