/** A panel of the demo in any engine: keys and pointer go in as events of the browser, and what stands in it is told by the panel itself. */
import { READ_REQUEST, type TerminalText } from '../../../src/react/reading/readRequest.ts'
import { readTerminal } from '../../../src/testing/page/readTerminal.ts'
import { until } from '../../../src/testing/page/until.ts'
import { inPage, type Engine } from './engine.ts'
import { chord, click, drag, hover, typing, type Point } from './keys.ts'

export class EnginePanel {
  private readonly engine: Engine

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** Resolves when there is something to type into, and it has the focus. */
  async focus(): Promise<void> {
    const takesFocus = (): boolean => {
      const field = document.querySelector<HTMLElement>('.xterm textarea')
      field?.focus()
      return field !== null && document.activeElement === field
    }
    await until('a terminal that takes the focus', () => inPage(this.engine, takesFocus), Boolean)
  }

  /** `\n` is Enter. */
  async type(text: string): Promise<void> {
    await this.focus()
    await this.engine.perform(typing(text))
  }

  /** Keys for whatever has the focus: `Control+c`. */
  async press(keys: string): Promise<void> {
    await this.engine.perform(chord(keys))
  }

  /** Drags over the screen, from the first cell of one text to the last of another. */
  async select(from: string, to = from): Promise<void> {
    await this.engine.perform(drag(await this.cell(from, -0.3), await this.cell(to, to.length - 0.7)))
  }

  /** Clicks with the middle button on the first cell of a text. */
  async clickMiddle(text: string): Promise<void> {
    await this.engine.perform(click(await this.cell(text, 0), 1))
  }

  /** Moves the pointer over a text. */
  async pointAt(text: string): Promise<void> {
    await this.engine.perform(hover(await this.cell(text, 1)))
  }

  /** Clicks a button of the line, if it is there: what it does may have happened by itself. */
  async pressButton(action: string): Promise<void> {
    const middle = (action: string): Point | null => {
      const box = document.querySelector(`[data-action="${action}"]`)?.getBoundingClientRect()
      return box === undefined ? null : { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    }
    const place = await inPage(this.engine, middle, action)
    if (place !== null) await this.engine.perform(click(place))
  }

  /** Null while the emulator is still loading. */
  async text(): Promise<TerminalText | null> {
    // The function is the published one: it reads from anything around a panel.
    return (await this.engine.evaluate(`(${readTerminal})(document.body, '${READ_REQUEST}')`)) as TerminalText | null
  }

  async rows(): Promise<readonly string[]> {
    return (await this.text())?.rows ?? []
  }

  /** A row that is exactly this, as a program prints it. */
  async seeRow(row: string): Promise<void> {
    await until(
      `the row “${row}”`,
      () => this.rows(),
      (rows) => rows.includes(row),
    )
  }

  async seeText(text: string): Promise<void> {
    await until(
      `“${text}” on the screen`,
      async () => (await this.rows()).join('\n'),
      (seen) => seen.includes(text),
    )
  }

  /** What the line says, without its buttons' pictures. */
  async seeStatus(words: RegExp): Promise<void> {
    const look = (): string => {
      const line = document.querySelector<HTMLElement>('[role="group"][aria-label="Terminal status"]')
      return (line?.innerText ?? '').replaceAll(/\s+/g, ' ').trim()
    }
    await until(
      `the words ${words}`,
      () => inPage(this.engine, look),
      (seen) => words.test(seen),
    )
  }

  /** The name of the element that has the focus. */
  async seeFocus(name: string): Promise<void> {
    const look = (): string => {
      const element = document.activeElement
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
    }
    await until(
      `the focus on ${name}`,
      () => inPage(this.engine, look),
      (seen) => seen === name,
    )
  }

  async seeDialog(name: string): Promise<void> {
    await until(
      `the dialog “${name}”`,
      () => this.dialogs(),
      (names) => names.includes(name),
    )
  }

  async seeNoDialog(): Promise<void> {
    await until(
      'no dialog',
      () => this.dialogs(),
      (names) => names.length === 0,
    )
  }

  /** The names of all that are open. */
  private dialogs(): Promise<readonly string[]> {
    return inPage(this.engine, () =>
      [...document.querySelectorAll('[role="dialog"], [role="alertdialog"], dialog[open]')].map((dialog) => {
        const named = document.getElementById(dialog.getAttribute('aria-labelledby') ?? '')
        return dialog.getAttribute('aria-label') ?? named?.textContent ?? ''
      }),
    )
  }

  /** Where a cell of the screen lies in the page, in CSS pixels; 0 is the middle of the first cell of the text. */
  private async cell(text: string, offset: number): Promise<Point> {
    const seen = await this.text()
    const row = seen?.rows.findLastIndex((line) => line.includes(text)) ?? -1
    if (seen === null || row < 0) throw new Error(`“${text}” is not on the screen.`)
    const box = await inPage(this.engine, () => document.querySelector('.xterm-screen')!.getBoundingClientRect().toJSON())
    const col = seen.rows[row]!.indexOf(text) + offset
    return { x: box.x + ((col + 0.5) * box.width) / seen.size.cols, y: box.y + ((row + 0.5) * box.height) / seen.size.rows }
  }
}
