/** What people hear who do not see the screen: output once, no echo, a sum of a flood, and all of it as text on demand. */
import type { CDPSession } from 'playwright'
import { describe, expect, it } from 'vitest'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'
import { until } from '../src/testing/page/until.ts'

/** Everything that is added to the live region of the output, from the first prompt on. */
async function listenTo(terminal: TerminalPage): Promise<() => Promise<string[]>> {
  await terminal.ready()
  const log = terminal.section.getByRole('log', { name: 'Terminal output' })
  await log.evaluate((region) => {
    const said: string[] = []
    Object.assign(region, { said })
    new MutationObserver((records) => {
      for (const { addedNodes } of records) for (const node of addedNodes) said.push(node.textContent ?? '')
    }).observe(region, { childList: true })
  })
  // What was noted above.
  const said = () => log.evaluate((region) => [...(region as unknown as { said: string[] }).said])
  await terminal.type('echo liste""ning\n')
  const before = await hear('a prompt', said, (all) => all.at(-2) === 'listening' && all.at(-1) === '$')
  return async () => (await said()).slice(before.length)
}

const hear = (what: string, said: () => Promise<string[]>, accepts: (all: string[]) => boolean): Promise<string[]> =>
  until(what, said, accepts)

interface AxNode {
  readonly role: string
  readonly name: string
  readonly live?: string
}

async function accessibilityTree(session: CDPSession): Promise<AxNode[]> {
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, properties }) => ({
      role: String(role?.value ?? ''),
      name: String(name?.value ?? ''),
      live: properties?.find((property) => property.name === 'live')?.value.value as string | undefined,
    }))
}

