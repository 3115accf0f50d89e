/** The promise and the daily deeds in Firefox and in WebKit, where a machine has them: real keys, a cut, a reload, copying, finding. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { TerminalPanelHandle } from '../../src/react/index.ts'
import { until } from '../../src/testing/page/until.ts'
import { withoutDisplay, withoutKeyboard } from '../support/engines/display.ts'
import { inPage } from '../support/engines/engine.ts'
import type { EnginePanel } from '../support/engines/enginePanel.ts'
import { inEachEngine } from '../support/engines/inEachEngine.ts'
import { typing } from '../support/engines/keys.ts'
import { LATE_FONT } from '../support/lateFont.ts'

// Firefox composes nothing from the dead keys that xdotool presses, in no field of any page.
const letters = { Firefox: ['e', 'u'], WebKit: ['dead_acute', 'e', 'dead_diaeresis', 'u'] }
const written = { Firefox: 'aeuzneedle', WebKit: 'aéüzneedle' }

inEachEngine('drives a shell', ({ name, demo, engine, open }) => {
  const everything = async (panel: EnginePanel): Promise<readonly string[]> => (await panel.text())?.lines ?? []
  const times = async (panel: EnginePanel, line: string): Promise<number> =>
    (await everything(panel)).filter((seen) => seen === line).length

  it('types echo hi and sees hi', async () => {
    const { panel } = await open()
    await panel.type('echo hi\n')
    await panel.seeRow('hi')
  })

  it('types each printable key once, and letters that other keyboards have', async () => {
    const { panel } = await open()
    const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index)).trim()
    await panel.type('clear; echo go""ing; cat\n')
    await panel.seeRow('going')
    for (const line of [printable, 'éßñ€ж漢']) {
      await panel.type(`${line}\n`)
      await until(
        'every key twice: as it was typed and as it came back',
        () => panel.rows(),
        (rows) => rows.filter((row) => row === line).length === 2,
      )
    }
  })

  it('takes text that comes without keys, as input methods commit it', async () => {
    const { panel } = await open()
    await panel.type('echo ')
    await inPage(engine(), () => document.execCommand('insertText', false, '日本'))
    await panel.press('Enter')
    await panel.seeRow('日本')
    expect(await times(panel, '日本')).toBe(1)
  })

  const noKeyboard = withoutKeyboard === null ? '' : ` (skipped: ${withoutKeyboard})`

  it.skipIf(withoutKeyboard !== null)(
    `types, composes what its dead keys can, and pastes with the keys of a display${noKeyboard}`,
    async () => {
      const { panel } = await open()
      await panel.type('clear; echo need""le; cat\n')
      await panel.seeRow('needle')
      await panel.select('needle')
      await panel.press('Control+Shift+C')
      await panel.focus()
      await engine().pressReal('a', ...letters[name], 'z', 'shift+Insert', 'Return')
      await until(
        'each letter twice: as it was typed and as it came back',
        () => times(panel, written[name]),
        (count) => count === 2,
      )
    },
  )

  it('edits the line with Backspace and arrows, completes it with Tab, and interrupts with Ctrl-C', async () => {
    const { panel } = await open()
    await panel.type('ech\t')
    await panel.type('wXrong')
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Backspace']) await panel.press(key)
    await panel.press('Enter')
    await panel.seeRow('wrong')
    await panel.press('ArrowUp')
    await panel.press('Enter')
    await until(
      'the line of the history',
      () => times(panel, 'wrong'),
      (count) => count === 2,
    )
    await panel.type('(echo as""leep; sleep 60)\n')
    await panel.seeRow('asleep')
    await panel.press('Control+c')
    await panel.seeText('^C')
    await panel.type('echo on""ward\n')
    await panel.seeRow('onward')
  })

  it('survives a cut: typing waits in sight, each line arrives once, and the shell is the same', async () => {
    const { panel, id } = await open()
    await panel.type('mine=$$\n')
    const network = demo().network(id)
    network.refuse(true)
    network.cut()
    await panel.seeStatus(/^Connection lost\./)
    await panel.type('[ $mine = $$ ] && echo sa""me\n')
    network.restore()
    await panel.pressButton('retry')
    await panel.seeRow('same')
    await panel.seeStatus(/^Reconnected\. Nothing was lost\./)
    expect(await times(panel, 'same')).toBe(1)
    expect(await times(panel, 'ready')).toBe(1)
  })

  it('has the screen, the scrollback and the shell after a reload', async () => {
    const { panel } = await open()
    await panel.type('mine=$$; clear; seq 1 200\n')
    await panel.seeText('200\n$')
    const before = await everything(panel)
    await engine().reload()
    await panel.seeText('200\n$')
    expect(await everything(panel)).toEqual(before)
    await panel.type('[ $mine = $$ ] && echo sa""me\n')
    await panel.seeRow('same')
  })

  it('copies a selection with Ctrl-C and Ctrl-Shift-C, and pastes it with Ctrl-Shift-V', async () => {
    const { panel } = await open()
    await panel.type('clear; echo first-text; echo other-text; cat\n')
    await panel.seeRow('other-text')
    for (const [text, copy] of [
      ['first-text', 'Control+c'],
      ['other-text', 'Control+Shift+C'],
    ] as const) {
      await panel.select(text)
      await panel.press(copy)
      await panel.focus()
      await panel.press('Control+Shift+V')
      await panel.press('Enter')
      await until(
        `${text} printed, typed and given back`,
        () => times(panel, text),
        (count) => count === 3,
      )
    }
  })

  it('asks before it pastes several lines', async () => {
    const { panel } = await open()
    await panel.type('clear; echo one-a; echo two-b; cat\n')
    await panel.seeRow('two-b')
    await panel.select('one-a', 'two-b')
    await panel.press('Control+Shift+C')
    await panel.press('Control+Shift+V')
    await panel.seeDialog('Paste 2 lines?')
    await panel.press('Escape')
    await panel.seeNoDialog()
    await panel.type('still here\n')
    await until(
      'that nothing was pasted',
      () => times(panel, 'still here'),
      (count) => count === 2,
    )
    expect(await times(panel, 'one-a')).toBe(1)
  })

  // WebKitWebDriver presses the middle button and lets go of the main one: there it is that of the display.
  const noMiddle = name === 'WebKit' ? withoutKeyboard : withoutDisplay

  it.skipIf(noMiddle !== null)(
    `pastes what is selected with the middle button, as its display has it${noMiddle === null ? '' : ` (skipped: ${noMiddle})`}`,
    async () => {
      const { panel } = await open()
      await panel.type('clear; echo cho""sen; cat\n')
      await panel.seeRow('chosen')
      await panel.select('chosen')
      await panel.clickWith('middle', 'chosen')
      await panel.press('Enter')
      await until(
        'what was selected, pasted and given back',
        () => times(panel, 'chosen'),
        (count) => count === 3,
      )
    },
  )

  it('keeps the clipboard from programs', async () => {
    const { panel } = await open()
    await panel.type('clear; echo mi""ne\n')
    await panel.seeRow('mine')
    await panel.select('mine')
    await panel.press('Control+Shift+C')
    await panel.type(`printf '\\e]52;c;ZXZpbA==\\a\\e]52;c;?\\a'; echo go""ing; cat\n`)
    await panel.seeRow('going')
    await panel.press('Control+Shift+V')
    await panel.press('Enter')
    await until(
      'what was in the clipboard before, typed and given back',
      () => times(panel, 'mine'),
      (count) => count === 3,
    )
    expect((await panel.rows()).join('\n')).not.toContain('evil')
  })

  it('tells the address of a link in the line, and its folder, its progress and its commands', async () => {
    const { panel } = await open()
    // WebKitWebDriver may type a colon without its Shift.
    await panel.type(`clear; printf 'https\\072//example.com/a/page\\n'\n`)
    await panel.seeRow('https://example.com/a/page')
    await panel.pointAt('https://example.com/a/page')
    await panel.seeStatus(/example\.com\/a\/page/)
    await panel.type(`clear; printf '\\e]7;file\\072///srv/shop\\a\\e]9;4;1;42\\a'; cat\n`)
    await panel.seeStatus(/42%/)
    await panel.press('Control+c')
    await panel.type(
      `clear; printf '\\e]9;4;0\\a\\e]133;A\\a$ \\e]133;B\\amake\\e]133;C\\a\\nbroken\\n\\e]133;D;1\\a\\e]133;A\\a'\n`,
    )
    await panel.seeRow('broken')
    await panel.seeStatus(/\/srv\/shop/)
    await until(
      'a mark of a command that failed',
      () => inPage(engine(), () => document.querySelectorAll('.nt-gutter [data-kind="failed"], .nt-gutter button').length),
      (count) => count > 0,
    )
  })

  it('wears the colours that a page sets, in the grid too, at once', async () => {
    const { panel } = await open()
    const size = (await panel.text())?.size
    for (const ground of ['rgb(16, 32, 48)', 'rgb(240, 230, 220)']) {
      await inPage(engine(), (ground) => document.body.style.setProperty('--nimbus-terminal-background', ground), ground)
      await until(
        `a grid on ${ground}`,
        () =>
          inPage(engine(), () => {
            const element = document.querySelector('.xterm-scrollable-element')
            return element === null ? '' : getComputedStyle(element).backgroundColor
          }),
        (seen) => seen === ground,
      )
    }
    expect((await panel.text())?.size).toEqual(size)
  })

  it('gives what stands there as a page of HTML, and records what is printed from then on', async () => {
    const { panel } = await open()
    await panel.type(`clear; printf '\\e[31mred\\e[0m\\n'\n`)
    await panel.seeRow('red')
    await inPage(engine(), async () => {
      const page = globalThis as unknown as { terminals: readonly TerminalPanelHandle[]; html?: string; recording?: unknown }
      page.html = await page.terminals[0]?.serialize('html')
      page.recording = await page.terminals[0]?.record()
    })
    await until('both', () => engine().evaluate('globalThis.html !== undefined && globalThis.recording !== undefined'), Boolean)
    expect(await engine().evaluate('html')).toMatch(/<span[^>]*color[^>]*>red<\/span>/)
    await panel.type('echo af""ter\n')
    await panel.seeRow('after')
    const cast = String(await engine().evaluate('recording.stop()'))
    expect(JSON.parse(cast.split('\n')[0] ?? '')).toMatchObject({ version: 2 })
    expect(cast).toContain('after')
    expect(cast).not.toContain('31mred')
  })

  it('measures again when its room changes, and when a font comes late', async () => {
    const { panel } = await open()
    const cols = async (): Promise<number> => (await panel.text())?.size.cols ?? 0
    const shell = async (wanted: number): Promise<void> => {
      await panel.type('clear; stty size\n')
      await until(
        `a shell of ${wanted} columns`,
        () => panel.rows(),
        (rows) => rows.some((row) => new RegExp(`^\\d+ ${wanted}$`).test(row)),
      )
    }
    const before = await cols()
    await inPage(engine(), () => {
      const section = document.querySelector<HTMLElement>('.demo-terminal')
      if (section !== null) Object.assign(section.style, { flex: 'none', width: '500px' })
    })
    const narrow = await until('a narrower grid', cols, (seen) => seen < before)
    await shell(narrow)
    await inPage(engine(), () => {
      const panel = document.querySelector<HTMLElement>('.nt')
      panel?.style.setProperty('--nimbus-terminal-font-family', 'Late, monospace')
    })
    await inPage(
      engine(),
      (bytes) => {
        const face = new FontFace(
          'Late',
          Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0)),
        )
        void face.load().then(() => document.fonts.add(face))
      },
      readFileSync(LATE_FONT).toString('base64'),
    )
    await shell(await until('a grid of wider cells', cols, (seen) => seen < narrow))
  })

  it('finds in the output, counts, and gives the keys back to the shell', async () => {
    const { panel } = await open()
    await panel.type('clear; echo need""le; seq 1 100; echo need""le; echo en""d\n')
    await panel.seeRow('end')
    await panel.press('Control+Shift+F')
    await panel.seeFocus('Find')
    await engine().perform(typing('needle'))
    await panel.seeStatus(/1 of 2|2 of 2/)
    await panel.press('Enter')
    await panel.seeRow('needle')
    await panel.press('Escape')
    await panel.seeFocus('Terminal')
    await engine().perform(typing('echo ba""ck\n'))
    await panel.seeRow('back')
  })

  it('walks out of the grid with Escape and Tab, opens the list of shortcuts, and scrolls by pages', async () => {
    const { panel } = await open()
    // Within a second, which two requests of a driver may not be.
    await panel.press('Escape', 'Tab')
    await panel.seeFocus('Connection details')
    await panel.focus()
    await panel.press('Alt+F1')
    await panel.seeDialog('Keyboard shortcuts')
    await panel.press('Escape')
    await panel.seeNoDialog()
    await panel.type('clear; seq 1 300\n')
    await panel.seeRow('300')
    const first = async (): Promise<number> => Number((await panel.rows())[0])
    const live = await first()
    await panel.press('Shift+PageUp')
    await until('older rows', first, (row) => row < live)
    await panel.press('Control+Shift+End')
    await panel.seeRow('300')
  })

  it('shows the connection details, and output as text', async () => {
    const { panel } = await open()
    await panel.press('Alt+F3')
    await panel.seeDialog('Connection details')
    await panel.press('Escape')
    await panel.seeNoDialog()
    await panel.focus()
    await panel.press('Alt+F2')
    await panel.seeDialog('Output as text')
  })

  it('stops a flood with Ctrl-C', async () => {
    const { panel } = await open()
    await panel.type('yes\n')
    await panel.seeRow('y')
    await panel.press('Control+c')
    await panel.type('clear; echo en""ded\n')
    await panel.seeRow('ended')
  })
})
