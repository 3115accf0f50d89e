/** Where a panel is, in Firefox and in WebKit: in two tabs, out of sight, in StrictMode, under strict policies, in a shadow tree, in a frame without an origin. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TerminalPanelHandle } from '../../src/react/index.ts'
import { typeIntoTerminal } from '../../src/testing/page/readTerminal.ts'
import { until } from '../../src/testing/page/until.ts'
import { type BuiltPage, servePage } from '../support/builtPage.ts'
import { inPage } from '../support/engines/engine.ts'
import { EnginePanel } from '../support/engines/enginePanel.ts'
import { embeddedAt, inEachEngine } from '../support/engines/inEachEngine.ts'
import { typing } from '../support/engines/keys.ts'
import { addressOf, freshId, startJourneyDemo } from '../support/journeys.ts'

const STRICTEST = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')
const TRUSTED = `${STRICTEST}; require-trusted-types-for 'script'; trusted-types 'none'`
/** Scripts of a page without an origin are asked for as those of a stranger are. */
const FOR_FRAMES = { 'Access-Control-Allow-Origin': '*' }

inEachEngine('is in more than one place', ({ demo, engine, open }) => {
  /** The tab that is not among these. */
  const opened = async (before: readonly string[]): Promise<string> => {
    const after = await until(
      'another tab',
      () => engine().tabs(),
      (tabs) => tabs.length > before.length,
    )
    return after.find((tab) => !before.includes(tab)) ?? ''
  }

  it('tells a duplicated tab, which may take over, and then tells the first', async () => {
    const { panel } = await open()
    const before = await engine().tabs()
    await panel.type('mine=$$; echo st""ill\n')
    await panel.seeRow('still')
    await inPage(engine(), () => {
      const link = Object.assign(document.createElement('a'), { href: location.href, target: '_blank', rel: 'opener' })
      // A tab that a page opens has a copy of its storage, as a duplicate has.
      const button = Object.assign(document.createElement('button'), { textContent: 'Duplicate', onclick: () => link.click() })
      document.querySelector('.demo-header')?.prepend(button)
    })
    await panel.pressNamed('Duplicate')
    const second = await opened(before)
    await engine().use(second)
    await panel.seeStatus(/^This terminal is open in another tab\. Take over here$/)
    await panel.pressNamed('Take over here')
    await panel.seeRow('still')
    await panel.type('[ $mine = $$ ] && echo sa""me\n')
    await panel.seeRow('same')
    await engine().use(before[0] ?? '')
    await panel.seeStatus(/^Another tab took over this terminal\. Take over here$/)
    await engine().closeTab(second)
  })

  it('tells another window, which may take over', async () => {
    const { panel, id } = await open()
    const [first = ''] = await engine().tabs()
    const second = await engine().newTab()
    await engine().use(second)
    await engine().go(addressOf(demo(), id))
    await panel.seeStatus(/^This terminal is in use somewhere else\. Take over here$/)
    await panel.pressNamed('Take over here')
    await panel.seeRow('ready')
    await engine().use(first)
    await panel.seeStatus(/^Another tab took over this terminal\. Take over here$/)
    await engine().closeTab(second)
  })

  it('pauses the program while it is hidden, and shows all of its output afterwards', async () => {
    const { panel, id } = await open()
    const last = 400_000
    await panel.type(`clear; echo wai""ting; read -r; seq 1 ${last}; echo fin""ished\n`)
    await panel.seeRow('waiting')
    const hidden = (wanted: boolean) =>
      until(
        'a page that is shown or hidden',
        () => inPage(engine(), () => document.hidden),
        (is) => is === wanted,
      )
    await engine().hide()
    await hidden(true)
    const network = demo().network(id)
    const before = network.passed('down')
    await inPage(engine(), () => {
      const { terminals } = globalThis as unknown as { readonly terminals: readonly TerminalPanelHandle[] }
      terminals[0]?.write('\r')
    })
    await until(
      'output',
      () => network.passed('down'),
      (passed) => passed > before + 1_000,
    )
    let seen = -1
    await until(
      'output to pause',
      async () => {
        const was = seen
        seen = network.passed('down')
        await new Promise((resolve) => setTimeout(resolve, 500))
        return network.passed('down') - was
      },
      (more) => more < 1_000,
    )
    // Of some 2.7 MB.
    expect(network.passed('down') - before).toBeLessThan(1_500_000)
    await engine().show()
    await hidden(false)
    await panel.seeRow('finished')
    const numbers = ((await panel.text())?.lines ?? []).filter((line) => /^\d+$/.test(line)).map(Number)
    expect(numbers.length).toBeGreaterThan(5_000)
    expect(numbers).toEqual(numbers.map((_, index) => last - numbers.length + 1 + index))
  })
})