describe.skipIf(withoutBrowser !== null)('somebody who listens', () => {
  const { open } = useJourneys()

  it('hears each of a thousand lines once, in order', async () => {
    const terminal = await open(freshId())
    const said = await listenTo(terminal)
    for (let first = 1; first <= 1000; first += 100) {
      await terminal.type(`seq -f 'line %g' ${first} ${first + 99}\n`)
      await hear(`line ${first + 99} and a prompt`, said, (all) => all.at(-2) === `line ${first + 99}`)
    }
    const lines = (await said()).filter((sentence) => /^line \d+$/.test(sentence))
    expect(lines).toEqual(Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`))

    const tree = await accessibilityTree(await terminal.page.context().newCDPSession(terminal.page))
    expect(tree.filter(({ role }) => role === 'log')).toEqual([{ role: 'log', name: 'Terminal output', live: 'polite' }])
    const last = tree.filter(({ role, name }) => role === 'StaticText' && name === 'line 1000')
    expect(last).toHaveLength(1)
    // The rows that are drawn are for eyes.
    const all = tree.filter(({ role, name }) => role === 'StaticText' && name === 'line 990')
    expect(all).toHaveLength(1)
  })

  it('hears output and the next prompt, and not what was typed', async () => {
    const terminal = await open(freshId())
    const said = await listenTo(terminal)
    await terminal.type('echo he""llo\n')
    await hear('the prompt', said, (all) => all.includes('$'))
    expect(await said()).toEqual(['hello', '$'])
  })

  it('hears how many lines a flood had, and each of the others once', async () => {
    const terminal = await open(freshId())
    const said = await listenTo(terminal)
    await terminal.type('seq 1 100000; echo do""ne\n')
    await hear('the end of the flood', said, (all) => all.some((sentence) => sentence.endsWith('not read.')))
    const all = await said()
    expect(all.filter((sentence) => /^\d+$/.test(sentence)).slice(0, 3)).toEqual(['1', '2', '3'])
    expect(all).toContain('Output continues.')
    expect(all.length).toBeLessThan(230)
    expect(new Set(all).size).toBe(all.length)
    const read = all.filter((sentence) => /^(?:\d+|done)$/.test(sentence)).length
    const counted = all
      .map((sentence) => /^(\d+) lines were not read\.$/.exec(sentence)?.[1] ?? '0')
      .reduce((sum, n) => sum + Number(n), 0)
    expect(read + counted).toBe(100_001)
  })

  it('hears of a cleared screen what was printed on it, and of no flood', async () => {
    const terminal = await open(freshId())
    const said = await listenTo(terminal)
    await terminal.type('clear\n')
    await hear('the prompt', said, (all) => all.includes('$'))
    await terminal.type('clear; seq 3\n')
    await hear('the next prompt', said, (all) => all.length > 1 && all.at(-1) === '$')
    expect(await said()).toEqual(['$', '1', '2', '3', '$'])
  })

  it('hears nothing of a terminal that has not the focus', async () => {
    const terminals = await open([freshId(), freshId()])
    const [first, second] = [terminals, terminals.beside(1)]
    await second.ready()
    const said = await listenTo(first)
    // What comes before the shell has left its line editor is half a line to `read`, which then waits for ever.
    await first.type('read -p "as""ked " x; echo from the fi""rst\n')
    await first.seeText(/^asked$/m)
    await second.focus()
    await first.page.evaluate(() => {
      // What the demo leaves for the console.
      const { terminals } = globalThis as unknown as { terminals: { write(text: string): void }[] }
      terminals[0]?.write('go\r')
    })
    await first.seeRow('from the first')
    expect(await said()).not.toContain('from the first')
  })

  it('reads the output as text, command by command, and comes back to the shell', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type(
      `PROMPT_COMMAND='printf "\\e]133;D;$?\\a"'; PS1='\\[\\e]133;A\\a\\]$ \\[\\e]133;B\\a\\]'; PS0='\\[\\e]133;C\\a\\]'\n`,
    )
    await terminal.type('echo one; echo two\nfalse\necho th""ree\n')
    await terminal.seeRow('three')
    await terminal.press('Alt+F2')
    const text = terminal.section.getByRole('dialog', { name: 'Output as text' })
    await text.getByRole('heading', { name: 'echo one; echo two, exit 0' }).waitFor()
    await text.getByRole('heading', { name: 'false, exit 1' }).waitFor()
    expect(await text.getByRole('document').innerText()).toMatch(/one\s+two[\s\S]*No output\.[\s\S]*three/)
    await terminal.page.keyboard.press('Escape')
    await text.waitFor({ state: 'detached' })
    await terminal.page.keyboard.type('echo ba""ck\n')
    await terminal.seeRow('back')
  })

  it('reads the screen of a full-screen program as text, under no command of the shell', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type(
      `PROMPT_COMMAND='printf "\\e]133;D;$?\\a"'; PS1='\\[\\e]133;A\\a\\]$ \\[\\e]133;B\\a\\]'; PS0='\\[\\e]133;C\\a\\]'\n`,
    )
    await terminal.type(`seq 3; echo b""efore\n`)
    await terminal.seeRow('before')
    await terminal.type(`printf '\\e[?1049h\\e[Hpro%s' gram; read\n`)
    await terminal.seeRow('program')
    await terminal.press('Alt+F2')
    const text = terminal.section.getByRole('dialog', { name: 'Output as text' })
    expect(await text.getByRole('document').innerText()).toBe('program')
  })

  it('has what they type in a field that screen readers know, once on the screen and gone with Enter', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const field = terminal.section.getByRole('textbox', { name: 'Terminal' })
    await terminal.type('echo Ab c1')
    await terminal.seeText('$ echo Ab c1')
    // A character comes into the field, and leaves it, together with its echo.
    const holds = (text: string) =>
      until(
        `“${text}” in the field`,
        () => field.inputValue(),
        (value) => value === text,
      )
    await holds('echo Ab c1')
    await terminal.press('Backspace')
    await holds('echo Ab c')
    await terminal.press('Enter')
    await terminal.seeRow('Ab c')
    await holds('')
  })

  it('has no password in that field, and hears none', async () => {
    const terminal = await open(freshId())
    const said = await listenTo(terminal)
    const field = terminal.section.getByRole('textbox', { name: 'Terminal' })
    await terminal.type('read -s -p "Pass""word: " x; echo th""anks\n')
    await hear('the question', said, (all) => all.includes('Password:'))
    for (const key of 'hunter2') {
      await terminal.page.keyboard.type(key, { delay: 300 })
      expect(await field.inputValue()).toBe('')
    }
    await terminal.press('Enter')
    await hear('thanks', said, (all) => all.includes('thanks'))
    expect((await said()).join()).not.toContain('hunter')
    await terminal.type('ls')
    await until(
      '“ls” in the field',
      () => field.inputValue(),
      (value) => value === 'ls',
    )
  })

  it('is told how to leave, and leaves', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const field = terminal.section.getByRole('textbox', { name: 'Terminal' })
    const hint = await field.evaluate(
      (field) => document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent,
    )
    expect(hint).toBe('To leave the terminal press Escape, then Tab.')
    await terminal.press('Escape')
    await terminal.page.keyboard.press('Tab')
    expect(await field.evaluate((field) => field === document.activeElement)).toBe(false)
  })
})

describe.skipIf(withoutBrowser !== null)('an input method', () => {
  const { open } = useJourneys()

  it('composes at the cursor, and what it commits arrives once', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    await terminal.type('echo ')
    // The blank behind it has come back too.
    await until(
      'the cursor behind “$ echo ”',
      async () => (await terminal.text()).cursor.col,
      (col) => col === '$ echo '.length,
    )
    const session = await terminal.page.context().newCDPSession(terminal.page)
    await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
    const composition = terminal.section.locator('.composition-view.active')
    await composition.waitFor()
    expect(await composition.textContent()).toBe('にほん')
    const distance = () =>
      composition.evaluate((view) => {
        const cursor = document.querySelector('.xterm-cursor')?.getBoundingClientRect()
        const box = view.getBoundingClientRect()
        return Math.hypot(box.left - (cursor?.left ?? NaN), box.top - (cursor?.top ?? NaN))
      })
    await until('the composition at the cursor', distance, (pixels) => pixels < 2)
    await session.send('Input.insertText', { text: '日本' })
    await terminal.page.keyboard.press('Enter')
    await terminal.seeRow('日本')
    expect((await terminal.screenText()).split('日本')).toHaveLength(3)
  })

  it('composes within the grid, which stays where it is, and at the cursor after looking back', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const { cols } = (await terminal.text()).size
    await terminal.type(`seq 200; echo ${'x'.repeat(cols - 20)}`)
    await terminal.seeText(/x{20}$/m)
    const session = await terminal.page.context().newCDPSession(terminal.page)
    const compose = (text: string) =>
      session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    const screen = terminal.section.locator('.xterm-screen')
    const composition = terminal.section.locator('.composition-view.active')
    const before = await screen.boundingBox()
    await compose('にほんごのにゅうりょく')
    const ends = async () => {
      const box = await composition.boundingBox()
      return Math.round((box?.x ?? NaN) + (box?.width ?? NaN) - (before?.x ?? NaN) - (before?.width ?? NaN))
    }
    await until('the end of the composition within the grid', ends, (pixels) => pixels <= 0)
    expect(await screen.boundingBox()).toEqual(before)
    await session.send('Input.insertText', { text: '日本' })
    await terminal.press('Enter')
    await terminal.seeRow('200')

    await terminal.press('Shift+PageUp')
    await compose('か')
    await terminal.seePrompt()
    const cursor = () => terminal.section.locator('.xterm-cursor').first().boundingBox()
    await until(
      'the composition in the row of the cursor',
      async () => [(await composition.boundingBox())?.y, (await cursor())?.y],
      ([one, other]) => one !== undefined && one === other,
    )
  })

  it('has what it composed when the focus goes elsewhere', async () => {
    const terminal = await open(freshId())
    await terminal.ready()
    const session = await terminal.page.context().newCDPSession(terminal.page)
    await session.send('Input.imeSetComposition', { text: '日本', selectionStart: 2, selectionEnd: 2 })
    await terminal.section.getByRole('button', { name: 'More' }).click()
    await terminal.seeText(/^\$ 日本$/m)
  })
})
