/** Copying and pasting as people do it: by key, by button, by drop, and by a program that may not. */
import type { BrowserContext } from 'playwright'
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { cellOf } from './support/cells.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'

const picture = process.env['PICTURES']

describe.skipIf(withoutBrowser !== null)(`the clipboard${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, window, demo } = useJourneys()

  const MAY = { permissions: ['clipboard-read', 'clipboard-write'] }
  const inClipboard = ({ page }: TerminalPage): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
  const seeInClipboard = (terminal: TerminalPage, text: string): Promise<string> =>
    until(
      'the text in the clipboard',
      () => inClipboard(terminal),
      (seen) => seen === text,
    )
  const putIntoClipboard = ({ page }: TerminalPage, text: string): Promise<void> =>
    page.evaluate((text) => navigator.clipboard.writeText(text), text)

  /** A shell after this output, in a page with these props. */
  async function printed(output: string, props = '{}', context?: BrowserContext): Promise<TerminalPage> {
    const own = context ?? (await window(MAY))
    await own.addInitScript(`globalThis.heard = []; globalThis.panelProps = ${props}`)
    const terminal = await open(freshId(), own)
    await terminal.type(`clear; ${output}; echo en""d\n`)
    await terminal.seeRow('end')
    return terminal
  }
  const heard = ({ page }: TerminalPage): Promise<unknown[]> => page.evaluate('heard')

  /** From the first cell of one text to the last of another. */
  async function select(terminal: TerminalPage, from: string, to: string, key?: 'Alt'): Promise<void> {
    const [start, end] = [await cellOf(terminal, from), await cellOf(terminal, to, to.length - 1)]
    if (key) await terminal.page.keyboard.down(key)
    await terminal.page.mouse.move(start.x - 3, start.y)
    await terminal.page.mouse.down()
    await terminal.page.mouse.move(end.x + 3, end.y, { steps: 4 })
    await terminal.page.mouse.up()
    if (key) await terminal.page.keyboard.up(key)
  }

  it('gets a selection with rows joined that the terminal wrapped, without blanks at the ends, and lets Ctrl-C interrupt after that', async () => {
    const long = 'x'.repeat(200)
    const terminal = await printed(`printf 'first   \\n${long}\\nlast\\n'`)
    await select(terminal, 'first', 'last')
    await terminal.page.keyboard.press('Control+c')
    expect(await seeInClipboard(terminal, `first\n${long}\nlast`)).toBe(`first\n${long}\nlast`)
    await terminal.type('sleep 60\n')
    await terminal.press('Control+c')
    await terminal.seeText('^C')
    await select(terminal, 'first', 'first')
    await terminal.page.keyboard.press('Control+Shift+C')
    expect(await seeInClipboard(terminal, 'first')).toBe('first')
  })

  it('gets a selection that was made before the connection was cut, in the place to which somebody had scrolled', async () => {
    const terminal = await printed('seq 1 300')
    for (let pages = 0; pages < 3; pages++) await terminal.press('Shift+PageUp')
    await terminal.seeRow('180')
    await select(terminal, '180', '182')
    const before = await terminal.rows()
    const network = demo().network(await terminal.section.locator('.demo-bar a').innerText())
    network.refuse(true)
    network.cut()
    await terminal.seeStatus(/^Connection lost\./)
    network.restore()
    await terminal.retryNow()
    await terminal.seeStatus('Reconnected. Nothing was lost.')
    expect(await terminal.rows()).toEqual(before)
    await terminal.press('Control+c')
    expect(await seeInClipboard(terminal, '180\n181\n182')).toBe('180\n181\n182')
  })

  it('gets a block with Alt and the pointer', async () => {
    const terminal = await printed(`printf 'ab1cd\\nef2gh\\nij3kl\\n'`)
    await select(terminal, '1c', '3k', 'Alt')
    await terminal.press('Control+Shift+C')
    expect(await seeInClipboard(terminal, '1c\n2g\n3k')).toBe('1c\n2g\n3k')
  })

  it.each(['Control+Shift+V', 'Shift+Insert'])('is pasted with %s', async (key) => {
    const terminal = await printed('true')
    await putIntoClipboard(terminal, 'echo pas""ted')
    await terminal.press(key)
    await terminal.press('Enter')
    await terminal.seeRow('pasted')
  })

  it('with several lines shows them and asks first, and joins them if asked to', async () => {
    const terminal = await printed('true')
    // A program that does not know bracketed pastes.
    await terminal.type('cat\n')
    await terminal.seeText('cat')
    await putIntoClipboard(terminal, 'one\n  two\nthree\nfour\n')
    await terminal.press('Control+Shift+V')
    const sheet = terminal.panel.getByRole('dialog', { name: 'Paste 4 lines?' })
    await sheet.waitFor()
    expect(await sheet.getByRole('button').allInnerTexts()).toEqual(['Paste 4 lines', 'Join as one line', 'Cancel'])
    if (picture) await terminal.panel.screenshot({ path: `${picture}/paste-ask.png` })
    await sheet.getByRole('button', { name: 'Join as one line' }).click()
    await terminal.press('Enter')
    await terminal.seeText('one two three four\none two three four')
    await putIntoClipboard(terminal, 'a\u001b[201~b')
    await terminal.press('Shift+Insert')
    await terminal.panel.getByRole('alertdialog').waitFor()
    if (picture) await terminal.panel.screenshot({ path: `${picture}/paste-hidden.png` })
    await terminal.button('Paste without them').click()
    await terminal.press('Enter')
    await terminal.seeText('ab\nab')
  })

  it('goes where the host wants it: with the right button, and whatever is selected', async () => {
    const terminal = await printed(`printf 'needle\\n'`, `{ rightClick: 'copy-or-paste', copyOnSelect: true }`)
    await select(terminal, 'needle', 'needle')
    expect(await seeInClipboard(terminal, 'needle')).toBe('needle')
    await putIntoClipboard(terminal, 'other')
    const place = await cellOf(terminal, 'needle')
    await terminal.page.mouse.click(place.x, place.y, { button: 'right' })
    expect(await seeInClipboard(terminal, 'needle')).toBe('needle')
    await putIntoClipboard(terminal, 'echo ri""ght')
    await terminal.page.mouse.click(place.x, place.y + 100, { button: 'right' })
    await terminal.seeText('$ echo ri""ght')
  })

  const middleClick = async ({ page }: TerminalPage, at: { x: number; y: number }): Promise<void> =>
    page.mouse.click(at.x, at.y, { button: 'middle' })

  it('is pasted by the middle button where the host wants that, by the rules of pasting', async () => {
    const terminal = await printed(`printf 'chosen\\n'`, `{ middleClick: 'paste' }`)
    const place = await cellOf(terminal, 'chosen')
    await putIntoClipboard(terminal, 'echo mid""dle')
    await middleClick(terminal, { x: place.x, y: place.y + 100 })
    await terminal.seeText('$ echo mid""dle')
    await terminal.press('Enter')
    await terminal.seeRow('middle')
    // Several lines are asked about, as they are by any other way, where the program did not ask to be told of pastes.
    await terminal.type('cat\n')
    await terminal.seeText('$ cat')
    await putIntoClipboard(terminal, 'one\ntwo')
    await middleClick(terminal, { x: place.x, y: place.y + 100 })
    await terminal.panel.getByRole('dialog', { name: /Paste 2 lines/ }).waitFor()
  })

  it('is left alone by the middle button where the host wants that, and where a program has the mouse', async () => {
    const terminal = await printed(`printf 'chosen\\n'`, `{ middleClick: 'nothing' }`)
    const place = await cellOf(terminal, 'chosen')
    await select(terminal, 'chosen', 'chosen')
    await middleClick(terminal, { x: place.x, y: place.y + 100 })
    await terminal.type('echo no""thing\n')
    await terminal.seeRow('nothing')
    expect((await terminal.rows()).filter((row) => row.includes('chosen'))).toHaveLength(1)

    const program = await printed(`printf 'chosen\\n'`, `{ middleClick: 'paste' }`)
    await putIntoClipboard(program, 'from the clipboard')
    await program.type(`printf '\\e[?1000h\\e[?1006h'; cat -v\n`)
    await program.seeText('cat -v')
    const at = await cellOf(program, 'chosen')
    await middleClick(program, at)
    await program.press('Enter')
    await program.seeText(/\^\[\[<1;\d+;\d+M\^\[\[<1;\d+;\d+m/)
    expect(await program.screenText()).not.toContain('from the clipboard')
  })

  it('is not needed for what was selected: the middle button pastes that, as X11 has it', async () => {
    const terminal = await printed(`printf 'chosen\\n'`)
    const place = await cellOf(terminal, 'chosen')
    await select(terminal, 'chosen', 'chosen')
    await middleClick(terminal, { x: place.x, y: place.y + 100 })
    await terminal.seeText('$ chosen')
  })

  it('that the page may not read is told, with the keys that paste', async () => {
    const terminal = await printed('true', '{}', await window())
    await terminal.button('More').click()
    await terminal.panel.getByRole('menuitem', { name: /^Paste/ }).click()
    await terminal.seeStatus(/^Press Ctrl Shift V to paste\.$/)
    if (picture) await terminal.panel.screenshot({ path: `${picture}/cannot-paste.png` })
  })

  it('is neither read nor written by a program, and the host hears of each refusal', async () => {
    const terminal = await printed('true', `{ onPolicy: ({ code, fields }) => heard.push([code, fields.why]) }`)
    await putIntoClipboard(terminal, 'mine')
    await terminal.type(`clear; printf '\\e]52;c;%s\\a' $(printf evil | base64); printf '\\e]52;c;?\\a'; echo en""d2\n`)
    await terminal.seeRow('end2')
    expect(await heard(terminal)).toEqual([
      ['clipboard_refused', 'off'],
      ['clipboard_refused', 'read'],
    ])
    expect(await inClipboard(terminal)).toBe('mine')
  })

  it('is written by a program where the host allows it, while somebody is there, and the line tells', async () => {
    const terminal = await printed(
      'true',
      `{ dangerouslyAllowClipboardWrite: { maxBytes: 100 }, onPolicy: ({ code, fields }) => heard.push([code, fields.why]) }`,
    )
    await terminal.type(`clear; printf '\\e]52;;%s\\a' $(printf 'from afar' | base64); echo en""d2\n`)
    await terminal.seeStatus('The program copied text.')
    expect(await seeInClipboard(terminal, 'from afar')).toBe('from afar')
    await terminal.type(
      `printf '\\e]52;c;%s\\a' $(head -c 101 /dev/zero | tr '\\0' x | base64 -w0); printf '\\e]52;c;?\\a'; echo en""d3\n`,
    )
    await terminal.seeRow('end3')
    expect(await heard(terminal)).toEqual([
      ['clipboard_refused', 'size'],
      ['clipboard_refused', 'read'],
    ])
    expect(await inClipboard(terminal)).toBe('from afar')
  })

  it('has a drop for a neighbour: text by the rules of pasting, files by the paths that the host gives', async () => {
    const terminal = await printed(
      'true',
      `{
      onDropFiles: (files) => (files[0].name === 'kept' ? null : files.map(({ name }) => '/srv/up loads/' + name)),
    }`,
    )
    const before = terminal.page.url()
    const drop = (what: { text?: string; file?: string }): Promise<void> =>
      terminal.panel.locator('.xterm-screen').evaluate((screen, { text, file }) => {
        const dataTransfer = new DataTransfer()
        if (text !== undefined) dataTransfer.setData('text/plain', text)
        if (file !== undefined) dataTransfer.items.add(new File(['x'], file))
        const over = new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true })
        screen.dispatchEvent(over)
        const dropped = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
        screen.dispatchEvent(dropped)
        if (!over.defaultPrevented || !dropped.defaultPrevented) throw new Error('The browser would open it.')
      }, what)
    await drop({ text: 'echo dr""op ' })
    // The host wants nothing typed for this one, and says so as pages without types do.
    await drop({ file: 'kept' })
    await drop({ file: `it's.txt` })
    await terminal.press('Enter')
    await terminal.seeRow(`drop /srv/up loads/it's.txt`)
    expect(terminal.page.url()).toBe(before)
  })
})
