/** What `npx @nimbus/terminal …` does with its arguments: lines to print, and an exit code. */
import { readFile } from 'node:fs/promises'
import { readReport, replay } from '../recording/replay.ts'
import { timeline, verdict } from '../recording/timeline.ts'
import { VERSION } from '../version.ts'

export interface CliResult {
  /** For stdout if the code is 0 or 1, else for stderr. */
  readonly lines: readonly string[]
  /** 0: replayed to the same trace. 1: the trace is another. 2: nothing could be replayed. */
  readonly code: 0 | 1 | 2
}

const USAGE = [
  `@nimbus/terminal ${VERSION}`,
  '',
  'nimbus-terminal replay <report.json> [--all]',
  '',
  'Plays a saved bug report through the client again and prints what happened, in order.',
  '  --all   one line for each event, also for output, typing and credit',
  '',
  'Exit code: 0 if the replay did what was recorded, 1 if it did something else, 2 if there is nothing to replay.',
]

export async function runCli(args: readonly string[]): Promise<CliResult> {
  const flags = args.filter((arg) => arg.startsWith('-'))
  const [command, path, ...more] = args.filter((arg) => !arg.startsWith('-'))
  if (flags.includes('--help') || flags.includes('-h')) return { lines: USAGE, code: 0 }
  if (flags.includes('--version')) return { lines: [VERSION], code: 0 }
  const unknown = flags.find((flag) => flag !== '--all')
  if (command !== 'replay' || path === undefined || more.length > 0 || unknown !== undefined) return { lines: USAGE, code: 2 }
  const text = await textOf(path)
  if (typeof text !== 'string') return { lines: [text.problem], code: 2 }
  const read = readReport(text)
  if (!read.ok) return { lines: [`${path} cannot be replayed. ${read.problem}`], code: 2 }
  const { report } = read
  const replayed = replay(report)
  const lines = [...timeline(report, replayed, flags.includes('--all')), '', ...verdict(report, replayed)]
  return { lines, code: replayed.divergence === null ? 0 : 1 }
}

async function textOf(path: string): Promise<string | { readonly problem: string }> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code === 'ENOENT') return { problem: `There is no file ${path}.` }
    if (code === 'EISDIR') return { problem: `${path} is a folder; a bug report is a file.` }
    return { problem: `${path} could not be read (${code}).` }
  }
}
