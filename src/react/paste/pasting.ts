/** Pastes of a session: asks where a person should look first, types short ones, sends long ones as a flow that can be stopped. */
import type { Paste } from '../../client/api.ts'
import type { Feature, PanelContext } from '../session/context.ts'
import type { FeatureFacts } from '../status/facts.ts'
import { encodePaste, readPaste, type PasteText } from './paste.ts'

/** A paste that waits for the person's word. */
export interface PasteQuestion {
  /** Another number for each question. */
  readonly id: number
  readonly kind: 'lines' | 'hidden'
  readonly raw: string
  readonly text: PasteText
  /** The edge of the view that is farther from the cursor. */
  readonly at: 'top' | 'bottom'
  /** Rows between that edge and the cursor. */
  readonly room: number
}

export type PasteAnswer = 'paste' | 'join' | 'cancel'

export interface Pasting extends Feature {
  pasted(raw: string): void
  answer(answer: PasteAnswer): void
  /** Stops the paste that flows. */
  stop(): void
}

/** A paste up to this size is typed at once and may be held; a longer one flows. */
const TYPED_PASTE = 4096

export function pasting(context: PanelContext): Pasting {
  const { connection, channel, emulator, handlers, now, look, show, view, type, focus } = context
  let questions = 0
  let flowing: { readonly paste: Paste; readonly since: number } | null = null
  let stopped: FeatureFacts['pasteStopped']

  const bracketed = (): boolean => emulator()?.bracketedPaste() ?? false

  function ask(question: Omit<PasteQuestion, 'id'>): void {
    show({ paste: { ...question, id: ++questions } })
  }

  function farEdge(): Pick<PasteQuestion, 'at' | 'room'> {
    const { cursor, rows } = emulator()?.cursorRow() ?? { cursor: 0, rows: 2 }
    return cursor * 2 < rows ? { at: 'bottom', room: rows - cursor - 1 } : { at: 'top', room: cursor }
  }

  function deliver(clean: string): void {
    if (clean === '') return
    const typed = encodePaste(clean, bracketed())
    // Whoever may only look by now is refused there.
    if (typed.length <= TYPED_PASTE || handlers().viewOnly) return type(typed)
    const { phase } = connection.snapshot().status
    if (phase !== 'ended' && phase !== 'elsewhere') flow(channel.paste(typed))
  }

  function flow(paste: Paste): void {
    flowing = { paste, since: now() }
    stopped = undefined
    look()
    void paste.done.then(({ sent, complete }) => {
      if (flowing?.paste !== paste) return
      flowing = null
      if (!complete) stopped = { bytes: paste.bytes, sent, at: now() }
      look()
    })
  }

  return {
    pasted(raw) {
      // Nobody is asked about a paste that is refused anyway.
      if (handlers().viewOnly) return type(raw)
      const text = readPaste(raw)
      if (text.clean === '' && !text.hidden) return
      if (text.hidden) return ask({ kind: 'hidden', raw, text, ...farEdge() })
      if (text.lines.length > 1 && !bracketed()) return ask({ kind: 'lines', raw, text, ...farEdge() })
      deliver(text.clean)
    },
    answer(answer) {
      const { paste: question } = view()
      if (question === undefined) return
      show({ paste: undefined })
      focus()
      const { text } = question
      if (answer === 'join') return deliver(text.lines.map((line) => line.trim()).join(' '))
      if (answer === 'cancel') return
      // What was hidden is gone; what is left may still be several lines.
      if (question.kind === 'hidden' && text.lines.length > 1 && !bracketed())
        ask({ ...question, kind: 'lines', raw: text.clean })
      else deliver(text.clean)
    },
    stop: () => flowing?.paste.cancel(),
    hostChanged() {
      if (handlers().viewOnly) flowing?.paste.cancel()
    },
    facts: () => ({
      paste: flowing && { bytes: flowing.paste.bytes, sent: flowing.paste.sent(), since: flowing.since },
      pasteStopped: stopped,
    }),
    dispose() {
      flowing = null
    },
  }
}
