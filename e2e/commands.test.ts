/** What a shell with shell integration shows: marks in the gutter, their menu, progress on the line, and the folder. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ptyBackend } from '../src/server/backends/pty.ts'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import type { TerminalPage } from './support/terminalPage.ts'

/** The snippet of the documentation, as a person copies it. */
const docs = readFileSync(new URL('../docs/shell-integration.md', import.meta.url), 'utf8')
const snippet = /```bash\n([\s\S]*?)```/.exec(docs)?.[1] ?? ''

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'terminal-marks-'))
  await writeFile(join(folder, 'bashrc'), `PS1='$ '\n${snippet}`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const markedShell = () => ({
  file: '/bin/bash',
  args: ['--noprofile', '--rcfile', join(folder, 'bashrc'), '-i'],
  cwd: folder,
  env: { HISTFILE: '' },
})

describe.skipIf(withoutBrowser !== null)(`a shell that marks its commands${withoutBrowser ? ` (${withoutBrowser})` : ''}`, () => {
  const { open, window } = useJourneys({ backend: ptyBackend({ command: markedShell, graceMs: 200 }) })

  const marks = ({ section }: TerminalPage) => section.locator('.nt-mark')
  /** The names of the marks that can be seen, from the top. */
  const names = (terminal: TerminalPage): Promise<string[]> =>
    marks(terminal).evaluateAll((all) => all.map((mark) => mark.getAttribute('aria-label') ?? ''))
  const seeMarks = (terminal: TerminalPage, ...wanted: string[]): Promise<string[]> =>
    until(
      `the marks ${wanted.join(', ')}`,
      () => names(terminal),
      (seen) => seen.join('|') === wanted.join('|'),
    )

  it('has a mark for each command, which tells how it ended, without moving the grid', async () => {
    const terminal = await open(freshId())
    await terminal.type('true\n')
    const before = await terminal.panel.locator('.xterm').boundingBox()
    await seeMarks(terminal, 'true, succeeded', 'Prompt')
    await terminal.type('(exit 3)\n\nsleep 0.3; false\n')
    await seeMarks(terminal, 'true, succeeded', '(exit 3), failed, exit 3', 'sleep 0.3; false, failed, exit 1', 'Prompt')
    await marks(terminal).nth(2).hover()
    await terminal.seeStatus(/^sleep 0\.3; false exit 1, 0\.[3-9] s/)
    expect(await terminal.panel.locator('.xterm').boundingBox()).toEqual(before)
    await terminal.section.locator('.xterm').hover()
    await terminal.seeStatus(/^(?!sleep)/)
  })

  it('copies, selects and finds failures from the menu of a mark, which never covers the row of its command', async () => {
    const context = await window({ permissions: ['clipboard-read', 'clipboard-write'] })
    const terminal = await open(freshId(), context)
    const clipboard = (): Promise<string> => terminal.page.evaluate(() => navigator.clipboard.readText())
    // What is typed ahead is echoed into the output of the command that runs.
    await terminal.type('seq 3\n')
    await seeMarks(terminal, 'seq 3, succeeded', 'Prompt')
    await terminal.type('ls /nonexistent\n')
    await seeMarks(terminal, 'seq 3, succeeded', 'ls /nonexistent, failed, exit 2', 'Prompt')
    await terminal.type('echo done\n')
    await seeMarks(terminal, 'seq 3, succeeded', 'ls /nonexistent, failed, exit 2', 'echo done, succeeded', 'Prompt')
    await marks(terminal).first().click()
    const menu = terminal.section.getByRole('menu', { name: 'Command' })
    const [box, row] = [await menu.boundingBox(), await marks(terminal).first().boundingBox()]
    expect(box!.y).toBeGreaterThanOrEqual(row!.y + row!.height)
    await menu.getByRole('menuitem', { name: 'Copy output' }).click()
    await until('the output in the clipboard', clipboard, (text) => text === '1\n2\n3')

    await marks(terminal).first().press('Enter')
    await terminal.page.keyboard.press('ArrowDown')
    await terminal.page.keyboard.press('Enter')
    await until('the command in the clipboard', clipboard, (text) => text === 'seq 3')

    await marks(terminal).first().press('Enter')
    await terminal.page.keyboard.press('End')
    await terminal.page.keyboard.press('Enter')
    await terminal.seeStatus(/^ls \/nonexistent exit 2/)
    await terminal.page.keyboard.press('Escape')
    await terminal.page.keyboard.type('echo ba""ck')
    await terminal.page.keyboard.press('Enter')
    await terminal.seeRow('back')
  })

  it('opens the menu of a mark at the bottom above its row, and goes from command to command with the shortcut', async () => {
    const terminal = await open(freshId())
    await terminal.type('seq 60\n')
    await until(
      'the prompt alone',
      () => names(terminal),
      (seen) => seen.join() === 'Prompt',
    )
    await terminal.type('false\n')
    await seeMarks(terminal, 'false, failed, exit 1', 'Prompt')
    await marks(terminal).first().click()
    const [menu, row, view] = await Promise.all(
      [terminal.panel.getByRole('menu', { name: 'Command' }), marks(terminal).first(), terminal.panel.locator('.nt-view')].map(
        async (part) => (await part.boundingBox())!,
      ),
    )
    expect(menu!.y + menu!.height).toBeLessThanOrEqual(row!.y)
    expect(menu!.y).toBeGreaterThanOrEqual(view!.y)
    await terminal.page.keyboard.press('Escape')
    await terminal.press('Control+Shift+ArrowUp')
    await terminal.seeStatus(/^false exit 1/)
    await terminal.press('Control+Shift+ArrowUp')
    await terminal.seeStatus(/^seq 60 exit 0|^seq 60/)
    await seeMarks(terminal, 'seq 60, succeeded')
    await terminal.type('echo at the e""nd\n')
    await terminal.seeRow('at the end')
  })

  it('has the same marks after a reload, once each, with outcomes and without durations', async () => {
    const terminal = await open(freshId())
    await terminal.type('sleep 0.2\nfalse\n')
    const wanted = ['sleep 0.2, succeeded', 'false, failed, exit 1', 'Prompt'] as const
    await seeMarks(terminal, ...wanted)
    await terminal.reload()
    await seeMarks(terminal, ...wanted)
    await marks(terminal).nth(1).hover()
    await terminal.seeStatus(/^false exit 1$/)
  })

  it('marks what is typed at the prompt that stays when a person clears the screen', async () => {
    const terminal = await open(freshId())
    await terminal.type('true\n')
    await seeMarks(terminal, 'true, succeeded', 'Prompt')
    await terminal.type('echo ki')
    await terminal.seeText(/^\$ echo ki$/m)
    await terminal.button('More').click()
    await terminal.panel.getByRole('menuitem', { name: /^Clear/ }).click()
    await seeMarks(terminal, 'Prompt')
    await terminal.type('ttens\n')
    await terminal.seeRow('kittens')
    await seeMarks(terminal, 'echo kittens, succeeded', 'Prompt')
  })

  it('ends a command that ends the shell', async () => {
    const terminal = await open(freshId())
    await terminal.type('exit 7\n')
    await terminal.seeState('shell_exit')
    await seeMarks(terminal, 'exit 7, ended')
  })

  it('has no marks beside a full-screen program, and those of the shell after it', async () => {
    const terminal = await open(freshId())
    await terminal.type('true\n')
    await seeMarks(terminal, 'true, succeeded', 'Prompt')
    await terminal.type("printf '\\e[?1049h'; read -r; printf '\\e[?1049l'\n")
    await seeMarks(terminal)
    await terminal.type('\n')
    await until(
      'three marks',
      () => names(terminal),
      ({ length }) => length === 3,
    )
  })

  it('draws what a program sends as one picture all at once', async () => {
    const terminal = await open(freshId())
    await terminal.type('true\n')
    await seeMarks(terminal, 'true, succeeded', 'Prompt')
    await terminal.panel.locator('.xterm-rows').evaluate((rows) => {
      const pictures: string[] = []
      Object.assign(globalThis, { pictures })
      const note = (): number => pictures.push(rows.textContent)
      new MutationObserver(note).observe(rows, { childList: true, subtree: true, characterData: true })
    })
    await terminal.type("printf '\\e[?2026hfirst ha''lf'; sleep 0.4; printf ' second ha''lf\\e[?2026l\\n'\n")
    await terminal.seeRow('first half second half')
    const pictures = await until(
      'a picture with both halves',
      () => terminal.page.evaluate(() => (globalThis as unknown as { pictures: string[] }).pictures),
      (seen) => seen.some((picture) => picture.includes('second half')),
    )
    const halves = pictures.filter((picture) => picture.includes('first half') && !picture.includes('second half'))
    expect(halves).toEqual([])
  })

  it('saves what stands on the screen with its colours, as a page that only shows it', async () => {
    const terminal = await open(freshId())
    await terminal.type("printf '\\e[31mre''d\\e[0m <script>\\n'\n")
    await terminal.seeRow('red <script>')
    await terminal.button('More').click()
    const [download] = await Promise.all([
      terminal.page.waitForEvent('download'),
      terminal.panel.getByRole('menuitem', { name: 'Save with colours' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^terminal-[\d-]+\.html$/)
    const saved = readFileSync(await download.path(), 'utf8')
    expect(saved).toMatch(/<span style="color:rgb\([^"]+">red<\/span> &lt;script&gt;\n/)
  })

  it('shows the folder, and how far a task is until its command ends', async () => {
    const terminal = await open(freshId())
    await terminal.type(
      "cd /usr; printf '\\e]9;4;1;42\\a'; read -r; printf '\\e]9;4;2;68\\a'; read -r; printf '\\e]9;4;3\\a'; read -r\n",
    )
    const edge = terminal.section.getByRole('progressbar', { name: 'Task progress' })
    await until(
      'the edge at 42',
      () => edge.getAttribute('aria-valuenow'),
      (value) => value === '42',
    )
    await terminal.seeStatus(/42%$/)
    await terminal.type('\n')
    await terminal.seeStatus(/68%, failing$/)
    await terminal.type('\n')
    await terminal.seeStatus(/working$/)
    await terminal.type('\n')
    await until(
      'no edge',
      () => edge.count(),
      (count) => count === 0,
    )
    await terminal.seeStatus(/\/usr$/)
  })
})
