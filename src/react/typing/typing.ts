/** What leaves the grid for the program, and what is drawn of it while it waits or after it was refused. */
import type { ChannelEvents, Snapshot } from '../../client/api.ts'
import type { PanelContext } from '../session/context.ts'
import type { Facts } from '../status/status.ts'
import { glyphs, heldText } from './held.ts'

export interface Typing {
  typed(text: string): void
  /** Mouse and focus reports tell where something is now: kept for later they would be wrong. */
  report(data: string | Uint8Array<ArrayBuffer>): void
  /** An answer of the emulator to the bytes that are parsed now. */
  reply(text: string): void
  refused(unsent: ChannelEvents['unsent']): void
  /** What was refused, as it was typed. */
  unsent(): string
  /** Before each look at the line. */
  follow(snapshot: Snapshot): void
  facts(): Pick<Facts, 'masked' | 'viewOnly'>
}

export function typing({ connection, channel, feed, emulator, handlers, look, say, words }: PanelContext): Typing {
  /** The row the person types in never echoed a key. */
  let masked = true
  let held = ''
  let unsent = ''
  let unsentShown = false
  /** Was told that typing does nothing. */
  let told = false

  function typed(text: string): void {
    const { phase } = connection.snapshot().status
    if (phase === 'ended' || phase === 'elsewhere') return
    if (handlers().viewOnly) return refuse()
    const echoed = emulator()?.echoed() ?? false
    const accepted = channel.write(text)
    if (accepted === 'sent') {
      const { received, outputCredit } = connection.stats()
      feed.hurry(received + outputCredit)
      masked = !echoed
      emulator()?.expectEcho(text)
    }
    if (accepted !== 'held') return
    if (held === '') masked = !echoed
    held += text
    look()
  }

  /** Typing that does nothing says why, once. */
  function refuse(): void {
    if (told) return
    told = true
    say(words().ready.viewOnlyTyped)
  }

  function typist(): string | null {
    const { viewOnly } = handlers()
    return (typeof viewOnly === 'object' ? viewOnly.typing : undefined) ?? null
  }

  function viewOnly(): Facts['viewOnly'] {
    if (handlers().viewOnly) return { typist: typist() }
    told = false
    return null
  }

  return {
    typed,
    report(data) {
      if (connection.snapshot().status.phase === 'ready' && !handlers().viewOnly) channel.write(data)
    },
    reply(text) {
      const parsing = feed.parsing()
      // Whoever only looks does not speak to the program, and neither does their emulator.
      if (parsing !== null && !parsing.answered && !handlers().viewOnly) channel.reply(text, parsing.at)
    },
    refused({ bytes }) {
      unsent += new TextDecoder().decode(bytes)
      look()
    },
    unsent: () => unsent,
    /** What waits after the cursor follows the snapshot: gone once it was sent, struck through once it was refused. */
    follow(snapshot) {
      if (snapshot.held.keys === 0) held = ''
      if (snapshot.unsent === null && unsentShown) unsent = ''
      unsentShown = snapshot.unsent !== null
      if (unsent !== '' && snapshot.held.keys === 0) emulator()?.showHeld({ kind: 'unsent', text: heldText(unsent, masked) })
      else if (glyphs(held).length > 0) emulator()?.showHeld({ kind: 'held', text: heldText(held, masked) })
      else emulator()?.showHeld(null)
    },
    facts: () => ({ masked, viewOnly: viewOnly() }),
  }
}
