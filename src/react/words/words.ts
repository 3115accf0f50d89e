/** Every sentence and button that the panel can show, as one table with a group for each thing it speaks of. */
import type { End } from '../../client/api.ts'
import { uncaught } from '../uncaught.ts'
import type { DetailsWords } from '../details/words.ts'
import type { LinkWhy } from '../links/question.ts'

/** What the frame of a panel needs before anything else is there. */
export interface PanelWords {
  /** The language of the words, as HTML names it: `en`, `de`. */
  readonly lang: string
  readonly terminal: string
  readonly statusGroup: string
  readonly details: string
  readonly leaveHint: string
  readonly taskProgress: string
}

/**
 * The words of a panel. A figure that changes while it is read stands in braces (`{4}`) and keeps its width.
 * A sentence has at most 50 characters, a button at most 14; work in progress is a phrase without a full stop.
 */
export interface Words {
  /** Names for people who do not see the panel. */
  readonly panel: PanelWords
  /** On the way to a screen. */
  readonly start: {
    readonly loading: string
    readonly connecting: string
    readonly connectingSlow: string
    readonly authenticating: string
    readonly opening: string
    readonly said: string
    readonly waiting: (tryNumber: number, of: number, seconds: number) => string
    readonly trying: (tryNumber: number, of: number) => string
  }
  /** While the shell answers. */
  readonly ready: {
    readonly said: string
    readonly shell: string
    readonly connected: (roundTripMs: number | null) => string
    readonly pausedSlow: string
    readonly pausedHidden: string
    readonly bell: string
    readonly viewOnly: (typist: string | null) => string
    readonly viewOnlyTyped: string
    /** The size of the grid while it is dragged. */
    readonly grid: (cols: number, rows: number) => string
    /** What opens a link. */
    readonly opens: { readonly 'ctrl-click': string; readonly 'cmd-click': string; readonly enter: string }
    /** How a command ended, as far as it is known, and how long it took in milliseconds. */
    readonly commandEnded: (exitCode: number | null, durationMs: number | null) => string
    readonly running: string
    readonly prompt: string
    readonly progress: (kind: 'normal' | 'error' | 'paused' | 'busy', percent: number | null) => string
  }
  /** Without a connection, and when it is back. */
  readonly lost: {
    readonly offline: string
    readonly said: string
    readonly waiting: (tryNumber: number, of: number, seconds: number) => string
    readonly trying: (tryNumber: number, of: number) => string
    readonly serverBusy: (tryNumber: number, of: number, seconds: number) => string
    readonly serverBusySaid: string
    readonly resumed: string
    readonly resumedGap: (bytes: number) => string
    readonly gapMark: (bytes: number) => string
  }
  /** Keys that wait. */
  readonly typing: {
    readonly keysWaiting: (keys: number) => string
    readonly keysWaitingShort: (keys: number) => string
    readonly heldKept: string
    readonly heldFull: string
    readonly notSent: (keys: number, bytes: number) => string
  }
  readonly find: {
    readonly count: (current: number, total: number, more: boolean) => string
    readonly none: string
    readonly noneSaid: string
    readonly field: string
    readonly matchCase: string
    readonly wholeWord: string
    readonly regex: string
    readonly previous: string
    readonly next: string
    readonly close: string
    /** A regular expression that cannot be read, in a sentence and in a word. */
    readonly mistake: string
    readonly mistakeShort: string
    /** A regular expression that would take too long, in a sentence and in a word. */
    readonly tooMuch: string
    readonly tooMuchShort: string
  }
  readonly links: {
    readonly list: string
    readonly none: string
    readonly ask: string
    readonly copyOnly: string
    readonly why: (why: LinkWhy, text: string) => string
    readonly open: string
    readonly mail: string
    readonly copy: string
  }
  readonly clipboard: {
    readonly cannotCopy: string
    readonly cannotPaste: string
    readonly cannotPasteMac: string
    readonly programCopied: string
  }
  /** What needs the person. */
  readonly ended: {
    readonly elsewhere: string
    readonly superseded: string
    readonly busy: string
    readonly reason: (end: End, tries: number) => string
    readonly failed: string
  }
  readonly paste: {
    readonly pasting: (sent: number, of: number) => string
    readonly pastingSaid: (of: number) => string
    readonly stopped: (sent: number, of: number) => string
    readonly ask: (lines: number) => string
    readonly askWhy: string
    readonly hidden: string
    readonly hiddenWhy: string
    readonly lines: (lines: number) => string
    readonly joined: string
    readonly clean: string
  }
  /** Commands of the shell: their marks in the gutter, and what can be done with them. */
  readonly commands: {
    /** All marks, for people who do not see them. */
    readonly list: string
    /** A mark, for people who do not see it. */
    readonly mark: (mark: {
      readonly command: string
      readonly phase: 'prompt' | 'running' | 'done'
      readonly exitCode: number | null
    }) => string
    readonly menu: string
    readonly copyOutput: string
    readonly copyCommand: string
    readonly selectOutput: string
    readonly nextFailed: string
    /** How much of a task is done, aloud. */
    readonly percent: (percent: number) => string
  }
  /** The list of shortcuts: its title, and what can be done. */
  readonly shortcuts: {
    readonly title: string
    readonly find: string
    readonly copy: string
    readonly paste: string
    readonly previous: string
    readonly next: string
    readonly page: string
    readonly end: string
    readonly size: string
    readonly leave: string
    readonly leaveKeys: string
    /** `Ctrl Shift F` with the names that this language's keyboards have on them. On a Mac keys are signs. */
    readonly keys: (label: string) => string
    readonly text: string
    readonly details: string
    readonly guide: string
  }
  /** The More menu. */
  readonly more: {
    readonly title: string
    readonly find: string
    readonly copy: string
    readonly paste: string
    readonly links: string
    readonly selectAll: string
    readonly clear: string
    readonly text: string
    readonly save: string
    readonly saveColours: string
    readonly larger: string
    readonly smaller: string
    readonly details: string
    readonly guide: string
  }
  /** The row of extra keys under fingers: names for people who do not see them. */
  readonly touch: {
    readonly row: string
    readonly left: string
    readonly up: string
    readonly down: string
    readonly right: string
    readonly pipe: string
    readonly tilde: string
    readonly more: string
    readonly back: string
    readonly copy: string
    readonly ctrlLocked: string
    readonly altLocked: string
  }
  readonly tabs: {
    readonly label: string
    readonly newTerminal: string
    readonly close: (title: string) => string
    /** What is said of a tab. */
    readonly tab: (title: string, percent: number | null, exitCode: number | null) => string
    /** What stands beside its title. */
    readonly short: (percent: number | null, exitCode: number | null) => string
    readonly picker: (number: number, of: number, title: string) => string
  }
  /** Output that is heard. */
  readonly speech: {
    readonly log: string
    readonly continues: string
    readonly skipped: (lines: number) => string
    readonly textTitle: string
    readonly command: (command: string, exitCode: number | null) => string
    readonly noOutput: string
  }
  /** At most 14 characters, verb first. */
  readonly buttons: {
    readonly cancel: string
    readonly retryNow: string
    readonly tryAgain: string
    readonly newShell: string
    readonly takeOver: string
    readonly signIn: string
    readonly copyDetails: string
    readonly copyKeys: string
    readonly copied: string
    readonly dismiss: string
    readonly showGap: string
    readonly stop: string
    readonly close: string
  }
  /** The connection details; their own words are loaded with them. */
  readonly details?: Partial<DetailsWords>
}

