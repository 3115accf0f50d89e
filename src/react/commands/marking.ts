/** The command marks of a session: joins the emulator's rows, the gutter, the line and the host. */
import { copyText } from '../clipboard/copyText.ts'
import type { Feature, PanelContext } from '../session/context.ts'
import type { FeatureFacts } from '../status/facts.ts'
import { commandRows } from '../xterm/commandRows.ts'
import { CommandMarks } from './controller.ts'
import { freshness } from './fresh.ts'
import { commandName } from './shellMarks.ts'

export interface Marking extends Feature {
  readonly marks: CommandMarks
  /** The text of the command that runs; empty if none runs or the shell does not tell. */
  running(): string
}

export interface MarkingPorts {
  /** A command began or ended. */
  readonly turned: () => void
  /** The shell has told its folder. */
  readonly folder: (path: string) => void
}

export function marking(context: PanelContext, { turned, folder }: MarkingPorts): Marking {
  const { connection, feed, handlers, look, focus, host, say, show, view, words } = context
  const fresh = freshness(context)
  const marks = new CommandMarks({
    now: fresh.now,
    replaying: () => feed.parsing()?.answered === true,
    copy(text) {
      copyText(host, text)
      say(words().buttons.copied)
    },
    focus,
    changed() {
      if (view().marks === undefined && marks.store.getState().marks.length > 0) show({ marks })
      look()
    },
    ended: (command) => handlers().onCommand?.(command),
    turned,
    folder,
  })
  // The last output may tell an end yet, and is parsed first.
  const unsubscribe = connection.on('close', ({ exit }) => {
    if (exit !== undefined) feed.act((done) => (marks.over(), done()))
  })
  return {
    marks,
    running: () => marks.running(),
    ready: (emulator) => marks.attach(emulator.part(commandRows)),
    reset: fresh.reset,
    // Whoever types has seen the command that a shortcut has shown.
    key(event) {
      if (isTyping(event)) marks.point(null)
      return false
    },
    facts: (): FeatureFacts => {
      const mark = marks.pointed()
      return { mark: mark && { ...mark, command: commandName(mark.command) } }
    },
    dispose() {
      unsubscribe()
      fresh.dispose()
      marks.dispose()
    },
  }
}

const isTyping = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean =>
  !ctrlKey && !altKey && !metaKey && (key.length === 1 || key === 'Enter' || key === 'Escape' || key === 'Backspace')
