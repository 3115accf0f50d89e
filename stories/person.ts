/** What a person does to a story and sees in it. */
import { expect, userEvent, waitFor, within } from 'storybook/test'

/** Generous: a story fails by what it shows, not by how busy the machine is. */
const patience = { timeout: 15_000 }

export interface Person {
  /** Waits until the panel says where it is: the id of its status line. */
  sees(state: string, panel?: number): Promise<void>
  /** Waits for a sentence anywhere in the panel. */
  reads(text: string | RegExp, panel?: number): Promise<void>
  presses(button: string, panel?: number): Promise<void>
  /** Types into the grid; `{Enter}` is a key. */
  types(keys: string, panel?: number): Promise<void>
}

export function person(canvas: HTMLElement): Person {
  const panel = (index = 0) => {
    const found = within(canvas).getByRole('region', { name: `Terminal ${index + 1}` })
    return found
  }
  return {
    sees: (state, index) => waitFor(() => expect(panel(index).dataset['state']).toBe(state), patience),
    reads: (text, index) => waitFor(() => expect(panel(index)).toHaveTextContent(text), patience),
    async presses(button, index) {
      const inside = index === undefined ? within(canvas) : within(panel(index))
      await userEvent.click(await inside.findByRole('button', { name: button }, patience))
    },
    async types(keys, index) {
      const input = await within(panel(index)).findByRole('textbox', {}, patience)
      input.focus()
      await userEvent.keyboard(keys)
    },
  }
}
