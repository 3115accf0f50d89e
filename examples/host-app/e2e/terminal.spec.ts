/** The app's own test of its terminal, in a real browser. */
import { TerminalPage } from '@nimbus/terminal/testing/playwright'
import { test } from 'playwright/test'

test('the shell of a build survives its network', async ({ page }) => {
  await page.goto('/')
  const shell = new TerminalPage(page, { label: 'Shell of build 7' })
  await shell.seeState('ready')
  await shell.type('before ')
  await shell.seeText('before')
  await shell.cutNetwork()
  await shell.seeStatus('Connection lost.')
  await shell.type('during ')
  await shell.mendNetwork()
  await shell.retryNow()
  await shell.seeText('before during')
})
