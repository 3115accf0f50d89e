/** What a person asks for at the line: its buttons, and its sign under the pointer. */
import type { ActionKind, Facts } from '../status/status.ts'
import type { PanelContext } from './context.ts'

export interface Buttons {
  press(kind: ActionKind): void
  /** Pointer or focus on the sign. */
  hover(on: boolean): void
  facts(): Pick<Facts, 'hover' | 'roundTripMs' | 'retriedAt' | 'copiedAt' | 'canSignIn'>
}

/** What other parts do at a press. */
export interface ButtonPorts {
  readonly reload: () => void
  readonly showGap: () => void
  readonly stopPaste: () => void
  /** What was typed and refused. */
  readonly unsent: () => string
}

export function buttons(context: PanelContext, others: ButtonPorts): Buttons {
  const { connection, focus, handlers, later, look, now, say, words } = context
  let hovered = false
  let retriedAt: number | null = null
  let copiedAt: number | null = null

  function copyDetails(): void {
    later(({ details }) => {
      details.copy(details.summary())
      copiedAt = now()
      say(words().buttons.copied)
      look()
    })
  }

  function forgetUnsent(): void {
    connection.dismissUnsent()
    focus()
  }

  return {
    press(kind) {
      switch (kind) {
        case 'cancel':
          return connection.disconnect()
        case 'retry':
          retriedAt = now()
          connection.retry()
          return look()
        case 'restart':
          connection.dismissUnsent()
          connection.restart()
          return focus()
        case 'take-over':
          connection.takeOver()
          return focus()
        case 'reload':
          return others.reload()
        case 'sign-in':
          return handlers().onSignIn?.()
        case 'copy-details':
          return copyDetails()
        case 'copy-unsent':
          return later(({ details }) => {
            details.copy(others.unsent())
            forgetUnsent()
          })
        case 'dismiss-unsent':
          return forgetUnsent()
        case 'show-gap':
          return others.showGap()
        case 'stop-paste':
          return others.stopPaste()
        default:
          return unreachable(kind)
      }
    },
    hover(on) {
      if (on === hovered) return
      hovered = on
      look()
    },
    facts: () => ({
      hover: hovered,
      roundTripMs: hovered ? connection.stats().roundTripMs : null,
      retriedAt,
      copiedAt,
      canSignIn: handlers().onSignIn !== undefined,
    }),
  }
}

function unreachable(value: never): never {
  throw new Error(`A panel knows no action ${String(value)}.`)
}
