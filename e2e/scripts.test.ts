/** Every script of the fake server, on a real port and in a real browser: what its person reads, and what they can do about it. */
import { describe, expect } from 'vitest'
import { withoutBrowser } from './support/browser.ts'
import { useScripts } from './support/scripts.ts'

describe.skipIf(withoutBrowser !== null)(`scripts${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { itPlaysScript } = useScripts()

  describe('getting there', () => {
    itPlaysScript('happy-path', async (me) => {
      await me.comesTo('ready')
      await me.types('echo "hello there"\n')
      await me.seesRow('hello there')
    })

    itPlaysScript('slow-handshake', async (me) => {
      await me.reads(/^Connecting/)
      await me.comesTo('ready')
    })

    itPlaysScript('token-slow', async (me) => {
      await me.reads('Checking your access')
      await me.reads('Connecting takes longer than usual.')
      await me.comesTo('ready')
    })

    itPlaysScript('token-refused', async (me) => {
      await me.reads('You are not allowed to use this terminal.')
      await me.comesTo('policy_denied')
    })

    itPlaysScript('token-expired', async (me) => {
      await me.reads('Your sign-in was not accepted.')
      await me.comesTo('auth_failed')
    })

    itPlaysScript('token-unreachable', async (me) => {
      await me.reads(/^No connection yet\. Try/)
      await me.comesTo('ready')
    })

    itPlaysScript('token-silent', async (me) => {
      await me.reads('Connecting takes longer than usual.')
      await me.reads(/^No connection yet\. Try/)
      await me.comesTo('ready')
    })

    itPlaysScript('token-garbage', async (me) => {
      await me.reads('The terminal could not start.')
      await me.comesTo('failed')
    })

    itPlaysScript('token-rate-limited', async (me) => {
      await me.reads('The shell exited with code 0.')
      await me.presses('New shell')
      await me.reads(/^The server is busy\. Try \d of 10 in \d s\.$/)
      await me.comesTo('ready')
    })

    itPlaysScript('sign-in-refused', async (me) => {
      await me.reads('Your sign-in was not accepted.')
    })

    itPlaysScript('not-found', async (me) => {
      await me.reads('This terminal no longer exists.')
      await me.comesTo('failed-gone')
    })

    itPlaysScript('origin-refused', async (me) => {
      await me.reads('You are not allowed to use this terminal.')
    })

    itPlaysScript('connect-refused', async (me) => {
      await me.reads(/^No connection yet\. Trying now, 10 of 10\.$/)
      await me.reads('No connection after 10 tries.')
      await me.presses('Try again')
      await me.reads(/^No connection yet\. Try/)
    })

    itPlaysScript('connect-hangs', async (me) => {
      await me.reads('Connecting takes longer than usual.')
      await me.comesTo('ready')
    })

    itPlaysScript('shell-never-starts', async (me) => {
      await me.reads('Starting the shell')
      await me.reads('Connecting takes longer than usual.')
      await me.presses('Cancel')
      await me.reads('You closed this terminal.')
    })

    itPlaysScript('target-unreachable', async (me) => {
      await me.reads('The machine cannot be reached right now.')
      await me.comesTo('failed-unreachable')
    })

    itPlaysScript('target-refused', async (me) => {
      await me.reads('You are not allowed to use this terminal.')
    })

    itPlaysScript('internal-error', async (me) => {
      await me.reads('Something broke on the server.')
      await me.comesTo('internal_error')
    })

    itPlaysScript('channel-limit', async (me) => {
      await me.reads('Too many shells are open in this terminal.')
    })

    itPlaysScript('unsupported-profile', async (me) => {
      await me.reads('This page and the server need the same version.')
    })

    itPlaysScript('server-busy', async (me) => {
      await me.reads(/^The server is busy\. Try \d of 10 in \d s\.$/)
      await me.comesTo('ready')
    })

    itPlaysScript('server-overloaded', async (me) => {
      await me.reads('No connection after 10 tries.')
    })
  })

  describe('losing the connection', () => {
    itPlaysScript('cut-at-byte', async (me) => {
      await me.sees('\n200')
      const lines = await me.terminal.everything()
      const numbers = lines.filter((line) => /^\d+$/.test(line))
      expect(numbers).toEqual(Array.from({ length: 200 }, (_, index) => String(index + 1)))
    })

    itPlaysScript('cut-often', async (me) => {
      await me.sees('installing tea 100%')
      const cuts = (): number => me.server.mock.trace().filter(({ what }) => what === 'closed').length
      await me.awaits('five cuts', cuts, (count) => count === 5)
      await me.comesTo('ready')
      const lines = await me.terminal.everything()
      expect(lines.filter((line) => line.includes('installing tea 100%'))).toHaveLength(1)
    })

    itPlaysScript('cut-while-typing', async (me) => {
      await me.comesTo('ready')
      await me.types('a')
      await me.reads(/^Connection lost\. Try/)
      await me.types('b')
      await me.reads(/1 key/)
      await me.reads('Reconnected. Nothing was lost.')
      await me.sees('ab')
    })

    itPlaysScript('cut-for-long', async (me) => {
      await me.reads(/^Connection lost\. Try/)
      await me.types('never sent')
      await me.reads('Typing is off until the connection is back.')
      await me.reads('10 keys were not sent.')
      await me.presses('Dismiss')
      await me.reads('No connection after 10 tries.')
    })

    itPlaysScript('offline', async (me) => {
      await me.sees('\n5')
      await me.window.setOffline(true)
      await me.reads('You are offline. The terminal waits for a network.')
      await me.window.setOffline(false)
      await me.comesTo('ready')
      await me.types('echo "back"\n')
      await me.seesRow('back')
    })

    itPlaysScript('hidden-page', async (me) => {
      await me.comesTo('ready')
      const turn = (hidden: boolean): Promise<void> =>
        me.terminal.page.evaluate((hidden) => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
          document.dispatchEvent(new Event('visibilitychange'))
        }, hidden)
      await turn(true)
      const printed = (): number =>
        me.server.mock.trace().reduce((most, entry) => (entry.what === 'data' && entry.way === 'down' ? entry.to : most), 0)
      await me.awaits('output', printed, (bytes) => bytes > 1000)
      await turn(false)
      await me.sees('\n60000')
    })

    itPlaysScript('half-open', async (me) => {
      await me.comesTo('ready')
      await me.types('x')
      // The page finds out, and is back too soon for words.
      const connections = (): number => me.server.mock.trace().filter(({ what }) => what === 'opened').length
      await me.awaits('another connection', connections, (count) => count === 2)
      await me.sees('$ x')
    })

    itPlaysScript('stalled', async (me) => {
      await me.sees('\n5')
      await me.types('echo "there"\n')
      await me.seesRow('there')
    })

    itPlaysScript('timed-out', async (me) => {
      await me.sees('\n5')
      const closed = () => me.server.mock.trace().find((entry) => entry.what === 'closed')
      const end = await me.awaits('the end of the first connection', closed, (entry) => entry !== undefined)
      expect(end).toMatchObject({ by: 'server', code: 4012 })
      await me.types('echo "back"\n')
      await me.seesRow('back')
    })

    itPlaysScript('slow-network', async (me) => {
      await me.reads('Slow connection. Output is catching up.')
      await me.sees('\n20000')
      await me.types('echo "done"\n')
      await me.seesRow('done')
    })
  })

  describe('coming back', () => {
    itPlaysScript('resume-accepted', async (me) => {
      await me.sees('\n5')
      const connections = (): number => me.server.mock.trace().filter(({ what }) => what === 'opened').length
      await me.awaits('another connection', connections, (count) => count === 2)
      await me.types('echo "still here"\n')
      await me.seesRow('still here')
    })

    itPlaysScript(
      'resume-with-gap',
      async (me) => {
        await me.reads('Reconnected. 12 KB of output is missing.')
        await me.presses('Show gap')
        await me.sees('12 KB of output is missing here')
      },
      { scrollback: 30_000 },
    )

    itPlaysScript('resume-cold', async (me) => {
      await me.sees('\n5')
      const before = await me.terminal.everything()
      await me.terminal.reload()
      await me.sees('\n5')
      expect(await me.terminal.everything()).toEqual(before)
    })

    itPlaysScript('resume-expired', async (me) => {
      await me.reads(/^Connection lost\./)
      await me.window.setOffline(true)
      await me.reads('You are offline. The terminal waits for a network.')
      const sessions = (): number => me.server.mock.core.stats().sessions
      await me.awaits('the end of the shell, which is kept for ninety seconds', sessions, (count) => count === 0)
      await me.window.setOffline(false)
      await me.reads('You were away too long and the shell was closed.')
      await me.presses('New shell')
      await me.comesTo('ready')
    })

    itPlaysScript('resume-unknown', async (me) => {
      await me.reads('The shell could not be found again.')
      await me.presses('New shell')
      await me.comesTo('ready')
    })

    itPlaysScript('resume-reused', async (me) => {
      await me.reads('This page can no longer reach its shell.')
    })

    itPlaysScript('resume-active-elsewhere', async (me) => {
      await me.reads('This terminal is open in another tab.')
      await me.comesTo('elsewhere')
    })
  })

  describe('having it', () => {
    itPlaysScript('allocation-busy', async (me) => {
      await me.reads('This terminal is in use somewhere else.')
      await me.comesTo('allocation_busy')
    })

    itPlaysScript('open-elsewhere', async (me) => {
      await me.comesTo('allocation_busy')
      await me.presses('Take over here')
      await me.comesTo('ready')
    })

    itPlaysScript('taken-over', async (me) => {
      await me.reads('Another tab took over this terminal.')
      await me.comesTo('superseded')
    })

    itPlaysScript('duplicated-tab', async (me) => {
      await me.sees('\n5')
      const copy = await me.duplicatesTab()
      await copy.reads('This terminal is open in another tab.')
      await copy.presses('Take over here')
      await copy.sees('\n5')
      await me.reads('Another tab took over this terminal.')
    })

    itPlaysScript('access-revoked', async (me) => {
      await me.sees('\n5')
      await me.reads('You are not allowed to use this terminal.')
      await me.sees('\n5')
    })

    itPlaysScript('access-lost-while-away', async (me) => {
      await me.reads('Your sign-in was not accepted.')
    })
  })

  describe('much output', () => {
    itPlaysScript('flood', async (me) => {
      await me.sees('never cold')
      await me.terminal.press('Control+c')
      await me.sees('^C')
      await me.types('echo "quiet"\n')
      await me.seesRow('quiet')
    })

    itPlaysScript('back-pressure-overflow', async (me) => {
      await me.reads('Output came faster than it could be kept.')
    })
  })

  describe('how it ends', () => {
    itPlaysScript('exit-with-code', async (me) => {
      await me.reads('The shell exited with code 3.')
      await me.sees('bye')
      await me.presses('New shell')
      // The new one does the same, too soon to be seen at work.
      const exits = (): number =>
        me.server.mock.trace().filter((entry) => entry.what === 'control' && entry.message.t === 'exit').length
      await me.awaits('the exit of the new shell', exits, (count) => count === 2)
      await me.comesTo('shell_exit')
    })

    itPlaysScript('exit-with-signal', async (me) => {
      await me.reads('The shell was stopped by signal TERM.')
      await me.sees('\n5')
    })

    itPlaysScript('closed-by-person', async (me) => {
      await me.comesTo('ready')
      await me.terminal.page.evaluate(() => (globalThis as unknown as { terminal: { disconnect(): void } }).terminal.disconnect())
      await me.reads('You closed this terminal.')
    })

    itPlaysScript('idle-timeout', async (me) => {
      await me.reads('Closed after 2 seconds without activity.')
    })

    itPlaysScript('detach-expired', async (me) => {
      await me.reads('You were away too long and the shell was closed.')
    })

    itPlaysScript('server-restart', async (me) => {
      await me.reads('The service restarted and the shell was lost.')
      await me.sees('\n5')
      await me.presses('New shell')
      await me.comesTo('ready')
    })

    itPlaysScript('node-disconnected', async (me) => {
      await me.reads('The machine behind this shell went away.')
    })

    itPlaysScript('node-identity-rejected', async (me) => {
      await me.reads('The machine could not prove who it is.')
    })

    itPlaysScript('cancelled', async (me) => {
      await me.reads('The terminal was cancelled before it started.')
    })

    itPlaysScript('malformed-frame', async (me) => {
      await me.reads('The server sent something unreadable.')
      await me.presses('Try again')
      await me.comesTo('ready')
      await me.sees('\n5')
    })
  })

  describe('what programs do', () => {
    itPlaysScript('hostile-output', async (me) => {
      const pages: unknown[] = []
      me.window.on('page', (page) => pages.push(page))
      await me.sees('And it wiped the screen.')
      expect(pages).toEqual([])
      expect(await me.terminal.page.title()).toBe('A terminal')
    })

    itPlaysScript('colours', async (me) => {
      await me.sees('struck')
    })

    itPlaysScript('full-screen', async (me) => {
      const size = /(\d+) × (\d+)/
      await me.terminal.seeText(size)
      const before = size.exec(await me.terminal.screenText())?.[0] ?? ''
      await me.terminal.page.setViewportSize({ width: 600, height: 400 })
      await me.terminal.seeText(size)
      await me.awaits(
        'another size',
        async () => size.exec(await me.terminal.screenText())?.[0],
        (seen) => seen !== undefined && seen !== before,
      )
      const { size: grid } = await me.terminal.text()
      await me.sees(`${grid.cols} × ${grid.rows}`)
      await me.types('q')
      await me.sees('$')
    })

    itPlaysScript('progress', async (me) => {
      await me.reads(/\d+%/)
      await me.sees('installing tea 100%')
    })

    itPlaysScript('progress-kinds', async (me) => {
      await me.reads('68%, failing')
      await me.reads('working')
      await me.reads('68%, paused')
    })

    itPlaysScript('links', async (me) => {
      await me.sees('bank.example')
    })

    itPlaysScript('wide-characters', async (me) => {
      await me.sees('お茶.txt')
    })

    itPlaysScript('command-marks', async (me) => {
      await me.sees('Sells tea.')
      const failed = me.terminal.panel.getByRole('button', { name: /cat nothing, failed, exit 1/ })
      await me.awaits(
        'the mark of the command that failed',
        () => failed.count(),
        (count) => count === 1,
      )
    })

    itPlaysScript('bell', async (me) => {
      await me.reads('Bell')
    })

    itPlaysScript('asks-terminal', async (me) => {
      await me.sees('ESC [?1;2c')
      await me.sees('R')
    })

    itPlaysScript('bracketed-paste', async (me) => {
      await me.sees('paste on')
      await me.terminal.paste('echo one\necho two')
      await me.terminal.press('Enter')
      await me.seesRow('one')
      await me.seesRow('two')
    })
  })
})
