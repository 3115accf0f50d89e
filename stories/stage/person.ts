/** What a person does to a story and sees in it, and what befalls both meanwhile. */
import { configure, expect, userEvent, waitFor, within } from 'storybook/test'
import type { Action } from '../../mock-server/script.ts'
import type { TerminalPanelHandle } from '../../src/react/index.ts'
import { READ_REQUEST, type ReadRequest, type TerminalText } from '../../src/react/reading/readRequest.ts'
import type { TerminalSize } from '../../src/protocol/messages.ts'
import type { ProgramExit } from '../../src/server/ports.ts'
import type { Fault } from './faults.ts'
import { handleIn, worldIn } from './Stage.tsx'
import type { World } from './world.ts'

/** Generous: a story fails by what it shows, not by how busy the machine is. */
const patience = { timeout: 15_000, interval: 20 }

// The whole page behind each error would bury its sentence.
configure({ asyncUtilTimeout: patience.timeout, getElementError: (message) => new Error(message ?? 'Not found.') })

export interface Person {
  /** Waits until the panel says where it is: the id of its status line. */
  sees(state: string, panel?: number): Promise<void>
  /** Waits for words of the panel itself, outside the grid. */
  reads(text: string | RegExp, panel?: number): Promise<void>
  /** Waits for words of the program. */
  readsOutput(text: string | RegExp, panel?: number): Promise<void>
  finds(role: string, name: string | RegExp, panel?: number): Promise<HTMLElement>
  presses(button: string | RegExp, panel?: number): Promise<void>
  /** Waits until the grid is there to type into. */
  grid(): Promise<void>
  /** Types into the grid; `{Enter}` is a key. */
  types(keys: string, panel?: number): Promise<void>
  /** Moves the pointer over words in the grid, and presses it where it is asked to. */
  points(text: string, press?: 'click' | 'ctrl-click'): Promise<void>
  pastes(text: string, panel?: number): Promise<void>
  /** Lets so many milliseconds pass at once. */
  waits(ms: number): Promise<void>
  /** Lets time pass in steps until the panel's words are these. */
  waitsFor(text: string | RegExp, atMostMs: number): Promise<void>
  /** Time stands still from now on. */
  stops(): void
  hurts(fault: Fault): void
  /** That fault is over. */
  heals(fault: Fault): void
  mends(): void
  /** The program prints this by itself. */
  prints(text: string): void
  /** The program ends in a way that it did not choose. */
  exits(exit: ProgramExit): void
  /** Something happens at the server's end. */
  lets(action: Action): Promise<void>
  /** Columns and rows of the grid, once it is there. */
  gridSize(panel?: number): TerminalSize | undefined
  readonly handle: TerminalPanelHandle
}

export function person(canvas: HTMLElement): Person {
  const panels = (): HTMLElement[] => [...canvas.querySelectorAll<HTMLElement>('.nt[data-state]')]
  const panel = (index = 0): HTMLElement => {
    const found = panels()[index]
    if (!found) throw new Error(`There is no panel ${index + 1}.`)
    return found
  }
  const world = async (): Promise<World> => {
    await waitFor(() => panel(), patience)
    return worldIn(canvas)
  }
  const words = (index?: number): string => {
    const own = [...panel(index).querySelectorAll('.nt-line, .nt-empty, [role=dialog], [role=alertdialog], [role=menu]')]
    return own.map((element) => element.textContent).join('\n')
  }
  const input = (index?: number): Promise<HTMLElement> =>
    waitFor(() => {
      const field = panel(index).querySelector<HTMLElement>('.xterm-helper-textarea')
      if (!field) throw new Error('The grid is not there yet.')
      return field
    }, patience)
  const matching = (text: string | RegExp) =>
    typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text)
  const me: Person = {
    sees: (state, index) => waitFor(() => expect(panel(index).dataset['state']).toBe(state), patience),
    reads: (text, index) => waitFor(() => expect(words(index)).toEqual(matching(text)), patience),
    readsOutput: (text, index) => waitFor(() => expect(outputOf(panel(index))).toEqual(matching(text)), patience),
    finds: (role, name, index) => within(panel(index)).findByRole(role, { name }, patience),
    async presses(button, index) {
      await userEvent.click(await me.finds('button', button, index))
    },
    async grid() {
      await input()
    },
    async types(keys, index) {
      const field = await input(index)
      field.focus()
      await userEvent.keyboard(keys)
    },
    async points(text, press) {
      await me.readsOutput(text)
      const screen = panel().querySelector<HTMLElement>('.xterm-screen')
      const { rows = [], size } = read(panel()) ?? {}
      const row = rows.findIndex((each) => each.includes(text))
      if (!screen || !size) throw new Error('The grid is not there yet.')
      const box = screen.getBoundingClientRect()
      const column = (rows[row] ?? '').indexOf(text) + 1
      const at = {
        clientX: box.x + (column * box.width) / size.cols,
        clientY: box.y + ((row + 0.5) * box.height) / size.rows,
        ctrlKey: press === 'ctrl-click',
        bubbles: true,
      }
      const tell = (...names: string[]): void => names.forEach((name) => screen.dispatchEvent(new MouseEvent(name, at)))
      tell('mouseover', 'mousemove')
      // The emulator asks for links in a turn of its own.
      await new Promise((resolve) => setTimeout(resolve, 50))
      tell('mousemove')
      if (press) tell('mousedown', 'mouseup', 'click')
    },
    async pastes(text, index) {
      const field = await input(index)
      field.focus()
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    },
    waits: async (ms) => (await world()).time.skip(ms),
    async waitsFor(text, atMostMs) {
      const { time } = await world()
      const until = time.now() + atMostMs
      const there = (): boolean => (typeof text === 'string' ? words().includes(text) : text.test(words()))
      while (!there() && time.now() < until) {
        await time.skip(100)
        // What the panel shows is drawn by React in a turn of its own.
        await new Promise((resolve) => setTimeout(resolve))
      }
      // What draws the words may itself be on its way.
      await me.reads(text)
    },
    stops: () => worldIn(canvas).time.stop(),
    hurts: (fault) => worldIn(canvas).hurt(fault, true),
    heals: (fault) => worldIn(canvas).hurt(fault, false),
    prints: (text) => worldIn(canvas).shops.print(text),
    exits: (exit) => worldIn(canvas).shops.exit(exit),
    mends: () => worldIn(canvas).mend(),
    lets: async (action) => (await world()).server.act(action),
    gridSize: (index) => read(panel(index))?.size,
    get handle() {
      return handleIn(canvas)
    },
  }
  return me
}

/** What stands in the grid, whatever draws it. */
function read(panel: HTMLElement): TerminalText | undefined {
  const detail: ReadRequest = {}
  panel.querySelector('.xterm')?.dispatchEvent(new CustomEvent(READ_REQUEST, { detail, bubbles: true }))
  return detail.text
}

function outputOf(panel: HTMLElement): string {
  return read(panel)?.rows.join('\n') ?? ''
}
