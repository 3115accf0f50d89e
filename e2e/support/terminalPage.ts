/** A terminal as a person has it: what stands on the screen, what the line below says, keys to press and buttons to click. */
import type { Locator, Page } from 'playwright'
import { until } from './until.ts'

export class TerminalPage {
  readonly page: Page
  /** The section of the demo around one panel. */
  readonly section: Locator
  private readonly index: number

  constructor(page: Page, index = 0) {
    this.page = page
    this.index = index
    this.section = page.locator('.demo-terminal').nth(index)
  }

  /** The terminal in the same page with this number, from 0. */
  beside(index: number): TerminalPage {
    return new TerminalPage(this.page, index)
  }

  get grid(): Locator {
    return this.section.locator('.xterm')
  }

  async focus(): Promise<void> {
    await this.section.locator('.xterm-helper-textarea').focus()
  }

  /** Types as fast as the page takes it. `\n` is Enter. */
  async type(text: string): Promise<void> {
    await this.focus()
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0) await this.page.keyboard.press('Enter')
      if (line !== '') await this.page.keyboard.type(line)
    }
  }

  async press(key: string): Promise<void> {
    await this.focus()
    await this.page.keyboard.press(key)
  }

  /** Pastes as the browser does after its shortcut. The clipboard of the machine is left alone. */
  async paste(text: string): Promise<void> {
    await this.section.locator('.xterm-helper-textarea').evaluate((field, text) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, text)
  }

  /** The rows that can be seen, without the blanks at their ends. */
  async rows(): Promise<string[]> {
    const rows = await this.section.locator('.xterm-rows > div').allTextContents()
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
  }

  async screenText(): Promise<string> {
    return (await this.rows()).join('\n').trimEnd()
  }

  async seeText(text: string, patienceMs?: number): Promise<void> {
    await until(
      `“${text}” on the screen`,
      () => this.screenText(),
      (screen) => screen.includes(text),
      patienceMs,
    )
  }

  /** A row that is exactly this, as a program prints it. What is typed stands behind a prompt and does not count. */
  async seeRow(row: string, patienceMs?: number): Promise<void> {
    await until(
      `the row “${row}”`,
      () => this.rows(),
      (rows) => rows.includes(row),
      patienceMs,
    )
  }

  /** Every row from the first of the scrollback to the last that is not blank. */
  async everything(): Promise<string[]> {
    const text = await this.page.evaluate((index) => {
      // What the demo leaves for the console.
      const { terminals } = globalThis as unknown as { terminals: { serializeText(): string }[] }
      return terminals[index]?.serializeText() ?? ''
    }, this.index)
    return text
      .trimEnd()
      .split('\n')
      .map((row) => row.trimEnd())
  }

  /** The words and buttons of the line, or of the middle of an empty view. */
  async statusWords(): Promise<string> {
    const middle = this.section.locator('.nt-empty')
    const place = (await middle.count()) > 0 ? middle : this.section.getByRole('group', { name: 'Terminal status' })
    return (await place.innerText()).replaceAll(/\s+/g, ' ').trim()
  }

  async seeStatus(words: string | RegExp, patienceMs?: number): Promise<void> {
    const accepts = (seen: string): boolean => (typeof words === 'string' ? seen.includes(words) : words.test(seen))
    await until(`the words “${words}”`, () => this.statusWords(), accepts, patienceMs)
  }

  button(name: string): Locator {
    return this.section.getByRole('button', { name, exact: true })
  }

  /** Presses “Retry now” until the terminal is back, which may come back by itself. */
  async retryNow(): Promise<void> {
    const away = /^(Connection lost|Typing is off|You are offline)/
    await until(
      'the connection to come back',
      async () => {
        if (away.test(await this.statusWords()))
          await this.button('Retry now')
            .click({ timeout: 500 })
            .catch(() => undefined)
        return this.statusWords()
      },
      (words) => !away.test(words),
    )
  }

  /** A shell that answers: the first screen of a journey. */
  async ready(): Promise<void> {
    await this.type('echo re""ady\n')
    await this.seeRow('ready')
  }

  /** What the program thinks the size of its terminal is. */
  async sttySize(): Promise<{ rows: number; cols: number }> {
    const mark = Math.random().toString(36).slice(2, 8)
    await this.type(`echo size""${mark} $(stty size)\n`)
    const answer = new RegExp(`^size${mark} (\\d+) (\\d+)$`, 'm')
    const screen = await until(
      'an answer of stty',
      () => this.screenText(),
      (text) => answer.test(text),
    )
    const [, rows, cols] = answer.exec(screen) ?? []
    return { rows: Number(rows), cols: Number(cols) }
  }

  async reload(): Promise<void> {
    await this.page.reload()
  }
}
