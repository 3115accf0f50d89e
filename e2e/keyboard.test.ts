/** Everything without a mouse: the way out of the grid and along the line, menus, dialogs, text size, and keys that the host has changed. */
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import { spokenLine } from './support/spokenLine.ts'
import { TerminalPage } from './support/terminalPage.ts'

const SHELL_MARKS = `PROMPT_COMMAND='printf "\\e]133;D;$?\\a"'; PS1='\\[\\e]133;A\\a\\]$ \\[\\e]133;B\\a\\]'; PS0='\\[\\e]133;C\\a\\]'\n`

/** What has the focus, as somebody hears it. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
  })
}

/** A part that opens takes the focus a moment after it can be seen. */
async function seeFocus(page: Page, name: RegExp): Promise<void> {
  await until(
    `the focus on ${name}`,
    () => focused(page),
    (seen) => name.test(seen),
  )
}

describe.skipIf(withoutBrowser !== null)('a keyboard', () => {
  const { open, window, demo } = useJourneys()

  /** A shell in a page whose panels have these props as well. */
  async function withProps(panelProps: object): Promise<TerminalPage> {
    const context = await window()
    await context.addInitScript((panelProps) => Object.assign(globalThis, { panelProps }), panelProps)
    const page = await context.newPage()
    await page.goto(`${demo().url}?id=${freshId()}`)
    return new TerminalPage(page)
  }

  it('walks out of the grid: marks, sign, Find, More, and on to the page, and back again', async () => {
    const terminal = await open([freshId(), freshId()])
    const { keyboard } = terminal.page
    await terminal.ready()
    await terminal.type(SHELL_MARKS)
    await terminal.type('false\n')
    await terminal.section.locator('.nt-mark').nth(1).waitFor()
    await terminal.press('Escape')
    const stops: string[] = []
    for (let stop = 0; stop < 5; stop++) {
      await keyboard.press('Tab')
      stops.push(await focused(terminal.page))
    }
    expect(stops.slice(0, 4)).toEqual(['Prompt', 'Connection details', 'Find', 'More'])
    expect(await terminal.section.evaluate((section) => section.contains(document.activeElement))).toBe(false)
    for (let stop = 0; stop < 5; stop++) await keyboard.press('Shift+Tab')
    expect(await focused(terminal.page)).toBe('Terminal')
  })

  it('undoes in the shell with Ctrl and /', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('oops')
    await terminal.seeText(/^\$ oops$/m)
    await terminal.press('Control+/')
    await terminal.seePrompt()
  })

  it('sends Tab to the shell unless Escape came just before', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('ech\t')
    await terminal.type('com""pleted\n')
    await terminal.seeRow('completed')
  })

  it('reaches the button of an end before the tools', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('exit\n')
    await terminal.seeStatus('The shell exited with code 0.')
    await terminal.press('Escape')
    const stops: string[] = []
    for (let stop = 0; stop < 3; stop++) {
      await terminal.page.keyboard.press('Tab')
      stops.push(await focused(terminal.page))
    }
    expect(stops.slice(0, 2)).toEqual(['Connection details', 'New shell'])
    expect(stops[2]).toMatch(/^(?:Find|More)$/)
  })

  it('stays in the panel when the button that has it is no longer needed', async () => {
    const id = freshId()
    const terminal = await open(id)
    await terminal.ready()
    const network = demo().network(id)
    network.refuse(true)
    network.cut()
    await terminal.button('Retry now').focus()
    network.restore()
    await terminal.page.keyboard.press('Enter')
    await terminal.seeStatus('Reconnected. Nothing was lost.')
    await seeFocus(terminal.page, /^More$/)
  })

  it('opens the list of shortcuts, stays in it, and comes back to the shell', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.press('Alt+F1')
    const guide = terminal.section.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await guide.waitFor()
    await seeFocus(terminal.page, /^Close$/)
    const rows = await guide.locator('dl > div').allInnerTexts()
    expect(rows.map((row) => row.replace(/\s*\n\s*/g, ': '))).toEqual([
      'Find in output: Ctrl Shift F',
      'Copy selection: Ctrl Shift C',
      'Paste: Ctrl Shift V',
      'Previous command: Ctrl Shift ↑',
      'Next command: Ctrl Shift ↓',
      'Scroll a page: Shift PgUp / PgDn',
      'Jump to the end: Ctrl Shift End',
      'Larger or smaller text: Ctrl Shift + / −',
      'Leave the terminal: Esc, then Tab',
      'Read output as text: Alt F2',
      'Connection details: Alt F3',
      'This list: Alt F1',
    ])
    for (let stop = 0; stop < 3; stop++) await terminal.page.keyboard.press('Tab')
    expect(await guide.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true)
    await terminal.page.keyboard.press('Escape')
    await terminal.page.keyboard.type('echo ba""ck\n')
    await terminal.seeRow('back')
  })

  it('has a menu of everything that works, moves in it by arrows and letters, and Escape gives the button back', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const { keyboard } = terminal.page
    await terminal.button('More').focus()
    await keyboard.press('Enter')
    const menu = terminal.section.getByRole('menu', { name: 'More' })
    await seeFocus(terminal.page, /^Find/)
    await keyboard.press('ArrowUp')
    await seeFocus(terminal.page, /^Keyboard shortcuts/)
    await keyboard.press('o')
    await seeFocus(terminal.page, /^Output as text/)
    await keyboard.press('Escape')
    await menu.waitFor({ state: 'detached' })
    await seeFocus(terminal.page, /^More$/)
    await keyboard.press('Enter')
    await seeFocus(terminal.page, /^Find/)
    await keyboard.press('k')
    await keyboard.press('Enter')
    await terminal.section.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  })

  it('has one thing over the view at a time, and comes back to what it was in before', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const { page } = terminal
    const overView = () =>
      terminal.section.locator('[role=dialog], [role=menu]').evaluateAll((all) => all.map((one) => one.classList[0]))
    const see = (what: string, ...classes: string[]) => until(what, overView, (seen) => seen.join() === classes.join())
    await terminal.press('Alt+F1')
    await seeFocus(page, /^Close$/)
    await page.keyboard.press('Alt+F2')
    await see('the output as text alone', 'nt-text')
    await seeFocus(page, /^Terminal output$/)
    await page.keyboard.press('Control+Shift+F')
    await see('nothing over the view')
    await seeFocus(page, /^Find$/)
    await page.keyboard.press('Alt+F1')
    await see('the shortcuts', 'nt-guide')
    await seeFocus(page, /^Close$/)
    await page.keyboard.press('Escape')
    await seeFocus(page, /^Find$/)
    await page.keyboard.press('Escape')
    await seeFocus(page, /^Terminal$/)

    await terminal.button('More').click()
    await see('the menu', 'nt-menu')
    await page.keyboard.press('Alt+F1')
    await see('the shortcuts alone', 'nt-guide')
    await page.keyboard.press('Alt+F1')
    await see('nothing over the view again')
    await seeFocus(page, /^Terminal$/)
  })

  it('gets its menu closed by the button that opened it', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const menu = terminal.section.getByRole('menu')
    await terminal.button('More').click()
    await menu.waitFor()
    await terminal.button('More').click()
    await menu.waitFor({ state: 'detached' })
  })

  it('looks back by pages and jumps to the end', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('seq 1 500\n')
    await terminal.seeRow('500')
    const first = async () => Number((await terminal.rows())[0])
    await terminal.press('Shift+PageUp')
    const back = await until('older rows', first, (row) => row < 470)
    await terminal.press('Shift+PageUp')
    await until('still older rows', first, (row) => row < back)
    await terminal.press('Shift+PageDown')
    await until('a page further down', first, (row) => row === back)
    await terminal.press('Control+Shift+End')
    await terminal.seeRow('500')
  })

  it('makes the text larger and smaller, and the shell hears of it', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const before = await terminal.sttySize()
    for (let step = 0; step < 3; step++) await terminal.press('Control+Shift++')
    const larger = await until(
      'a smaller grid',
      () => terminal.sttySize(),
      ({ cols }) => cols < before.cols,
    )
    expect(larger.rows).toBeLessThan(before.rows)
    for (let step = 0; step < 3; step++) await terminal.press('Control+Shift+_')
    await until(
      'the grid as it was',
      () => terminal.sttySize(),
      ({ cols, rows }) => cols === before.cols && rows === before.rows,
    )
  })

  it('leaves every other key to a full-screen program', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('seq 1 500 > /tmp/keys-$$; less /tmp/keys-$$; rm /tmp/keys-$$\n')
    await terminal.seeRow('1')
    await terminal.page.keyboard.press('Alt+F1')
    await terminal.section.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await terminal.page.keyboard.press('Escape')
    await terminal.page.keyboard.press('Space')
    await until(
      'the next page of the program',
      async () => Number((await terminal.rows())[0]),
      (row) => row > 10,
    )
    await terminal.page.keyboard.type('q')
  })

  it('opens the connection details and closes them', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.press('Alt+F3')
    const details = terminal.section.getByRole('dialog', { name: 'Connection details' })
    await details.waitFor()
    await terminal.page.keyboard.press('Escape')
    await details.waitFor({ state: 'detached' })
  })

  it('has the keys that the host wants, and the shell has those that it does not', async () => {
    const terminal = await withProps({ shortcuts: { guide: ['Ctrl+Alt+H'], details: false } })
    await terminal.ready()
    await terminal.type('cat -v\n')
    await terminal.seeText('cat -v')
    await terminal.press('Alt+F1')
    await terminal.press('Alt+F3')
    await terminal.press('Enter')
    await terminal.seeText('^[[1;3P^[[1;3R')
    await terminal.press('Control+Alt+h')
    const guide = terminal.section.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await guide.waitFor()
    expect(await guide.innerText()).toContain('Ctrl Alt H')
    expect(await guide.innerText()).not.toContain('Connection details')
  })

  it('does nothing where a person may only look, and they hear so once', async () => {
    const terminal = await withProps({ viewOnly: { typing: 'Ana' } })
    await terminal.seeStatus('View only. Ana is typing.')
    await terminal.seeText('$')
    const before = await terminal.screenText()
    const said = await spokenLine(terminal)
    const refusal = 'You can look here, but not type.'
    await terminal.type('ec')
    await until('the refusal', said, (all) => all.includes(refusal))
    await terminal.type('ho hi\n')
    await terminal.paste('one\ntwo\n')
    await terminal.press('Alt+F1')
    await terminal.section.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    expect(await terminal.screenText()).toBe(before)
    expect(await terminal.section.getByRole('dialog').count()).toBe(1)
    expect((await said()).filter((sentence) => sentence === refusal)).toHaveLength(1)
  })

  it('finds a panel in the accessibility tree with names and roles, and no row of the grid twice', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const tree = async () => (await terminal.section.locator('section.nt').ariaSnapshot()).replace(/e2e-\w+/, 'shop')
    // A prompt is said when it stands, and the line keeps its words from before for a moment.
    const isSaid = (tree: string) => tree.includes('- paragraph: $\n') && tree.includes('- status: Terminal ready.')
    const whole = await until('a prompt that was said, and the line of a shell that is ready', tree, isSaid)
    const withoutOutput = whole.replace(/^ +- paragraph: (?!To leave).*\n/gm, '').replace('output":', 'output"')
    expect(withoutOutput).toMatchInlineSnapshot(`
      "- region "Terminal shop":
        - textbox "Terminal"
        - log "Terminal output"
        - group "Terminal status":
          - button "Connection details"
          - text: shell
          - button "Find"
          - button "More"
        - status: Terminal ready.
        - alert
        - paragraph: To leave the terminal press Escape, then Tab."
    `)
    expect(whole.split('ready\n')).toHaveLength(2)
  })
})

