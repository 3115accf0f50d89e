/** A terminal under fingers: the row of extra keys, scrolling, selecting, and the keyboard that comes up from below. */
import type { CDPSession, Locator } from 'playwright'
import { describe, expect, it } from 'vitest'
import { until } from '../src/testing/page/until.ts'
import { withoutBrowser } from './support/browser.ts'
import { freshId, useJourneys } from './support/journeys.ts'
import { spokenLine } from './support/spokenLine.ts'
import { TerminalPage } from './support/terminalPage.ts'

const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true }

interface Point {
  readonly x: number
  readonly y: number
}

/** One finger of the page. */
class Finger {
  readonly #session: CDPSession

  constructor(session: CDPSession) {
    this.#session = session
  }

  down(point: Point): Promise<unknown> {
    return this.#session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] })
  }

  move(point: Point): Promise<unknown> {
    return this.#session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] })
  }

  up(): Promise<unknown> {
    return this.#session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }

  async drag(from: Point, to: Point): Promise<void> {
    await this.down(from)
    for (let step = 1; step <= 10; step++)
      await this.move({ x: from.x + ((to.x - from.x) * step) / 10, y: from.y + ((to.y - from.y) * step) / 10 })
    await this.up()
  }
}

async function middleOf(part: Locator): Promise<Point> {
  const box = await part.boundingBox()
  if (box === null) throw new Error('What should be touched cannot be seen.')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** Two quick taps of which a busy page hears a second apart: the times of the events are those of the finger. */
function doubleTapWhileBusy(key: Locator): Promise<void> {
  return key.evaluate((key) => {
    const { x, y, width, height } = key.getBoundingClientRect()
    const at = { clientX: x + width / 2, clientY: y + height / 2, pointerType: 'touch', bubbles: true, cancelable: true }
    const tap = () => ['pointerdown', 'pointerup'].map((type) => new PointerEvent(type, at))
    const [first, second] = [tap(), tap()]
    for (const event of first) key.dispatchEvent(event)
    const free = performance.now() + 1000
    while (performance.now() < free);
    for (const event of second) key.dispatchEvent(event)
  })
}

describe.skipIf(withoutBrowser !== null)('a phone', () => {
  const { open, window } = useJourneys()

  async function phone() {
    const context = await window({ ...PHONE, permissions: ['clipboard-read', 'clipboard-write'] })
    const terminal = await open(freshId(), context)
    await terminal.ready()
    const row = terminal.section.getByRole('toolbar', { name: 'Extra keys' })
    const session = await context.newCDPSession(terminal.page)
    let composed = ''
    return {
      terminal,
      finger: new Finger(session),
      key: (name: string) => row.getByRole('button', { name, exact: true }),
      /** What is composed; null: it is done. `where` is what it takes the place of. */
      async compose(text: string | null, where: { replacementStart?: number; replacementEnd?: number } = {}) {
        if (text === null) return void (await session.send('Input.insertText', { text: composed }))
        composed = text
        await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length, ...where })
      },
      /** A key of the on-screen keyboard that composes nothing: its event tells no key, and what it does follows at once. */
      keyboard: (command: 'insertText' | 'delete', text?: string) =>
        terminal.page.evaluate(
          ([command, text]) => {
            const key = { key: 'Unidentified', keyCode: 229, bubbles: true, cancelable: true }
            document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', key))
            document.execCommand(command, false, text)
          },
          [command, text] as const,
        ),
    }
  }

  it('has a row of eight keys that are large enough, and a second one behind the last', async () => {
    const { terminal, key } = await phone()
    const keys = terminal.section.getByRole('toolbar', { name: 'Extra keys' }).getByRole('button')
    const names = ['Esc', 'Tab', 'Ctrl', 'Left', 'Up', 'Down', 'Right', 'More keys']
    expect(await keys.evaluateAll((all) => all.map((key) => key.getAttribute('aria-label') ?? key.textContent))).toEqual(names)
    for (const { width, height } of await keys.evaluateAll((all) => all.map((key) => key.getBoundingClientRect().toJSON()))) {
      expect(height).toBe(44)
      expect(width).toBeGreaterThan(35)
    }
    await key('More keys').tap()
    const more = ['Alt', 'Home', 'End', 'PgUp', 'PgDn', 'Pipe', 'Tilde', 'First keys']
    expect(await keys.evaluateAll((all) => all.map((key) => key.getAttribute('aria-label') ?? key.textContent))).toEqual(more)
    await key('First keys').tap()
    await key('Ctrl').waitFor()
  })

  it('sends Ctrl with the next key, and keeps the focus in the grid', async () => {
    const { terminal, key } = await phone()
    await terminal.type('cat > /dev/null\n')
    await terminal.seeText('cat > /dev/null')
    await key('Ctrl').tap()
    expect(await key('Ctrl').getAttribute('aria-pressed')).toBe('true')
    await terminal.page.keyboard.insertText('c')
    await until(
      'Ctrl to be let go',
      () => key('Ctrl').getAttribute('aria-pressed'),
      (pressed) => pressed === 'false',
    )
    await terminal.seePrompt()
    await terminal.page.keyboard.type('echo st""opped\n')
    await terminal.seeRow('stopped')
  })

  it('locks Ctrl with a double tap, says so, and lets go with another', async () => {
    const { terminal, key } = await phone()
    const said = await spokenLine(terminal)
    await doubleTapWhileBusy(key('Ctrl'))
    await terminal.section.locator('.nt-key[data-lock]', { hasText: 'Ctrl' }).waitFor()
    await until('the words “Ctrl locked”', said, (all) => all.includes('Ctrl locked'))
    await terminal.page.keyboard.insertText('a')
    expect(await key('Ctrl').getAttribute('aria-pressed')).toBe('true')
    await key('Ctrl').tap()
    expect(await key('Ctrl').getAttribute('aria-pressed')).toBe('false')
  })

  it('sends arrows as the program wants them, and again and again while a finger rests', async () => {
    const { terminal, key, finger } = await phone()
    await terminal.type('stty -echo; cat -v\n')
    await key('Up').tap()
    await key('Ctrl').tap()
    await key('Left').tap()
    await terminal.page.keyboard.press('Enter')
    await terminal.seeRow('^[[A^[[1;5D')
    await key('Ctrl').tap()
    await terminal.page.keyboard.insertText('c')
    await terminal.seePrompt()
    await terminal.type(`printf '\\e[?1h'; cat -v\n`)
    await terminal.page.keyboard.press('Enter')
    await key('Up').tap()
    await terminal.page.keyboard.press('Enter')
    await terminal.seeText('^[OA')
    await finger.down(await middleOf(key('Right')))
    // A key that repeats does so every 60 ms after 400 ms.
    await terminal.page.waitForTimeout(800)
    await finger.up()
    await terminal.page.keyboard.press('Enter')
    await terminal.seeText('^[OC^[OC^[OC')
  })

  it('has what its keyboard composes before the extra key that follows, and Ctrl at the first letter', async () => {
    const { terminal, key, compose } = await phone()
    await terminal.type("stty -icanon -echo -icrnl; printf 'go%s' es; cat -v\n")
    await terminal.seeRow('goes')
    await compose('Do')
    await compose('Doc')
    await key('Right').tap()
    await terminal.seeRow('goesDoc^[[C')
    await key('Ctrl').tap()
    await compose('c')
    await terminal.seePrompt()
    expect(await key('Ctrl').getAttribute('aria-pressed')).toBe('false')
  })

  it('has the words that its keyboard corrects, composes anew and deletes', async () => {
    const { terminal, compose, keyboard } = await phone()
    await terminal.type("stty -icanon -echo -icrnl; printf 'go%s' es; cat -v\n")
    await terminal.seeRow('goes')
    await keyboard('insertText', 'teh')
    await terminal.seeRow('goesteh')
    await compose('the', { replacementStart: 0, replacementEnd: 3 })
    await terminal.seeRow('goesteh^?^?^?')
    await compose(null)
    await terminal.seeRow('goesteh^?^?^?the')
    await terminal.section.locator('.xterm-helper-textarea').evaluate((field) => {
      if (field instanceof HTMLTextAreaElement) field.setSelectionRange(1, 3)
    })
    await keyboard('delete')
    await terminal.seeRow('goesteh^?^?^?the^?^?')
    await keyboard('insertText', 'o ')
    await keyboard('insertText', 'x')
    await terminal.seeRow('goesteh^?^?^?the^?^?o x')
  })

  it('does nothing when the finger leaves a key before it is lifted', async () => {
    const { terminal, key, finger } = await phone()
    const from = await middleOf(key('Ctrl'))
    await finger.drag(from, { x: from.x, y: from.y - 200 })
    expect(await key('Ctrl').getAttribute('aria-pressed')).toBe('false')
    expect(await terminal.screenText()).toContain('ready')
  })

  it('scrolls the output with a finger, and coasts', async () => {
    const { terminal, finger } = await phone()
    await terminal.type('seq 1 500\n')
    await terminal.seeRow('500')
    const { x, y } = await middleOf(terminal.section.locator('.xterm'))
    await finger.drag({ x, y: y - 100 }, { x, y: y + 100 })
    const first = async (): Promise<number> => Number((await terminal.rows())[0])
    const dragged = await until('older rows', first, (row) => row < 480)
    expect(dragged).toBeGreaterThan(400)
    // It goes on after the finger has left.
    await until('the coast', first, (row) => row < dragged)
  })

  it('scrolls a full-screen program, which has no output to scroll', async () => {
    const { terminal, finger } = await phone()
    await terminal.type('seq 1 500 > /tmp/phone-$$; less /tmp/phone-$$; rm /tmp/phone-$$\n')
    await terminal.seeRow('1')
    const { x, y } = await middleOf(terminal.section.locator('.xterm'))
    await finger.drag({ x, y: y + 100 }, { x, y: y - 100 })
    await until(
      'later rows',
      async () => Number((await terminal.rows())[0]),
      (row) => row > 5,
    )
    await terminal.page.keyboard.type('q')
    await terminal.type('echo ba""ck\n')
    await terminal.seeRow('back')
  })

  it('selects with a long press, goes on with the finger, and copies with a key that was not there before', async () => {
    const { terminal, key, finger } = await phone()
    await terminal.type('clear; echo alpha/beta.txt gamma delta\n')
    await terminal.seeRow('alpha/beta.txt gamma delta')
    const row = terminal.section
      .locator('.xterm')
      .locator('.xterm-rows > div', { hasText: /^alpha/ })
      .first()
    const box = await row.boundingBox()
    const at = { x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 9 }
    await finger.down(at)
    await key('Copy').waitFor()
    await finger.move({ x: at.x + 90, y: at.y })
    await finger.up()
    await key('Copy').tap()
    const text = await until(
      'a text in the clipboard',
      () => terminal.page.evaluate(() => navigator.clipboard.readText()),
      (text) => text !== '',
    )
    expect(text).toMatch(/^alpha\/beta\.txt g\w*/)
    await key('More keys').waitFor()
  })

  it('keeps the room of the keys after an end, and only Escape acts over a question', async () => {
    const { terminal, key } = await phone()
    const height = async () => (await terminal.section.locator('.xterm').boundingBox())?.height
    const before = await height()
    // The shell itself would take pasted lines as one text.
    await terminal.type('cat > /dev/null\n')
    await terminal.seeText('/dev/null')
    await terminal.paste('one\ntwo\n')
    await terminal.section.getByRole('dialog').waitFor()
    expect(await key('Tab').getAttribute('aria-disabled')).toBe('true')
    expect(await key('Esc').getAttribute('aria-disabled')).toBeNull()
    await key('Esc').tap()
    await terminal.section.getByRole('dialog').waitFor({ state: 'detached' })
    await terminal.press('Control+c')
    await terminal.seePrompt()
    await terminal.button('More').tap()
    await terminal.section.getByRole('menu').waitFor()
    expect(await key('Up').getAttribute('aria-disabled')).toBe('true')
    await key('Esc').tap()
    await terminal.section.getByRole('menu').waitFor({ state: 'detached' })
    await terminal.focus()
    await terminal.type('exit\n')
    await terminal.seeStatus(/^The shell exited with code/)
    expect(await key('Esc').getAttribute('aria-disabled')).toBe('true')
    expect(await height()).toBe(before)
  })
})

