/** The published page object, in a section of the demo and before a real shell. */
import type { Locator, Page } from 'playwright'
import { TerminalPage as AnyTerminalPage } from '../../src/testing/page/terminalPage.ts'
import { until } from '../../src/testing/page/until.ts'

export class TerminalPage extends AnyTerminalPage {
  /** The section of the demo around one panel. */
  readonly section: Locator

  constructor(page: Page, index = 0) {
    const section = page.locator('.demo-terminal').nth(index)
    super(page, { within: section })
    this.section = section
  }

  /** The terminal in the same page with this number, from 0. */
  beside(index: number): TerminalPage {
    return new TerminalPage(this.page, index)
  }

  /** A shell that answers: the first screen of a journey. */
  async ready(): Promise<void> {
    await this.type('echo re""ady\n')
    await this.seeRow('ready')
  }

  /** The shell asks again. A terminal may drop what is typed in the same instant as the Ctrl+C before it. */
  async seePrompt(): Promise<void> {
    await this.seeText(/(?:^|\n)\$$/)
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
}
