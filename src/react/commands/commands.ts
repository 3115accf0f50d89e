/** The commands of a shell as its marks tell them: a bounded list that only the newest entry of which can still change. */
import { unreachable } from '../../protocol/unreachable.ts'
import type { ShellMark } from './shellMarks.ts'

/** One prompt, and what became of it. Times are milliseconds on the clock of whoever steps the list. */
export interface Command {
  /** Another number for each prompt; grows. */
  readonly id: number
  /** The person may type; the command runs; it is over. */
  readonly phase: 'prompt' | 'running' | 'done'
  /** Empty while nothing is known of it. */
  readonly text: string
  /** Null unless the shell told one. */
  readonly exitCode: number | null
  /** Null where it began before this page looked. */
  readonly startedAt: number | null
  /** Null where the beginning or the end was not seen as it happened. */
  readonly durationMs: number | null
}

export interface CommandList {
  /** Oldest first. Only the last one may be in the phase `prompt` or `running`. */
  readonly commands: readonly Command[]
  readonly nextId: number
  /** Text that the shell has told for the command to come. */
  readonly told: string | null
}

export const NO_COMMANDS: CommandList = { commands: [], nextId: 1, told: null }

/** Commands that are remembered. Older ones stay in the scrollback without a mark. */
export const COMMAND_LIMIT = 500

/** A mark as it arrived. */
export interface MarkEvent {
  readonly mark: Exclude<ShellMark, { kind: 'folder' }>
  /** Null for bytes that are older than this moment: replayed, or caught up with. */
  readonly at: number | null
  /** What stands on the screen between the end of the prompt and the cursor; asked only when a command begins. */
  readonly typed: () => string
}

/** What a mark did. Marks that fit nowhere do nothing. */
export type Change = 'none' | 'prompt' | 'again' | 'input' | 'began' | 'ended'

export interface CommandStep {
  readonly list: CommandList
  readonly change: Change
  /** The prompt, or the command that began or ended. */
  readonly command: Command | null
}

export function stepCommands(list: CommandList, { mark, at, typed }: MarkEvent): CommandStep {
  const last = list.commands.at(-1)
  switch (mark.kind) {
    case 'prompt':
      return prompt(list, last)
    case 'input':
      return last?.phase === 'prompt' ? { list, change: 'input', command: last } : nothing(list)
    case 'text':
      return nothing(last?.phase === 'prompt' ? { ...list, told: mark.text } : list)
    case 'output': {
      if (last?.phase !== 'prompt') return nothing(list)
      const text = mark.text ?? list.told ?? typed()
      return replaceLast(list, { ...last, phase: 'running', text, startedAt: at }, 'began')
    }
    case 'end':
      if (last?.phase !== 'running') return nothing(list)
      return replaceLast(list, ended(last, mark.exitCode, at), 'ended')
    default:
      return unreachable(mark)
  }
}

/** An empty line, or a prompt that is drawn again: it stays the same prompt in another place. */
function prompt(list: CommandList, last: Command | undefined): CommandStep {
  if (last?.phase === 'prompt') return { list: { ...list, told: null }, change: 'again', command: last }
  // A shell inside the shell, or one that never tells an end: how the running command went is not known.
  const before = last?.phase === 'running' ? [...list.commands.slice(0, -1), ended(last, null, null)] : list.commands
  const command: Command = {
    id: list.nextId,
    phase: 'prompt',
    text: '',
    exitCode: null,
    startedAt: null,
    durationMs: null,
  }
  const commands = [...before.slice(-(COMMAND_LIMIT - 1)), command]
  return { list: { commands, nextId: list.nextId + 1, told: null }, change: 'prompt', command }
}

function ended(command: Command, exitCode: number | null, at: number | null): Command {
  const durationMs = at === null || command.startedAt === null ? null : Math.max(0, at - command.startedAt)
  return { ...command, phase: 'done', exitCode, durationMs }
}

function replaceLast(list: CommandList, command: Command, change: Change): CommandStep {
  return { list: { ...list, told: null, commands: [...list.commands.slice(0, -1), command] }, change, command }
}

const nothing = (list: CommandList): CommandStep => ({ list, change: 'none', command: null })

/** Without a command whose rows are gone. */
export function forgetCommand(list: CommandList, id: number): CommandList {
  const commands = list.commands.filter((command) => command.id !== id)
  return commands.length === list.commands.length ? list : { ...list, commands }
}

/** How a mark looks. A command that is over without a known fault counts as done. */
export type MarkKind = 'done' | 'failed' | 'current'

export function markKind({ phase, exitCode }: Command): MarkKind {
  if (phase !== 'done') return 'current'
  return exitCode === null || exitCode === 0 ? 'done' : 'failed'
}
