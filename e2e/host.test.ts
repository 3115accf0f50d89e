/** What a host gets of a panel and asks of it, in a real browser: each event, each call of the handle, slots, addons. */
import { describe, expect, it } from 'vitest'
import type { TerminalPanelHandle } from '../src/react/index.ts'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { cellOf } from './support/cells.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import { puppets, type Puppet } from './support/puppet.ts'
import type { TerminalPage } from './support/terminalPage.ts'

/** What the demo's page holds. */
interface Held {
  readonly terminals: readonly TerminalPanelHandle[]
}

const PROMPT = '\u001b]133;A\u0007$ \u001b]133;B\u0007'
const command = (text: string, output: string, code: number): string =>
  `${text}\u001b]633;E;${text}\u0007\u001b]133;C\u0007\r\n${output}\r\n\u001b]133;D;${code}\u0007${PROMPT}`

describe.skipIf(withoutBrowser !== null)(`a host${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const programs = puppets()
  const { open, window } = useJourneys({ backend: programs.backend })

  /** `props` is code of the page; what it pushes into `heard` is what the host has heard. */
  async function panelWith(props = '{}'): Promise<{ terminal: TerminalPage; puppet: Puppet }> {
    const context = await window({ permissions: ['clipboard-read', 'clipboard-write'] })
    await context.addInitScript(`globalThis.heard = []; globalThis.panelProps = ${props}`)
    const id = freshId()
    const terminal = await open(id, context)
    const puppet = await programs.of(id)
    await terminal.seeState('ready')
    return { terminal, puppet }
  }

  const seeHeard = ({ page }: TerminalPage, ...wanted: readonly unknown[]): Promise<unknown> =>
    until(
      `the events ${JSON.stringify(wanted)}`,
      () => page.evaluate<unknown[]>('heard'),
      (heard) => wanted.every((one) => heard.some((each) => JSON.stringify(each) === JSON.stringify(one))),
    )

  /** Asks the handle in the page; what it answers comes back as data. */
  const ask = <T>({ page }: TerminalPage, fn: (handle: TerminalPanelHandle) => T): Promise<Awaited<T>> =>
    page.evaluate<Awaited<T>>(`(${fn})(globalThis.terminals[0])`)

  it('hears what happens in the terminal, each thing once', async () => {
    const { terminal, puppet } = await panelWith(`{
      onReady: ({ resumed }) => heard.push(['ready', resumed]),
      onData: (bytes) => (globalThis.bytes = (globalThis.bytes ?? 0) + bytes.length),
      onTitle: (title) => heard.push(['title', title]),
      onBell: () => heard.push(['bell']),
      onCwd: (path) => heard.push(['cwd', path]),
      onProgress: (progress) => heard.push(['progress', progress && progress.percent]),
      onCommand: ({ command, exitCode }) => heard.push(['command', command, exitCode]),
      onPolicy: ({ code }) => heard.push(['policy', code]),
      onDiagnostic: ({ code }) => heard.push(['diagnostic', typeof code]),
      onClose: ({ reason, code }) => heard.push(['close', reason]),
      onError: ({ message }) => heard.push(['error', message]),
      onSaveOutput: ({ type, text }) => heard.push(['save', type, text.includes('saved')]),
      addons: [() => Promise.reject(new Error('This addon is gone.'))],
    }`)
    const printed =
      `${PROMPT}${command('make', 'saved', 2)}\u001b]0;a title\u0007\u0007\u001b]7;file://host/srv/shop\u0007` +
      '\u001b]9;4;1;42\u0007\u001b]52;c;?\u0007'
    puppet.print(printed)
    await seeHeard(
      terminal,
      ['ready', false],
      ['title', 'a title'],
      ['bell'],
      ['cwd', '/srv/shop'],
      ['progress', 42],
      ['command', 'make', 2],
      ['policy', 'clipboard_refused'],
      ['diagnostic', 'string'],
      ['error', 'An addon of the terminal could not be loaded.'],
    )
    expect(await terminal.page.evaluate('bytes')).toBe(new TextEncoder().encode(printed).length)
    await ask(terminal, (handle) => handle.save('text'))
    await ask(terminal, (handle) => handle.disconnect())
    await seeHeard(terminal, ['save', 'text/plain', true], ['close', 'user_closed'])
    const heard = await terminal.page.evaluate<readonly [string, ...unknown[]][]>('heard')
    const once = heard.filter(([name]) => !['diagnostic', 'progress'].includes(name)).map((one) => JSON.stringify(one))
    expect(once).toEqual([...new Set(once)])
  })

  it('loses nothing where its handlers throw, and hears of each', async () => {
    const { terminal, puppet } = await panelWith(`Object.fromEntries([
      ...['onReady', 'onData', 'onTitle', 'onBell', 'onCwd', 'onProgress', 'onCommand', 'onPolicy', 'onDiagnostic', 'onClose'].map((name) => [
        name,
        () => {
          throw new Error(name)
        },
      ]),
      ['onError', ({ message, cause }) => heard.push([message, cause && cause.message])],
    ])`)
    puppet.print(
      `${PROMPT}${command('make', 'built', 2)}\u001b]0;a title\u0007\u0007\u001b]7;file://host/srv/shop\u0007` +
        '\u001b]9;4;1;42\u0007\u001b]52;c;?\u0007\r\nand on\r\n',
    )
    await terminal.seeText('and on')
    puppet.print('and on again\r\n')
    await terminal.seeText('and on again')
    await ask(terminal, (handle) => handle.disconnect())
    await terminal.seeState('user_closed')
    await seeHeard(
      terminal,
      ...[
        'onReady',
        'onData',
        'onTitle',
        'onBell',
        'onCwd',
        'onProgress',
        'onCommand',
        'onPolicy',
        'onDiagnostic',
        'onClose',
      ].map((name) => [`The handler ${name} has thrown.`, name]),
    )
  })

  it('types, pastes, clears and scrolls', async () => {
    const { terminal, puppet } = await panelWith()
    await ask(terminal, (handle) => handle.focus())
    expect(await terminal.page.evaluate(() => document.activeElement?.classList.contains('xterm-helper-textarea'))).toBe(true)
    await ask(terminal, (handle) => handle.write('typed\r'))
    await ask(terminal, (handle) => handle.paste('pasted'))
    await until(
      'what was typed and pasted',
      () => Promise.resolve(puppet.heard()),
      (heard) => heard === 'typed\rpasted',
    )
    puppet.print(Array.from({ length: 200 }, (_, line) => `row ${line}\r\n`).join(''))
    await terminal.seeText('row 199')
    const top = async () => (await terminal.rows())[0]
    await ask(terminal, (handle) => handle.scrollTo('start'))
    await until('the first row', top, (row) => row === 'row 0')
    await ask(terminal, (handle) => handle.scrollTo(50))
    await until('row 50', top, (row) => row === 'row 50')
    await ask(terminal, (handle) => handle.scrollTo('end'))
    await terminal.seeText('row 199')
    await ask(terminal, (handle) => handle.clear())
    await until(
      'an empty terminal',
      async () => (await terminal.everything()).join(''),
      (text) => text === '',
    )
    expect(puppet.heard()).toBe('typed\rpasted')
    const before = [...puppet.sizes()]
    await ask(terminal, (handle) => handle.fit())
    await terminal.press('x')
    await until(
      'the key',
      () => Promise.resolve(puppet.heard()),
      (heard) => heard.endsWith('x'),
    )
    expect(puppet.sizes()).toEqual(before)
  })

  it('reads what stands there: as text, with colours, selected, found', async () => {
    const { terminal, puppet } = await panelWith()
    puppet.print('plain \u001b[31mred\u001b[0m <b>\r\nplain again\r\n')
    await terminal.seeText('plain again')
    expect((await ask(terminal, (handle) => handle.serializeText())).trim()).toBe('plain red <b>\nplain again')
    expect((await ask(terminal, (handle) => handle.serialize('text'))).trim()).toBe('plain red <b>\nplain again')
    const html = await ask(terminal, (handle) => handle.serialize('html'))
    // The page of the terminal makes no elements of text; this one is what somebody opens who has saved it.
    const page = await terminal.page.context().newPage()
    await page.setContent(html)
    const shown = await page.evaluate(() => {
      const red = [...document.querySelectorAll('[style]')].find((each) => each.textContent === 'red')
      return {
        text: document.body.innerText,
        colours: red === undefined ? [] : [getComputedStyle(red).color, getComputedStyle(document.body).color],
        elements: document.querySelectorAll('b, script').length,
      }
    })
    await page.close()
    expect(shown.text).toContain('plain red <b>')
    expect(new Set(shown.colours).size).toBe(2)
    expect(shown.elements).toBe(0)
    const [from, to] = [await cellOf(terminal, 'red'), await cellOf(terminal, 'red', 2)]
    await terminal.page.mouse.move(from.x - 3, from.y)
    await terminal.page.mouse.down()
    await terminal.page.mouse.move(to.x + 3, to.y, { steps: 3 })
    await terminal.page.mouse.up()
    expect(await ask(terminal, (handle) => handle.selection())).toBe('red')
    expect(await ask(terminal, (handle) => handle.search('plain'))).toMatchObject({ total: 2, more: false })
    await terminal.seeState('search')
    await ask(terminal, (handle) => handle.clearSearch())
    await terminal.seeState('ready')
  })

  it('walks through commands and copies what the last one printed', async () => {
    const { terminal, puppet } = await panelWith()
    puppet.print(PROMPT + command('first', 'one', 0) + command('second', 'two\r\nthree', 1))
    await terminal.seeText('three')
    await until(
      'both commands',
      () => ask(terminal, (handle) => handle.commands().map(({ command, exitCode }) => [command, exitCode])),
      (commands) => JSON.stringify(commands) === '[["first",0],["second",1]]',
    )
    expect(await ask(terminal, (handle) => handle.copyLastOutput())).toBe(true)
    await until(
      'the output in the clipboard',
      () => terminal.page.evaluate(() => navigator.clipboard.readText()),
      (text) => text.trim() === 'two\nthree',
    )
    expect(await ask(terminal, (handle) => [handle.previousCommand(), handle.nextCommand(), handle.nextCommand()])).toEqual([
      true,
      true,
      false,
    ])
  })

  it('shows the details, reports a bug, ends the shell and gets a new one', async () => {
    const { terminal } = await panelWith()
    await ask(terminal, (handle) => handle.showDetails(true))
    const details = terminal.panel.getByRole('dialog', { name: 'Connection details' })
    await details.waitFor()
    await ask(terminal, (handle) => handle.showDetails(false))
    await details.waitFor({ state: 'detached' })
    expect(await ask(terminal, (handle) => JSON.stringify(handle.bugReport({ build: 7 })))).toContain('"build":7')
    await ask(terminal, (handle) => handle.disconnect())
    await terminal.seeState('user_closed')
    await ask(terminal, (handle) => handle.reconnect())
    await terminal.seeState('ready')
  })

  it('is asked to sign somebody in, and gets the report that a person saves', async () => {
    const context = await window()
    await context.addInitScript(`globalThis.heard = []; globalThis.panelProps = {
      onSignIn: () => heard.push(['sign in']),
      onBugReport: ({ version }) => heard.push(['report', typeof version]),
    }`)
    await context.route('**/terminal-token', (route) => route.fulfill({ status: 401, json: {} }))
    const terminal = await open(freshId(), context)
    await terminal.button('Sign in again').click()
    await seeHeard(terminal, ['sign in'])
    await context.unroute('**/terminal-token')
    await ask(terminal, (handle) => handle.reconnect())
    await terminal.seeState('ready')
    await ask(terminal, (handle) => handle.showDetails(true))
    await terminal.button('Save report').click()
    await seeHeard(terminal, ['report', 'number'])
  })

  it('takes the terminal over from another tab', async () => {
    const { terminal } = await panelWith()
    const other = await terminal.page.context().newPage()
    await other.goto(terminal.page.url())
    await until(
      'the other tab to be told',
      () => other.locator('[data-state]').first().getAttribute('data-state'),
      (state) => state === 'allocation_busy',
    )
    await other.evaluate(() => (globalThis as unknown as Held).terminals[0]?.takeOver())
    await other.locator('[data-state="ready"]').waitFor()
    await terminal.seeState('superseded')
  })

  it('records output, and only what comes from then on', async () => {
    const { terminal, puppet } = await panelWith()
    puppet.print('before\r\n')
    await terminal.seeText('before')
    await terminal.page.evaluate(async () => {
      const page = globalThis as unknown as Held & { recording: unknown }
      page.recording = await page.terminals[0]?.record({ title: 'A build' })
    })
    puppet.print('\u001b[32mwhile\u001b[0m it records\r\n')
    await terminal.seeText('it records')
    const cast = await terminal.page.evaluate<string>('recording.stop()')
    const [header, ...events] = cast
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    const { size } = await terminal.text()
    expect(header).toMatchObject({ version: 2, width: size.cols, height: size.rows, title: 'A build' })
    const output = events.map((event) => (event as [number, string, string])[2]).join('')
    expect(output).toBe('\u001b[32mwhile\u001b[0m it records\r\n')
  })

  it('draws in the line and over the view, and the line keeps its height', async () => {
    const plain = await panelWith()
    const height = (terminal: TerminalPage) =>
      terminal.panel.locator('.nt-line').evaluate((line) => line.getBoundingClientRect().height)
    const before = await height(plain.terminal)
    const { terminal } = await panelWith(`{ slots: {
      status: (usual, { line }) => [usual, 'in the line: ' + line.id],
      overlay: (usual, { handle }) => [usual, 'over the view'],
    } }`)
    await terminal.seeStatus('in the line: ready')
    expect(await terminal.panel.innerText()).toContain('over the view')
    expect(await height(terminal)).toBe(before)
  })

  it('adds an addon of xterm.js, and counts cells by grapheme clusters', async () => {
    const { terminal, puppet } = await panelWith(`{
      graphemes: true,
      addons: [async () => ({ activate: (terminal) => heard.push(['addon', typeof terminal.registerDecoration]), dispose() {} })],
    }`)
    await seeHeard(terminal, ['addon', 'function'])
    // A family of four is one cluster, two cells wide.
    puppet.print('👩‍👩‍👧‍👦|\r\n\u001b[6n')
    await terminal.seeText('|')
    puppet.print('👩‍👩‍👧‍👦\u001b[6n')
    await until(
      'the place of the cursor',
      () => Promise.resolve(puppet.heard()),
      (heard) => heard.includes('\u001b[2;3R'),
    )
  })
})
