/** What a program prints is data of an attacker: it navigates nowhere, writes no clipboard, makes no elements and types nothing. */
import type { BrowserContext } from 'playwright'
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { cellOf } from './support/cells.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import { puppets, type Puppet } from './support/puppet.ts'
import type { TerminalPage } from './support/terminalPage.ts'

const BASE64 = Buffer.from('evil').toString('base64')
const MARKUP = '<img src=x onerror="globalThis.broken=1"><script>globalThis.broken=1</script>'

describe.skipIf(withoutBrowser !== null)(`hostile output${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const all = puppets()
  const { open, window } = useJourneys({ backend: all.backend })

  interface Victim {
    readonly terminal: TerminalPage
    readonly program: Puppet
    readonly context: BrowserContext
    /** Prints, and waits until it was drawn. */
    readonly suffer: (output: string) => Promise<void>
  }

  let marks = 0

  async function victim(): Promise<Victim> {
    const context = await window({ permissions: ['clipboard-read', 'clipboard-write'] })
    const id = freshId()
    const terminal = await open(id, context)
    const program = await all.of(id)
    const suffer = async (output: string): Promise<void> => {
      const mark = `drawn-${++marks}`
      // CAN and ST end whatever the output has left open.
      program.print(`${output}\u0018\u001b\\\r\n${mark}\r\n`)
      await terminal.seeText(mark, 60_000)
    }
    await suffer('')
    await terminal.focus()
    await terminal.page.evaluate(() => navigator.clipboard.writeText('mine'))
    return { terminal, program, context, suffer }
  }

  const CLIPBOARD: Readonly<Record<string, string>> = {
    'a write': `\u001b]52;c;${BASE64}\u0007`,
    'a write without a selector': `\u001b]52;;${BASE64}\u001b\\`,
    'a write to every selector': `\u001b]52;cpqs01234567;${BASE64}\u0007`,
    'a wish to clear it': '\u001b]52;c;!\u0007',
    'a read': '\u001b]52;c;?\u0007',
    'ten thousand writes': `\u001b]52;c;${BASE64}\u0007`.repeat(10_000),
    'a write through a terminal multiplexer': `\u001bPtmux;\u001b\u001b]52;c;${BASE64}\u0007\u001b\\`,
    'a write of the iTerm kind': `\u001b]1337;Copy=:${BASE64}\u0007`,
    'a write of the kitty kind': `\u001b]5522;type=write;${BASE64}\u001b\\`,
  }

  it('leaves the clipboard alone', async () => {
    const { terminal, program, suffer } = await victim()
    for (const [name, output] of Object.entries(CLIPBOARD)) {
      // Somebody sits there: that alone allows nothing.
      await terminal.press('Shift')
      await suffer(output)
      expect(await terminal.page.evaluate(() => navigator.clipboard.readText()), name).toBe('mine')
      expect(program.heard().replaceAll(/\u001b\[[IO]/g, ''), name).toBe('')
    }
  })

  it('makes no elements, no requests and no titles of a page, whatever it says of itself', async () => {
    const { terminal, suffer } = await victim()
    const requests: string[] = []
    terminal.page.on('request', (request) => requests.push(request.url()))
    const title = await terminal.page.title()
    for (const output of [
      MARKUP,
      `\u001b]0;${MARKUP}\u0007`,
      `\u001b]7;file://host/${encodeURIComponent(MARKUP)}\u0007`,
      `\u001b]133;A\u0007$ \u001b]133;B\u0007${MARKUP}\r\n\u001b]133;C\u0007\u001b]133;D;1\u0007`,
      `\u001b]633;E;${MARKUP}\u0007`,
      `\u001b]9;4;1;${MARKUP}\u0007`,
      `\u001b]8;;https://evil.example/${MARKUP}\u0007link\u001b]8;;\u0007`,
      `\u001b]1337;File=inline=1:${BASE64}\u0007`,
      `\u001bPq#0;2;0;0;0#0~~@@vv@@~~$\u001b\\`,
      `\u001b]9;${MARKUP}\u0007\u001b]777;notify;a;${MARKUP}\u0007`,
    ])
      await suffer(output)
    expect(await terminal.panel.locator('img, script, iframe, object, embed').count()).toBe(0)
    expect(await terminal.page.evaluate(() => (globalThis as { broken?: number }).broken)).toBeUndefined()
    expect(await terminal.page.title()).toBe(title)
    // Parts of the panel may load late; nothing else may be asked for.
    expect(requests.filter((url) => new URL(url).origin !== new URL(terminal.page.url()).origin)).toEqual([])
    expect(requests.filter((url) => url.endsWith('/x'))).toEqual([])
  })

  it('has a title of text alone, and a bounded one', async () => {
    const { terminal, suffer } = await victim()
    await suffer(`\u001b]2;a\u202eb\u200f\u2066c${'x'.repeat(10_000)}\u0007`)
    await terminal.seeStatus(/^abcx+$/)
    expect((await terminal.statusWords()).length).toBeLessThanOrEqual(256)
  })

  it('follows no link by itself or with a plain click, and no window is moved', async () => {
    const { terminal, program, context, suffer } = await victim()
    const before = { url: terminal.page.url(), sizes: program.sizes().length }
    for (const address of ['javascript:document.title=1', 'data:text/html,x', 'file:///etc/passwd', 'https://evil.example/']) {
      await suffer(`\u001b[2J\u001b[H\u001b]8;;${address}\u0007clickme\u001b]8;;\u0007`)
      const { x, y } = await cellOf(terminal, 'clickme')
      await terminal.page.mouse.move(x - 2, y)
      await terminal.page.mouse.click(x, y)
      await terminal.page.mouse.dblclick(x, y)
    }
    await suffer(['8;1;1', '8;999;999', '3;0;0', '1', '2', '9;1', '10;1', '4;1;1'].map((op) => `\u001b[${op}t`).join(''))
    expect(context.pages()).toHaveLength(1)
    expect(terminal.page.url()).toBe(before.url)
    expect(program.sizes()).toHaveLength(before.sizes)
  })

  it('gets no answer with bytes of its own, and at most a hundred a second', async () => {
    const { program, suffer } = await victim()
    const CANARY = 'rm_rf_canary'
    await suffer(
      [
        `\u001b]0;${CANARY}\u0007\u001b[21t\u001b[20t`, // reports of the title
        `\u001b]l${CANARY}\u001b\\`,
        `\u001bP$q${CANARY}\u001b\\`, // a setting by any name
        `\u001bP+q${Buffer.from(CANARY).toString('hex')}\u001b\\`, // a capability by any name
        `\u001b]50;?${CANARY}\u0007`,
        `\u001b]4;1;?${CANARY}\u0007`,
        `\u001b]1337;ReportVariable=${Buffer.from(CANARY).toString('base64')}\u0007`,
        `\u001b]7;file://${CANARY}/\u0007`,
        `${CANARY}\u0005`, // the answer to an enquiry
        `\u001b[?1;${CANARY}$p`,
      ].join(''),
    )
    expect(program.heard()).not.toContain('canary')
    const before = program.heard().length
    await suffer('\u001b[6n\u001b]10;?\u0007\u001b[c'.repeat(20_000))
    // Answers are of these kinds and no others: no Enter, no text, no control character but the ESC they begin with.
    const answers = program.heard().slice(before)
    const KINDS =
      /^(?:\u001b\[\d+;\d+R|\u001b\[\?[\d;]+c|\u001b\](?:4;\d+|1[0-2]);rgb:[\da-f]{4}\/[\da-f]{4}\/[\da-f]{4}\u001b\\|\u001b\[[IO]|\u001bP[01]\$r[ -~]*\u001b\\|\u001b\[\??\d+;\d\$y)*$/
    expect(answers).toMatch(KINDS)
    expect(program.heard()).toMatch(KINDS)
    // The flood may take some seconds to draw; each second has a hundred answers at most.
    expect(answers.split('\u001b').length - 1).toBeLessThan(2_500)
  })

  it('gets no answer again when a page is loaded anew', async () => {
    const { terminal, program, suffer } = await victim()
    await suffer('\u001b[6n\u001b[c\u001b]10;?\u0007')
    await until(
      'the answers',
      () => program.heard(),
      (heard) => heard.includes('rgb:'),
    )
    const before = program.heard()
    await terminal.reload()
    await terminal.seeText(`drawn-${marks}`)
    await suffer('')
    expect(program.heard()).toBe(before)
  })

  it('that asks for something two thousand million times holds nobody up', async () => {
    const { terminal, suffer } = await victim()
    const counted = [
      'L',
      'M',
      'S',
      'T',
      'I',
      'Z',
      'b',
      '@',
      'P',
      'X',
      'A',
      'B',
      'C',
      'D',
      'E',
      'F',
      'G',
      'a',
      'd',
      'e',
      ' @',
      ' A',
      "'}",
      "'~",
    ]
    for (const end of counted) await suffer(`x\u001b[2147483647${end}`)
    await suffer('x\u001b[2147483647b'.repeat(1000))
    expect((await terminal.rows()).filter((row) => row !== '').at(-1)).toBe(`drawn-${marks}`)
  })

  it('without end fills no memory, and the next line is read as ever', async () => {
    const { terminal, suffer } = await victim()
    const session = await terminal.page.context().newCDPSession(terminal.page)
    const heap = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage')
      const { usedSize } = await session.send('Runtime.getHeapUsage')
      return usedSize
    }
    const before = await heap()
    for (const begin of ['\u001bP', '\u001b_', '\u001b]0;', '\u001b]52;c;', '\u001b]8;;', '\u001bPq'])
      await suffer(`${begin}${'A'.repeat(400_000)}`)
    await suffer(`\u001b[${'1;'.repeat(200_000)}`)
    // A browser would lay this out for minutes.
    await suffer(`a${'\u0301'.repeat(30_000)}`)
    const links = Array.from({ length: 5000 }, (_, id) => `\u001b]8;id=${id};https://example.com/${id}\u0007x\u001b]8;;\u0007`)
    await suffer(links.join(''))
    expect((await heap()) - before).toBeLessThan(60_000_000)
    expect((await terminal.rows()).filter((row) => row !== '').at(-1)).toBe(`drawn-${marks}`)
  })
})