/** Words that replace some of a table. */
export type SomeWords = { readonly [Group in keyof Words]?: Partial<Words[Group]> }

/** The table with what replaces some of it. */
export function withWords(table: Words, some: SomeWords | undefined): Words {
  if (some === undefined) return table
  const groups = Object.keys({ ...table, ...some }) as (keyof Words)[] // the keys of Words
  // Each group is merged with its own namesake, which a mapped type cannot say.
  return Object.fromEntries(
    groups.map((group) => [group, { ...table[group], ...spoken(table[group], some[group]) }]),
  ) as unknown as Words
}

type Word = (...given: readonly unknown[]) => unknown

/** The host's own words of a group. Words are asked for while output is parsed, where an exception would end all parsing: then ours take their place. */
function spoken(ours: object | undefined, own: object | undefined): object {
  const words: Readonly<Record<string, unknown>> = { ...ours }
  return Object.fromEntries(Object.entries(own ?? {}).map(([name, word]) => [name, sure(word, words[name])]))
}

function sure(own: unknown, ours: unknown): unknown {
  if (typeof own !== 'function' || typeof ours !== 'function') return own
  // Both are words of the same name, which take the same and give a text.
  const [say, instead] = [own as Word, ours as Word]
  return (...given: readonly unknown[]): unknown => {
    try {
      return say(...given)
    } catch (cause) {
      uncaught(cause)
      return instead(...given)
    }
  }
}