describe.skipIf(withoutBrowser !== null)('a host that decides about the extra keys', () => {
  const { demo, window } = useJourneys()

  it.each([
    ['always', {}, true],
    ['never', PHONE, false],
  ] as const)('has them %s', async (softKeys, device, isThere) => {
    const context = await window(device)
    await context.addInitScript((softKeys) => Object.assign(globalThis, { panelProps: { softKeys } }), softKeys)
    const page = await context.newPage()
    await page.goto(`${demo().url}?id=${freshId()}`)
    const terminal = new TerminalPage(page)
    await terminal.ready()
    const row = terminal.section.getByRole('toolbar', { name: 'Extra keys' })
    if (isThere) await row.waitFor()
    expect(await row.count()).toBe(isThere ? 1 : 0)
  })
})

describe.skipIf(withoutBrowser !== null)('the on-screen keyboard', () => {
  const { demo, window } = useJourneys()

  it('never covers the cursor, and costs the program one resize', async () => {
    const context = await window(PHONE)
    // A headless browser has no keyboard to show: the page is told of one as phones tell it.
    await context.addInitScript(() => {
      const real = globalThis.visualViewport
      const fake = Object.assign(new EventTarget(), { offsetTop: 0, scale: 1, height: 640, width: 360 })
      if (real !== null) Object.defineProperty(globalThis, 'visualViewport', { value: fake })
    })
    const page = await context.newPage()
    await page.goto(`${demo().url}?id=${freshId()}`)
    const terminal = new TerminalPage(page)
    await terminal.ready()
    const before = await terminal.sttySize()
    await terminal.type(`bash -c 'trap "echo W" WINCH; while :; do sleep 0.05; done'\n`)
    await terminal.type('\n')
    const keyboard = (...heights: number[]) =>
      page.evaluate((heights) => {
        const { visualViewport } = globalThis
        for (const height of heights) {
          Object.assign(visualViewport ?? {}, { height })
          visualViewport?.dispatchEvent(new Event('resize'))
        }
      }, heights)
    // It comes up in steps.
    await keyboard(600, 520, 440, 400)
    await terminal.seeRow('W')
    const bottom = await page.locator('.nt-keys').evaluate((row) => row.getBoundingClientRect().bottom)
    expect(bottom).toBeLessThanOrEqual(400)
    // While a frame draws its rows anew there is no cursor to be measured.
    await until(
      'the cursor above the keyboard',
      () => page.locator('.xterm-cursor').first().boundingBox(),
      (box) => box !== null && box.y + box.height < 400,
    )
    await keyboard(640)
    await until(
      'the second resize',
      () => terminal.rows(),
      (rows) => rows.filter((row) => row === 'W').length === 2,
    )
    await terminal.press('Control+c')
    await terminal.seePrompt()
    expect(await terminal.sttySize()).toEqual(before)
  })
})
