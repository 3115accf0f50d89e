/** The promise of the demo, as a person tries it: a shell that survives reloads and networks. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { FaultNetwork } from '../src/testing/node/faultLink.ts'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import { until } from '../src/testing/page/until.ts'

describe.skipIf(withoutBrowser !== null)(`a shell in a page${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, demo, window } = useJourneys()

  it('types echo hi and sees hi', async () => {
    const terminal = await open(freshId())
    await terminal.type('echo hi\n')
    await terminal.seeRow('hi')
  })

  it('goes on with a line of several rows that stays when a person clears the screen', async () => {
    const terminal = await open(freshId())
    await terminal.type('seq 1 100\n')
    await terminal.seeRow('100')
    const { cols } = (await terminal.text()).size
    const long = 'x'.repeat(cols)
    await terminal.type(`echo ${long}`)
    await terminal.seeText(/^x{7}$/m)
    await terminal.button('More').click()
    await terminal.panel.getByRole('menuitem', { name: 'Clear' }).click()
    await until(
      'the line alone',
      () => terminal.everything(),
      (lines) => lines.length === 1 && lines[0] === `$ echo ${long}`,
    )
    await terminal.press('Home')
    await terminal.type(': ')
    await until(
      'the line with what was typed at its start',
      () => terminal.everything(),
      (lines) => lines.length === 1 && lines[0] === `$ : echo ${long}`,
    )
  })

  it('says the title and nothing else when all is well, and the round trip on the sign', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.button('Connection details').hover()
    await terminal.seeStatus(/^Connected\. Round trip \d+ ms$/)
  })

  it('keeps the screen, the scrollback and the same shell over a reload', async () => {
    const terminal = await open(freshId())
    await terminal.type('kept=$$; seq 1 300\n')
    await terminal.seeRow('300')
    const before = await terminal.everything()
    expect(before).toContain('1')
    await terminal.reload()
    await terminal.seeRow('300')
    expect(await terminal.everything()).toEqual(before)
    await terminal.type('[ $kept = $$ ] && echo sa""me\n')
    await terminal.seeRow('same')
  })

  it('keeps what a full-screen program has set over a reload, however much it has printed since', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const modes = '\\e[?1049h\\e[?1h\\e[?1002h\\e[?1006h'
    const undone = '\\e[?1006l\\e[?1002l\\e[?1l\\e[?1049l'
    await terminal.type(`printf '${modes}'; seq 1 200000; printf '\\e[H\\e[Jfull ''screen\\n'; cat -v; printf '${undone}'\n`)
    await terminal.seeRow('full screen')
    await terminal.reload()
    await terminal.seeRow('full screen')
    await terminal.press('ArrowUp')
    await terminal.seeRow('^[OA')
    await terminal.panel.locator('.xterm-screen').click({ position: { x: 20, y: 20 } })
    await terminal.seeText(/\^\[\[<0;\d+;\d+M\^\[\[<0;\d+;\d+m/)
    expect(await terminal.everything()).not.toContain('199999')
    await terminal.press('Enter')
    await terminal.press('Control+d')
    await terminal.seePrompt()
    expect(await terminal.everything()).not.toContain('full screen')
    await terminal.type('echo ba""ck\n')
    await terminal.seeRow('back')
  })

  it('comes back from a cut by itself with every line once and in order', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    const network = demo().network(id)
    await terminal.type('clear; for i in $(seq 1 400); do echo "line $i"; sleep 0.004; done; echo fin""ished\n')
    const reached = async (): Promise<number> =>
      Math.max(0, ...(await terminal.rows()).map((row) => Number(/^line (\d+)$/.exec(row)?.[1] ?? 0)))
    for (const mark of [40, 120, 240]) {
      await until(`line ${mark}`, reached, (line) => line >= mark)
      await cutOnce(network)
    }
    await terminal.seeRow('finished')
    const lines = (await terminal.everything()).filter((row) => row.startsWith('line '))
    expect(lines).toEqual(Array.from({ length: 400 }, (_, index) => `line ${index + 1}`))
    expect(network.cuts()).toBe(3)
  })

  it('writes every key once that was typed before, during and after cuts', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    const network = demo().network(id)
    const text = Array.from({ length: 60 }, (_, index) => `${index}-abcdefghij`).join('.')
    await terminal.type('sha256sum\n')
    await terminal.focus()
    for (const [index, character] of [...text].entries()) {
      await terminal.page.keyboard.type(character)
      if (index % 150 !== 75) continue
      // Only a connection that has carried keys is cut: a cut of a mere try doubles the wait for the next, and keys that wait
      // for ten seconds are given up.
      const carried = text.slice(0, index - 70)
      await until(
        'keys from after the last cut',
        async () => (await terminal.rows()).join(''),
        (screen) => screen.includes(carried),
      )
      await cutOnce(network)
    }
    await terminal.press('Enter')
    await terminal.press('Control+d')
    await terminal.seeText(createHash('sha256').update(`${text}\n`).digest('hex'))
    expect(network.cuts()).toBeGreaterThan(3)
  })

  it('says that the connection is lost and how it goes on, and that nothing was lost', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    demo().network(id).refuse(true)
    demo().network(id).cut()
    await terminal.seeStatus(/^Connection lost\. (Try \d+ of 10 in \d+ s\.|Trying now, \d+ of 10\.) Retry now$/)
    await terminal.type('echo he""ld\n')
    await terminal.seeStatus(/\d+ keys( waiting)?/)
    demo().network(id).restore()
    await terminal.retryNow()
    await terminal.seeStatus('Reconnected. Nothing was lost.')
    await terminal.seeRow('held')
  })

  it('notices a network that stalls while somebody types, and is ready soon after it is back', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    const network = demo().network(id)
    const stalledAt = performance.now()
    network.hold()
    await terminal.type('echo af""ter')
    await terminal.seeStatus(/^Connection lost\./, 20_000)
    const noticedAfter = performance.now() - stalledAt
    network.restore()
    await terminal.type('\n')
    await terminal.seeRow('after')
    // The bound of the protocol is 5 s of silence and 5 s for the ping; the words come half a second later.
    expect(noticedAfter).toBeLessThan(12_000)
  })

  it('keeps typing that waits in sight, and reports it when it was too much', async () => {
    const id = freshId()
    const patient = await window()
    await patient.clock.install()
    const terminal = await open(id, patient)
    await terminal.ready()
    demo().network(id).refuse(true)
    demo().network(id).cut()
    await terminal.seeStatus(/^Connection lost\./)
    await terminal.type('echo lost')
    await terminal.seeStatus(/9 keys( waiting)?/)
    // The ten seconds for which they are kept go by as fast as the page can follow.
    await terminal.page.clock.runFor(10_000)
    await terminal.seeStatus('Typing is off until the connection is back.', 15_000)
    demo().network(id).restore()
    await terminal.retryNow()
    await terminal.seeStatus('9 keys were not sent.')
    await terminal.button('Dismiss').click()
    // Typing is taken again when a second has passed without a key, so that the tail of a line never runs without its head.
    await terminal.page.waitForTimeout(1_100)
    await terminal.type('echo ta""ken\n')
    await terminal.seeRow('taken')
    expect(await terminal.screenText()).not.toContain('lost')
  })

  it('never shows a letter of what is typed where nothing is echoed, and sends it when the connection is back', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    await terminal.type('read -sp "password: " secret; echo "got $secret"\n')
    await terminal.seeRow('password:')
    demo().network(id).refuse(true)
    demo().network(id).cut()
    await terminal.seeStatus(/^Connection lost\./)
    await terminal.type('opensesame')
    await terminal.seeStatus(/10 keys( waiting)?/)
    await until(
      'ten dots',
      () => terminal.section.innerText(),
      (text) => text.includes('•'.repeat(10)),
    )
    expect(await terminal.section.innerText()).not.toContain('sesame')
    demo().network(id).restore()
    await terminal.retryNow()
    await terminal.type('\n')
    await terminal.seeText('got opensesame')
  })

  it('writes a long paste whole, with the network cut in the middle of it', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    await terminal.type('stty -icanon -echo; echo li""stens; head -c 400000 | sha256sum; stty sane\n')
    await terminal.seeRow('listens')
    const text = Array.from({ length: 40_000 }, (_, index) => String(index).padStart(9, '.'))
      .join(' ')
      .padEnd(400_000, '.')
      .slice(0, 400_000)
    const network = demo().network(id)
    network.cut({ direction: 'up', after: 100_000 })
    network.cutNext({ direction: 'up', after: 150_000 })
    await terminal.paste(text)
    await terminal.seeText(createHash('sha256').update(text).digest('hex'), 30_000)
    expect(network.cuts()).toBe(2)
  })

  it('waits while the browser is offline and says so', async () => {
    const id = freshId()
    const context = await window()
    const terminal = await open(id, context)
    await terminal.ready()
    await context.setOffline(true)
    demo().network(id).cut()
    await terminal.seeStatus('You are offline. The terminal waits for a network. Retry now')
    await context.setOffline(false)
    await terminal.ready()
  })

  it('shows the exit status after the last output, and starts a new shell when asked', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('seq 1 50; exit 3\n')
    await terminal.seeStatus('The shell exited with code 3. New shell')
    expect((await terminal.rows()).filter((row) => row !== '').slice(-2)).toEqual(['50', 'exit'])
    await terminal.button('New shell').click()
    await terminal.ready()
  })

  it('agrees with the shell on how wide characters are, so that a line of them can be edited', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('echo 😀漢🥲éb')
    await terminal.seeText('éb')
    for (let back = 0; back < 2; back++) await terminal.press('ArrowLeft')
    await terminal.press('Backspace')
    await terminal.type('a')
    await terminal.press('Home')
    await terminal.press('End')
    await terminal.type('c')
    await terminal.seeText(/echo 😀漢aébc$/m)
    await terminal.press('Enter')
    await terminal.seeRow('😀漢aébc')
  })

  it('tells the program the size of the panel, at the start and after a change', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const before = await terminal.sttySize()
    expect(before.rows).toBe((await terminal.rows()).length)
    await terminal.page.setViewportSize({ width: 700, height: 500 })
    await until(
      'a narrower terminal',
      async () => (await terminal.sttySize()).cols,
      (cols) => cols < before.cols,
    )
    const after = await terminal.sttySize()
    expect(after.rows).toBeLessThan(before.rows)
    expect(after.rows).toBe((await terminal.rows()).length)
  })

  it('keeps its size while its container is hidden', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const before = await terminal.sttySize()
    const hide = (display: string) =>
      terminal.section.evaluate((section, display) => void (section.style.display = display), display)
    await hide('none')
    await terminal.page.setViewportSize({ width: 900, height: 500 })
    await hide('')
    const seen = new Set<number>()
    await until(
      'the new width',
      async () => {
        const { cols } = await terminal.sttySize()
        seen.add(cols)
        return cols
      },
      (cols) => cols < before.cols,
    )
    expect(Math.min(...seen)).toBeGreaterThan(20)
  })

  it('can be tried by hand: the menu above the terminal breaks and mends its network', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const menu = (name: string) =>
      terminal.section.getByRole('group', { name: /^Network of/ }).getByRole('button', { name, exact: true })
    await menu('Server gone').click()
    await terminal.seeStatus(/^Connection lost\./)
    await menu('Restore').click()
    await terminal.retryNow()
    await menu('Stall').click()
    await menu('Restore').click()
    await menu('Slow').click()
    await menu('Cut').click()
    await terminal.type('echo un""hurt\n')
    await terminal.seeRow('unhurt')
  })

  it('stops a flood at once with Ctrl-C', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('yes\n')
    await terminal.seeText('y\ny\ny\ny')
    await terminal.press('Control+c')
    await terminal.seeText('^C')
    await terminal.type('echo qui""et\n')
    await terminal.seeRow('quiet')
  })
})

/** Cuts a connection that stands: while the page is between two there is nothing to cut. */
async function cutOnce(network: FaultNetwork): Promise<void> {
  await until(
    'a connection',
    () => network.connections(),
    (count) => count > 0,
  )
  network.cut()
}
