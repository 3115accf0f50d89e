/** The promise and the daily deeds in Firefox and in WebKit, where a machine has them: real keys, a cut, a reload, copying, finding. */
import { writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Demo } from '../examples/demo/start.ts'
import { until } from '../src/testing/page/until.ts'
import { withoutKeyboard } from './support/engines/display.ts'
import { inPage, type Engine } from './support/engines/engine.ts'
import { EnginePanel } from './support/engines/enginePanel.ts'
import { findFirefox } from './support/engines/firefox.ts'
import { typing } from './support/engines/keys.ts'
import { findWebKit } from './support/engines/webkit.ts'
import { addressOf, freshId, startJourneyDemo } from './support/journeys.ts'

const pictures = process.env['PICTURES']

describe.each([
  // Firefox composes nothing from the dead keys that xdotool presses, in no field of any page.
  ['Firefox', findFirefox(), ['e', 'u'], 'aeuzneedle'],
  ['WebKit', findWebKit(), ['dead_acute', 'e', 'dead_diaeresis', 'u'], 'aéüzneedle'],
] as const)('%s', (name, found, letters, written) => {
  const why = 'missing' in found ? ` (skipped: ${found.missing})` : ''

  describe.skipIf('missing' in found)(`drives a shell${why}`, () => {
    let demo: Demo
    let engine: Engine

    beforeAll(async () => {
      if ('missing' in found) return
      ;[demo, engine] = await Promise.all([startJourneyDemo(), found.start()])
      console.log(engine.version)
    })
    afterAll(async () => {
      await engine?.close()
      await demo?.close()
    })
    afterEach(async ({ task }) => {
      if (pictures)
        await writeFile(`${pictures}/${name}-${task.name.slice(0, 30).replaceAll(/\W+/g, '-')}.png`, await engine.screenshot())
    })

    /** A panel before a shell of its own that answers. */
    async function open(): Promise<{ panel: EnginePanel; id: string }> {
      const id = freshId()
      await engine.go(addressOf(demo, id))
      const panel = new EnginePanel(engine)
      await panel.type('echo re""ady\n')
      await panel.seeRow('ready')
      return { panel, id }
    }

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
      await inPage(engine, () => document.execCommand('insertText', false, '日本'))
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
        await engine.pressReal('a', ...letters, 'z', 'shift+Insert', 'Return')
        await until(
          'each letter twice: as it was typed and as it came back',
          () => times(panel, written),
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
      const network = demo.network(id)
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
      await engine.reload()
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

    it('finds in the output, counts, and gives the keys back to the shell', async () => {
      const { panel } = await open()
      await panel.type('clear; echo need""le; seq 1 100; echo need""le; echo en""d\n')
      await panel.seeRow('end')
      await panel.press('Control+Shift+F')
      await panel.seeFocus('Find')
      await engine.perform(typing('needle'))
      await panel.seeStatus(/1 of 2|2 of 2/)
      await panel.press('Enter')
      await panel.seeRow('needle')
      await panel.press('Escape')
      await panel.seeFocus('Terminal')
      await engine.perform(typing('echo ba""ck\n'))
      await panel.seeRow('back')
    })

    it('walks out of the grid with Escape and Tab, opens the list of shortcuts, and scrolls by pages', async () => {
      const { panel } = await open()
      await panel.press('Escape')
      await panel.press('Tab')
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
})
