/** A terminal as a person has it, for Playwright: what stands on the screen, what the line below says, keys to press and buttons to click. */
import type { Locator, Page } from 'playwright'
import { READ_REQUEST, type TerminalText } from '../../react/reading/readRequest.ts'
import { giveNetworkOrder, orderOf, type NetworkControl, type NetworkOrder } from './networkOrders.ts'
import { readTerminal } from './readTerminal.ts'
import { PATIENCE_MS, until } from './until.ts'

export interface TerminalPageOptions {
  /** Looks for the panel in here only. Default: the whole page. */
  readonly within?: Locator
  /** The panel's own label. Default: any. */
  readonly label?: string | RegExp
  /** Which of the panels that fit, from 0. Default 0. */
  readonly index?: number
  /** The network behind the panel. Default: that of the mock server in the page, if it obeys orders. */
  readonly network?: NetworkControl
  /** How long to wait for what should be seen, in milliseconds. Default 15 000. */
  readonly patienceMs?: number
  /** What the panel calls its line, where its words were replaced. Default `Terminal status`. */
  readonly statusLabel?: string
}

/** The states of a panel that tries to get its connection back. */
const AWAY: ReadonlySet<string> = new Set(['reconnect-wait', 'reconnect-try', 'offline', 'held', 'held-masked', 'held-full'])

/** Works with every renderer: what stands in the terminal is told by the panel, not read off the page's elements. */
export class TerminalPage {
  readonly page: Page
  /** The panel's own element. Its `data-state` is the state that it shows. */
  readonly panel: Locator
  private readonly options: TerminalPageOptions

  constructor(page: Page, options: TerminalPageOptions = {}) {
    this.page = page
    this.options = options
    const where = options.within ?? page
    const regions = where.getByRole('region', options.label === undefined ? {} : { name: options.label })
    this.panel = regions.and(page.locator('[data-state]')).nth(options.index ?? 0)
  }

  // ---- what a person does ----

  /** What takes the keys. */
  get keyboard(): Locator {
    return this.panel.locator('.xterm textarea')
  }

  async focus(): Promise<void> {
    await this.keyboard.focus()
  }

  /** Types as fast as the page takes it. `\n` is Enter. */
  async type(text: string): Promise<void> {
    await this.focus()
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0) await this.page.keyboard.press('Enter')
      if (line !== '') await this.page.keyboard.type(line)
    }
  }

  /** One key, in Playwright's words: `Control+c`. */
  async press(key: string): Promise<void> {
    await this.focus()
    await this.page.keyboard.press(key)
  }

  /** Pastes as the browser does after its shortcut. The clipboard of the machine is left alone. */
  async paste(text: string): Promise<void> {
    await this.keyboard.evaluate((field, text) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, text)
  }

  button(name: string | RegExp): Locator {
    return this.panel.getByRole('button', { name, exact: true })
  }

  /** Presses “Retry now” until the connection is back, which may come back by itself. */
  async retryNow(): Promise<void> {
    const retry = this.panel.locator('[data-action="retry"]')
    await until(
      'the connection to come back',
      async () => {
        // The button may turn into another one at any moment, and that one must not be pressed: looked at and pressed in one go.
        if (await this.isAway()) await retry.evaluateAll(([button]) => button instanceof HTMLElement && button.click())
        return this.isAway()
      },
      (away) => !away,
      this.patience(),
    )
  }

  private async isAway(): Promise<boolean> {
    return AWAY.has(await this.state())
  }

  // ---- what a person sees ----

  /** What stands in the terminal; nothing while the emulator is still loading. */
  async text(): Promise<TerminalText> {
    const text = await this.panel.evaluate(readTerminal, READ_REQUEST)
    return text ?? { rows: [], lines: [], cursor: { row: 0, col: 0 }, size: { cols: 0, rows: 0 } }
  }

  /** The rows that can be seen, without the blanks at their ends. */
  async rows(): Promise<readonly string[]> {
    return (await this.text()).rows
  }

  async screenText(): Promise<string> {
    return (await this.rows()).join('\n').trimEnd()
  }

  /** Every line from the first of the scrollback to the last that is not blank. */
  async everything(): Promise<readonly string[]> {
    return (await this.text()).lines
  }

  async seeText(text: string | RegExp, patienceMs = this.patience()): Promise<void> {
    await until(`${named(text)} on the screen`, () => this.screenText(), fits(text), patienceMs)
  }

  /** A row that is exactly this, as a program prints it. What is typed stands behind a prompt and does not count. */
  async seeRow(row: string, patienceMs = this.patience()): Promise<void> {
    await until(
      `the row “${row}”`,
      () => this.rows(),
      (rows) => rows.includes(row),
      patienceMs,
    )
  }

  /** The name of the state that the panel shows: `ready`, `reconnect-wait` … */
  async state(): Promise<string> {
    return (await this.panel.getAttribute('data-state')) ?? ''
  }

  async seeState(state: string, patienceMs = this.patience()): Promise<void> {
    await until(
      `the state ${state}`,
      () => this.state(),
      (seen) => seen === state,
      patienceMs,
    )
  }

  /** The words and buttons of the line, or of the middle of a view that shows no output yet. */
  async statusWords(): Promise<string> {
    const middle = this.panel.locator('.nt-empty')
    const line = this.panel.getByRole('group', { name: this.options.statusLabel ?? 'Terminal status', exact: true })
    const place = (await middle.count()) > 0 ? middle : line
    return (await place.innerText()).replaceAll(/\s+/g, ' ').trim()
  }

  async seeStatus(words: string | RegExp, patienceMs = this.patience()): Promise<void> {
    await until(`the words ${named(words)}`, () => this.statusWords(), fits(words), patienceMs)
  }

  /** Words in the middle of a view that shows no output. */
  async seeOverlay(words: string | RegExp, patienceMs = this.patience()): Promise<void> {
    const middle = this.panel.locator('.nt-empty')
    const look = async (): Promise<string> => ((await middle.count()) > 0 ? middle.innerText() : '')
    await until(`the words ${named(words)} in the middle`, look, fits(words), patienceMs)
  }

  // ---- what happens to the network ----

  /** Breaks the connection, and refuses further ones until `mendNetwork`. */
  cutNetwork(): Promise<void> {
    return this.order('cut')
  }

  /** Keeps the connection and lets nothing through until `mendNetwork`. */
  stallNetwork(): Promise<void> {
    return this.order('stall')
  }

  mendNetwork(): Promise<void> {
    return this.order('mend')
  }

  private async order(order: NetworkOrder): Promise<void> {
    const { network } = this.options
    if (network !== undefined) return network[order]()
    if (await this.page.evaluate(giveNetworkOrder, orderOf(order))) return
    throw new Error(
      'Nobody in the page obeys: call obeyNetworkOrders(server.network) beside the mock server, or give the option `network`.',
    )
  }

  async reload(): Promise<void> {
    await this.page.reload()
  }

  private patience(): number {
    return this.options.patienceMs ?? PATIENCE_MS
  }
}

function fits(wanted: string | RegExp): (seen: string) => boolean {
  return (seen) => (typeof wanted === 'string' ? seen.includes(wanted) : wanted.test(seen))
}

function named(wanted: string | RegExp): string {
  return typeof wanted === 'string' ? `“${wanted}”` : String(wanted)
}