describe.skipIf(withoutBrowser !== null)('tabs', () => {
  const { demo, window } = useJourneys()

  it('are walked with arrows, keep their shells alive, and close with Delete', async () => {
    const page = await (await window()).newPage()
    const ids = [freshId(), freshId(), freshId()]
    await page.goto(`${demo().url}?${ids.map((id) => `id=${id}`).join('&')}&tabs`)
    const panel = (id: string) => page.getByRole('tabpanel', { name: id })
    const type = async (id: string, text: string) => {
      const field = panel(id).getByRole('textbox', { name: 'Terminal' })
      // The field of the first paint goes as soon as the emulator's has taken over.
      await panel(id).locator('textarea').waitFor({ state: 'attached' })
      await until(
        'the field of the grid alone',
        () => field.count(),
        (count) => count === 1,
      )
      await field.focus()
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
    }
    const [one = '', two = '', three = ''] = ids
    await type(one, 'mine=yes; echo fi""rst')
    await panel(one).getByRole('log').getByText('first', { exact: true }).waitFor({ state: 'attached' })
    await page.getByRole('tab', { name: one }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).toBe(two)
    await type(two, 'exit 3')
    await page.getByRole('tab', { name: `${two}, exited with code 3` }).focus()
    await page.keyboard.press('Delete')
    await page.getByRole('tab', { name: two }).waitFor({ state: 'detached' })
    expect(await focused(page)).toBe(three)
    await page.keyboard.press('Home')
    await type(one, 'echo still ${mine}')
    await panel(one).getByRole('log').getByText('still yes', { exact: true }).waitFor({ state: 'attached' })
  })
})
