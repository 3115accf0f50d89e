/** What a host can ask a terminal for, once there is a session. */
import type { CommandMarks } from '../commands/controller.ts'
import type { Session } from '../session/session.ts'
import type { EarlyField } from '../typing/earlyField.ts'
import type { SearchCount } from '../search/find.ts'
import type { TerminalPanelHandle } from './handle.ts'

const NOTHING: SearchCount = { current: 0, total: 0, more: false }

/** `early` is the field that is there until the grid has one. */
export function handleOf(session: Session, early: { readonly current: EarlyField | null }): TerminalPanelHandle {
  const marks = (): CommandMarks | undefined => session.features()?.marks.marks
  return {
    focus: () => (early.current ? early.current.element.focus() : session.focus()),
    reconnect: () => session.reconnect(),
    takeOver: () => session.takeOver(),
    disconnect: () => session.disconnect(),
    write: (text) => session.write(text),
    paste: (text) => session.core.paste.pasted(text),
    clear: () => session.later(({ clear }) => clear.run()),
    fit: () => session.fit(),
    scrollTo: (place) => session.hands()?.scrollTo(place),
    selection: () => session.hands()?.selection() ?? '',
    serializeText: () => session.text(),
    serialize: async (format) => (await session.asked(({ save }) => save.serialize(format))) ?? '',
    save: async (format) => void (await session.asked(({ save }) => save.save(format))),
    search: async (text, options) => (await session.asked(({ find }) => find.search(text, options))) ?? NOTHING,
    clearSearch: () => session.later(({ find }) => find.close()),
    showDetails: (on) => session.later(({ details }) => details.turn(on)),
    bugReport: (facts) => session.report(facts),
    record: async (options) => (await session.asked(({ recordings }) => recordings.record(options))) ?? null,
    previousCommand: () => marks()?.previousCommand() ?? false,
    nextCommand: () => marks()?.nextCommand() ?? false,
    copyLastOutput: () => marks()?.copyLastOutput() ?? false,
    commands: () => marks()?.commands() ?? [],
  }
}
