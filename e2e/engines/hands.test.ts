/** Hands and ears in Firefox and in WebKit: links that are followed, the right button, blocks, text that is dropped, extra keys, fingers, and what is said aloud. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../../src/testing/page/until.ts'
import { type BuiltPage, servePage } from '../support/builtPage.ts'
import { inPage } from '../support/engines/engine.ts'
import { withoutKeyboard } from '../support/engines/display.ts'
import { EnginePanel } from '../support/engines/enginePanel.ts'
import { embeddedAt, inEachEngine } from '../support/engines/inEachEngine.ts'
import { typing } from '../support/engines/keys.ts'

inEachEngine('opens what its output names', ({ demo, engine, open }) => {
  /** The tab that opened last tells where it is and what it knows of the terminal, and is closed. */
  async function whereItWent(before: readonly string[]) {
    const after = await until(
      'a tab of its own',
      () => engine().tabs(),
      (tabs) => tabs.length > before.length,
    )
    expect(after.length).toBe(before.length + 1)
    const opened = after.find((tab) => !before.includes(tab)) ?? ''
    await engine().use(opened)
    const look = () => [location.href, globalThis.opener === null, document.referrer] as const
    const seen = await until(
      'its page',
      () => inPage(engine(), look),
      ([href]) => href.startsWith('http'),
    )
    await engine().use(before[0] ?? '')
    await engine().closeTab(opened)
    return seen
  }

  /** As `printf` has it: WebKitWebDriver may type a colon without its Shift. */
  const printable = (address: string): string => address.replaceAll(':', '\\072')

  it('a link, with Ctrl and a click, in a page that knows nothing of this one', async () => {
    const { panel, id } = await open()
    const address = `${demo().url}demo/networks/${id}`
    await panel.type(`clear; printf '${printable(address)}\\n'\n`)
    await panel.seeRow(address)
    await panel.pointAt(address)
    await panel.seeStatus(new RegExp(`^${address} Ctrl-click opens$`))
    const before = await engine().tabs()
    await panel.follow(address)
    expect(await whereItWent(before)).toEqual([address, true, ''])
  })

  it('after a question, where the text is not the address, and nothing but web and mail', async () => {
    const { panel, id } = await open()
    const address = `${demo().url}demo/networks/${id}`
    const link = (text: string, target: string): string => `\\e]8;;${printable(target)}\\e\\\\${text}\\e]8;;\\e\\\\`
    await panel.type(`clear; printf '${link('guide', address)} ${link('harmless', 'file:///etc/passwd')}\\n'\n`)
    await panel.seeRow('guide harmless')
    const before = await engine().tabs()
    await panel.follow('guide')
    await panel.seeDialog('Open this address?')
    expect(await engine().tabs()).toEqual(before)
    await panel.pressNamed('Open in new tab')
    expect(await whereItWent(before)).toEqual([address, true, ''])
    await panel.follow('harmless')
    await until(
      'the question',
      () => panel.inTree((tree) => tree.querySelector<HTMLElement>('[role="dialog"]')?.innerText ?? ''),
      (text) => text.includes('Only web and mail addresses open.') && !text.includes('Open in new tab'),
    )
    await panel.pressNamed('Cancel')
    await panel.seeNoDialog()
    expect(await engine().tabs()).toEqual(before)
  })

  it('selects a block with Alt', async () => {
    const { panel } = await open()
    await panel.type(`clear; printf 'ab1cd\\nef2gh\\nij3kl\\n'; cat\n`)
    await panel.seeRow('ij3kl')
    await panel.selectBlock('1c', '3k')
    await panel.press('Control+Shift+C')
    await panel.focus()
    await panel.press('Control+Shift+V')
    await panel.seeDialog('Paste 3 lines?')
    await panel.pressNamed('Join as one line')
    await panel.seeText('1c 2g 3k')
  })
})