inEachEngine('is in a page that is not plain', ({ name, engine }) => {
  let site: BuiltPage

  beforeAll(async () => {
    const headers = ({ searchParams }: URL): Readonly<Record<string, string>> => {
      const policy = { strict: STRICTEST, trusted: TRUSTED }[searchParams.get('policy') ?? '']
      return { ...FOR_FRAMES, ...(policy !== undefined && { 'Content-Security-Policy': policy }) }
    }
    const page = join(import.meta.dirname, '../embedding')
    site = await servePage(page, { headers, files: { 'frame.html': join(page, 'frame.html') } })
  })
  afterAll(() => site.close())

  const complaints = async (): Promise<readonly string[]> => (await engine().evaluate('complaints')) as readonly string[]

  async function shown(query: string, root?: string): Promise<EnginePanel> {
    // What is compared here is drawn by the DOM, also where a browser would have it drawn by WebGL.
    await engine().go(embeddedAt(site.url, { renderer: 'dom' }, query))
    const panel = new EnginePanel(engine(), root)
    await panel.seeState('ready')
    return panel
  }

  it('in a shadow tree looks and works as in a page', async () => {
    const measures = (panel: EnginePanel) =>
      panel.inTree((tree) =>
        ['.nt-frame', '.nt-line', '.nt-dot', '.xterm-screen', '.xterm-rows > div', '.nt-say'].map((selector) => {
          const element = tree.querySelector(selector)
          if (element === null) return null
          const { color, backgroundColor, fontSize, fontFamily } = getComputedStyle(element)
          return { color, backgroundColor, fontSize, fontFamily, ...element.getBoundingClientRect().toJSON() }
        }),
      )
    const plain = await shown('')
    await plain.type('hello')
    await plain.seeText('hello')
    const expected = await measures(plain)
    expect(expected).not.toContain(null)

    const panel = await shown('place=shadow', `document.getElementById('root').shadowRoot`)
    await panel.type('hello')
    await panel.seeText('hello')
    expect(await measures(panel)).toEqual(expected)
    await panel.select('hello')
    await panel.press('Control+Shift+C')
    await panel.focus()
    await panel.press('Control+Shift+V')
    await panel.seeText('hellohello')
    await panel.press('Alt+F3')
    await panel.seeDialog('Connection details')
    await panel.press('Escape')
    await panel.seeNoDialog()
    await panel.seeFocus('Terminal')
    expect(await complaints()).toEqual([])
  })

  it('in a frame without an origin of its own works without storage', async () => {
    await engine().go(`${site.url}frame.html`)
    await engine().enterFrame()
    const panel = new EnginePanel(engine())
    await panel.seeState('ready')
    expect(await inPage(engine(), () => globalThis.origin)).toBe('null')
    if (name === 'Firefox') {
      // Its driver's keys reach no frame without an origin: these are made in the page.
      await engine().evaluate(`(${typeIntoTerminal})(document, 'echo in a frame\\n')`)
    } else {
      // A frame has the keys when somebody has clicked into it.
      await panel.click()
      await engine().perform(typing('echo in a frame\n'))
    }
    await panel.seeRow('in a frame')
    expect(await complaints()).toEqual([])
  })

  it.each(['strict', 'trusted'])('under the strictest policy does what it can do: %s', async (policy) => {
    const panel = await shown(`full&policy=${policy}`)
    await panel.type('colours\nlink https://example.com/ elsewhere\n')
    await panel.seeText('elsewhere')
    for (const [keys, dialog] of [
      ['Alt+F1', 'Keyboard shortcuts'],
      ['Alt+F2', 'Output as text'],
      ['Alt+F3', 'Connection details'],
    ] as const) {
      await panel.focus()
      await panel.press(keys)
      await panel.seeDialog(dialog)
      await panel.press('Escape')
      await panel.seeNoDialog()
    }
    await panel.pressNamed('More')
    await panel.pressNamed('Save with colours')
    await until('what was saved', () => inPage(engine(), () => document.documentElement.dataset['saved'] ?? ''), Boolean)
    // xterm.js makes style elements of its own; the browser reports each, and the panel brings their rules in another way.
    const said = await complaints()
    expect(said.filter((directive) => !directive.startsWith('style-src'))).toEqual([])
    expect(said.length).toBeGreaterThan(0)
  })

  it('looks the same where style elements are forbidden', async () => {
    const look = (panel: EnginePanel) =>
      panel.inTree((tree) => {
        const looks = [...tree.querySelectorAll('.xterm-rows span')].map((text) => {
          const { color, backgroundColor, font } = getComputedStyle(text)
          return `${color} ${backgroundColor} ${font} ${text.getBoundingClientRect().height}`
        })
        return [...new Set(looks)].toSorted()
      })
    const looks = []
    for (const query of ['', 'policy=strict']) {
      const panel = await shown(query)
      await panel.type('colours\necho en""d\n')
      await panel.seeRow('end')
      await until(
        'all of it drawn',
        () => panel.inTree((tree) => tree.querySelector('.xterm-rows')?.textContent ?? ''),
        (text) => /end\s*~\/shop \$/.test(text),
      )
      looks.push(await look(panel))
    }
    expect(looks[0]?.length).toBeGreaterThan(10)
    expect(looks[1]).toEqual(looks[0])
  })

  it('gives one socket and one program in StrictMode', async () => {
    // Everything is mounted twice there.
    const demo = await startJourneyDemo({ development: true })
    try {
      await engine().go(addressOf(demo, freshId()))
      const panel = new EnginePanel(engine())
      await panel.type('echo on""ce\n')
      await panel.seeRow('once')
      expect([demo.server.stats().opened, demo.server.stats().accepted]).toEqual([1, 1])
      await engine().go('about:blank')
    } finally {
      await demo.close()
    }
  })
})
