/** A panel in any engine: keys and pointer go in as events of the browser, and what stands in it is told by the panel itself. */
import { READ_REQUEST, type TerminalText } from '../../../src/react/reading/readRequest.ts'
import { readTerminal } from '../../../src/testing/page/readTerminal.ts'
import { until } from '../../../src/testing/page/until.ts'
import type { Engine } from './engine.ts'
import { chords, click, clickWith, drag, dragWith, hover, tap, typing, type Point } from './keys.ts'

export class EnginePanel {
  private readonly engine: Engine
  private readonly root: string

  /** `root` is the expression of the tree that the panel stands in. */
  constructor(engine: Engine, root = 'document') {
    this.engine = engine
    this.root = root
  }

  /** Runs a function in the page, with the tree that the panel stands in. It sees nothing but what it is given. */
  async inTree<A extends readonly unknown[], R>(
    fn: (tree: Document | ShadowRoot, ...args: A) => R,
    ...args: A
  ): Promise<Awaited<R>> {
    const given = [this.root, ...args.map((arg) => JSON.stringify(arg))].join(', ')
    // What a function returns, JSON brings back.
    return (await this.engine.evaluate(`(${fn})(${given})`)) as Awaited<R>
  }

  /** Resolves when there is something to type into, and it has the focus. */
  async focus(): Promise<void> {
    const takesFocus = (tree: Document | ShadowRoot): boolean => {
      const field = tree.querySelector<HTMLElement>('.xterm textarea')
      field?.focus()
      return field !== null && tree.activeElement === field
    }
    await until('a terminal that takes the focus', () => this.inTree(takesFocus), Boolean)
  }

  /** `\n` is Enter. */
  async type(text: string): Promise<void> {
    await this.focus()
    await this.engine.perform(typing(text))
  }

  /** Keys for whatever has the focus, in one go: `Control+c`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.engine.perform(chords(...keys))
  }

  /** Drags over the screen, from the first cell of one text to the last of another. */
  async select(from: string, to = from): Promise<void> {
    await this.engine.perform(drag(await this.cell(from, -0.3), await this.cell(to, to.length - 0.7)))
  }

  /** Drags with Alt held down, which selects what stands between two corners. */
  async selectBlock(from: string, to: string): Promise<void> {
    await this.engine.perform(...dragWith('Alt', await this.cell(from, -0.3), await this.cell(to, to.length - 0.7)))
  }

  /** Clicks into the grid. */
  async click(): Promise<void> {
    const place = await this.inTree(middleOf, '.xterm-screen')
    if (place === null) throw new Error('There is nothing to click into yet.')
    await this.engine.perform(click(place))
  }

  /** Clicks on the first cell of a text with the middle button or the right one. */
  async clickWith(button: 'middle' | 'right', text: string): Promise<void> {
    await this.engine.click(await this.cell(text, 0), button === 'middle' ? 1 : 2)
  }

  /** Clicks on a link while Control is held down, when the line tells where it leads. */
  async follow(text: string): Promise<void> {
    await this.pointAt(text)
    await this.seeState('link-hover')
    await this.engine.perform(...clickWith('Control', await this.cell(text, 1)))
  }

  /** Moves the pointer over a text. */
  async pointAt(text: string): Promise<void> {
    await this.engine.perform(hover(await this.cell(text, 1)))
  }

  /** Clicks a button of the line, if it is there: what it does may have happened by itself. */
  async pressButton(action: string): Promise<void> {
    const place = await this.inTree(middleOf, `[data-action="${action}"]`)
    if (place !== null) await this.engine.perform(click(place))
  }

  /** Clicks a button or an entry of a menu, or taps it with a finger, by its label or else by its words. */
  async pressNamed(name: string, how: 'pointer' | 'finger' = 'pointer'): Promise<void> {
    const mark = (tree: Document | ShadowRoot, name: string): boolean => {
      const all = [...tree.querySelectorAll('button, [role="menuitem"]')]
      const found = all.find((button) => (button.getAttribute('aria-label') ?? button.textContent.trim()) === name)
      for (const button of all) button.toggleAttribute('data-wanted', button === found)
      return found !== undefined
    }
    await until(`the button “${name}”`, () => this.inTree(mark, name), Boolean)
    const place = await this.inTree(middleOf, '[data-wanted]')
    if (place === null) throw new Error(`The button “${name}” has gone.`)
    await this.engine.perform(how === 'finger' ? tap(place) : click(place))
  }

  /** Null while the emulator is still loading. */
  async text(): Promise<TerminalText | null> {
    // The function is the published one: it reads from anything around a panel.
    return (await this.engine.evaluate(`(${readTerminal})(${this.root}, '${READ_REQUEST}')`)) as TerminalText | null
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
    await until(
      `the words ${words}`,
      () => this.status(),
      (seen) => words.test(seen),
    )
  }

  /** The words of the line, or of the middle of a view that shows no output yet. */
  private status(): Promise<string> {
    return this.inTree((tree) => {
      const line = tree.querySelector<HTMLElement>('.nt-empty') ?? tree.querySelector<HTMLElement>('.nt-line')
      return (line?.innerText ?? '').replaceAll(/\s+/g, ' ').trim()
    })
  }

  /** The name of the state that the panel shows. */
  async seeState(state: string): Promise<void> {
    await until(
      `the state ${state}`,
      () => this.inTree((tree) => tree.querySelector<HTMLElement>('.nt')?.dataset['state'] ?? ''),
      (seen) => seen === state,
    )
  }

  /** Everything that its region for announcements says from now on. */
  async listen(): Promise<() => Promise<readonly string[]>> {
    await this.inTree((tree) => {
      const region = tree.querySelector('[role="log"]')
      if (region === null) throw new Error('Nothing announces the output.')
      const said: string[] = []
      Object.assign(globalThis, { said })
      new MutationObserver((records) => {
        for (const { addedNodes } of records) for (const node of addedNodes) said.push(node.textContent ?? '')
      }).observe(region, { childList: true })
    })
    return () => this.inTree(() => (globalThis as unknown as { readonly said: readonly string[] }).said)
  }

  /** The name of the element that has the focus. */
  async seeFocus(name: string): Promise<void> {
    const look = (tree: Document | ShadowRoot): string => {
      const element = tree.activeElement
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
    }
    await until(
      `the focus on ${name}`,
      () => this.inTree(look),
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
    return this.inTree((tree) =>
      [...tree.querySelectorAll('[role="dialog"], [role="alertdialog"], dialog[open]')].map((dialog) => {
        const named = tree.getElementById(dialog.getAttribute('aria-labelledby') ?? '')
        return dialog.getAttribute('aria-label') ?? named?.textContent ?? ''
      }),
    )
  }

  /** Where a cell of the screen lies in the page, in CSS pixels; 0 is the middle of the first cell of the text. */
  async cell(text: string, offset: number): Promise<Point> {
    const seen = await this.text()
    const row = seen?.rows.findLastIndex((line) => line.includes(text)) ?? -1
    if (seen === null || row < 0) throw new Error(`“${text}” is not on the screen.`)
    const box = await this.inTree((tree) => tree.querySelector('.xterm-screen')!.getBoundingClientRect().toJSON())
    const col = seen.rows[row]!.indexOf(text) + offset
    return { x: box.x + ((col + 0.5) * box.width) / seen.size.cols, y: box.y + ((row + 0.5) * box.height) / seen.size.rows }
  }
}

/** Runs in the page. */
function middleOf(tree: Document | ShadowRoot, selector: string): Point | null {
  const box = tree.querySelector(selector)?.getBoundingClientRect()
  return box === undefined ? null : { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