inEachEngine('is touched and heard', ({ name, engine, open }) => {
  let site: BuiltPage

  beforeAll(async () => {
    site = await servePage(join(import.meta.dirname, '../embedding'))
  })
  afterAll(() => site.close())

  async function shown(props: object): Promise<EnginePanel> {
    await engine().go(embeddedAt(site.url, props))
    const panel = new EnginePanel(engine())
    await panel.seeState('ready')
    await panel.type('echo begun\n')
    await panel.seeRow('begun')
    return panel
  }

  it('copies with the right button where the host wants that', async () => {
    const panel = await shown({ rightClick: 'copy-or-paste', renderer: 'dom' })
    await panel.type('echo needle\n')
    await panel.seeRow('needle')
    await panel.select('needle')
    const selected = () => panel.inTree((tree) => tree.querySelectorAll('.xterm-selection > div').length)
    await until('the selection', selected, (count) => count > 0)
    await panel.clickWith('right', 'needle')
    // What was copied is no longer selected.
    await until('no selection', selected, (count) => count === 0)
    await panel.focus()
    await panel.press('Control+Shift+V')
    await panel.press('Enter')
    await panel.seeText('needle: command not found')
  })

  const how = name === 'Firefox' ? 'finger' : 'pointer'

  it(`sends what extra keys say, pressed by a ${how}, and keeps the focus`, async () => {
    const panel = await shown({ softKeys: 'always' })
    await panel.type('echo first\n')
    await panel.seeRow('first')
    await panel.focus()
    await panel.pressNamed('Up', how)
    await panel.seeText('$ echo first')
    await panel.seeFocus('Terminal')
    await panel.pressNamed('Ctrl', how)
    const isPressed = () =>
      panel.inTree((tree) => {
        const key = [...tree.querySelectorAll('.nt-key')].find((each) => each.textContent.trim() === 'Ctrl')
        return key?.getAttribute('aria-pressed') ?? ''
      })
    await until('Ctrl to wait for a key', isPressed, (pressed) => pressed === 'true')
    await engine().perform(typing('c'))
    await panel.seeText('^C')
    expect(await isPressed()).toBe('false')
    await panel.pressNamed('More keys', how)
    await panel.pressNamed('Pipe', how)
    await panel.seeText('$ |')
    await panel.seeFocus('Terminal')
  })

  it('takes text that is dropped as it takes a paste', async () => {
    const { panel } = await open()
    await panel.type('cat\n')
    await panel.seeText('cat')
    await panel.inTree((tree) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.setData('text/plain', 'dropped')
      const screen = tree.querySelector('.xterm-screen')
      for (const type of ['dragover', 'drop']) {
        const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true })
        screen?.dispatchEvent(event)
        if (!event.defaultPrevented) throw new Error('The browser would open it.')
      }
    })
    await panel.press('Enter')
    await until(
      'it, typed and given back',
      () => panel.rows(),
      (rows) => rows.filter((row) => row === 'dropped').length === 2,
    )
  })

  // Firefox tells its page of a focus only where its window has it, which a click of the display gives.
  const noFocus = name === 'Firefox' ? withoutKeyboard : null

  it.skipIf(noFocus !== null)(
    'says each of a hundred lines once, in order, then the prompt, and not what was typed',
    async () => {
      const { panel } = await open()
      if (name === 'Firefox') await engine().pressReal('End')
      const said = await panel.listen()
      await panel.type('echo liste""ning\n')
      const ends = (line: string) => (all: readonly string[]) => all.at(-2) === line && all.at(-1) === '$'
      const before = await until('a prompt', said, ends('listening'))
      await panel.type(`seq -f 'line %g' 1 100\n`)
      const all = await until('the last line and a prompt', said, ends('line 100'))
      expect(all.slice(before.length)).toEqual([...Array.from({ length: 100 }, (_, index) => `line ${index + 1}`), '$'])
      const region = await panel.inTree((tree) => {
        const log = tree.querySelector('[role="log"]')
        return [
          log?.getAttribute('aria-label'),
          log?.getAttribute('aria-live'),
          tree.querySelector('.xterm-rows')?.closest('[aria-hidden="true"]') !== null,
        ]
      })
      expect(region).toEqual(['Terminal output', 'polite', true])
    },
  )
})
