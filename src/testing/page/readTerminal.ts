/** Reads and types in a panel from the page that it stands in: under jsdom with Testing Library, and in a browser. */
import { READ_REQUEST, type ReadRequest, type TerminalText } from '../../react/reading/readRequest.ts'
import { PATIENCE_MS, until } from './until.ts'

/**
 * What stands in the terminal of a panel, or null while its emulator is still loading. `panel` is the panel's section or anything
 * around it. `event` is there for callers that run this function in another page, where no import reaches.
 */
export function readTerminal(panel: Element, event: string = READ_REQUEST): TerminalText | null {
  const request: ReadRequest = {}
  panel.querySelector('.xterm')?.dispatchEvent(new CustomEvent(event, { bubbles: true, detail: request }))
  return request.text ?? null
}

/** Every line of the terminal from the first of its scrollback, joined; '' while the emulator is still loading. */
export function terminalText(panel: Element): string {
  return readTerminal(panel)?.lines.join('\n') ?? ''
}

/** Waits until the text stands somewhere in the terminal. Rejects with what stands there instead. Default patience: 15 s. */
export async function findTerminalText(panel: Element, text: string | RegExp, patienceMs: number = PATIENCE_MS): Promise<string> {
  const accepts = (seen: string): boolean => (typeof text === 'string' ? seen.includes(text) : text.test(seen))
  return until(`${typeof text === 'string' ? `“${text}”` : text} in the terminal`, () => terminalText(panel), accepts, patienceMs)
}

/** Waits until the panel shows this state, such as `ready`. Rejects with the one that it shows instead. Default patience: 15 s. */
export async function findTerminalState(panel: Element, state: string, patienceMs: number = PATIENCE_MS): Promise<void> {
  const look = (): string => panel.closest('[data-state]')?.getAttribute('data-state') ?? ''
  await until(`the state ${state}`, look, (seen) => seen === state, patienceMs)
}

/**
 * Types into a panel as a person does; `\n` is Enter. Throws while the emulator is still loading: wait for some text first.
 * For single keys such as Ctrl-C dispatch your own `KeyboardEvent` on the text box of the panel.
 */
export function typeIntoTerminal(panel: Element, text: string): void {
  const field = panel.querySelector<HTMLTextAreaElement>('.xterm textarea')
  if (field === null) throw new Error('There is nothing to type into yet: wait for the first text of the terminal.')
  for (const [index, line] of text.split('\n').entries()) {
    // Enter is a key; the emulator asks for its old number.
    if (index > 0) field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true }))
    if (line !== '') field.dispatchEvent(new InputEvent('input', { data: line, inputType: 'insertText', bubbles: true }))
  }
}
