/** Writes docs/close-reasons.md: how a terminal ends and what a person then reads, from the tables that the code runs on. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { End } from '../src/client/api.ts'
import { CLOSE_CODE, closeReasonOf, closeReasons, closeRule, type CloseReason } from '../src/protocol/closeReasons.ts'
import { Looked } from '../src/react/status/looked.ts'
import { sentence } from '../src/react/status/line.ts'
import { german } from '../src/react/words/de.ts'
import { english } from '../src/react/words/english.ts'

export const closeReasonsPath = join(import.meta.dirname, '../docs/close-reasons.md')

/** What sentences are shown with that name a figure. */
const SHOWN: Partial<Record<End['reason'], Partial<End>>> = {
  shell_exit: { exit: { code: 0 } },
  idle_timeout: { afterMs: 30 * 60_000 },
}
const MOST_TRIES = 10

const SESSION = { ends: 'ends', stays: 'stays for its time', untouched: 'not touched' } as const
const TOKEN = { forget: 'forgotten', keep: 'kept', 'forget-if-mine': 'forgotten if its own' } as const

const reasons: readonly End[] = [
  ...(Object.keys(closeReasons) as CloseReason[]).map((reason) => ({ reason, code: closeReasons[reason], ...SHOWN[reason] })), // the table's own keys
  { reason: 'not_found', code: 404 },
  { reason: 'failed', code: 0 },
]

function reasonRow(end: End): string {
  const panel = new Looked().status({ phase: 'ended', end })
  const button = panel.line.action?.label ?? '–'
  const code = end.code >= 1000 ? String(end.code) : '–'
  const words = [english, german].map((table) => table.ended.reason(end, MOST_TRIES))
  return row([code, `\`${end.reason}\``, sentence(panel.line), button, panel.line.live, words[1] ?? ''])
}

const names = new Map<number, string>(Object.entries(CLOSE_CODE).map(([name, code]) => [code, name]))
const CODES = [
  1000,
  1001,
  1002,
  1003,
  1005,
  1006,
  1007,
  1008,
  1009,
  1011,
  1012,
  1013,
  ...[...names.keys()].filter((code) => code >= 4000),
  4409,
]

function codeRow(code: number): string {
  const { session, token, retry } = closeRule(code)
  return row([
    String(code),
    names.get(code) ?? '',
    `\`${closeReasonOf(code)}\``,
    SESSION[session],
    TOKEN[token],
    retry ? 'yes' : 'no',
  ])
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly string[]): string =>
  [row(head), row(head.map(() => '---')), ...rows].join('\n')

export function closeReasonsDocument(): string {
  return `# How a terminal ends

Made by \`node scripts/closeReasons.ts\` from the tables that the code runs on; a test holds it to them. The rules are in [PROTOCOL.md](../src/protocol/PROTOCOL.md), section 7.

## What a person reads

Sentences and buttons can be replaced (\`words.ended\`, \`words.buttons\`), as [panel.md](panel.md) tells. *Sign in again* stands there with \`onSignIn\`. Said: politely, or at once.

${table(['code', 'reason', 'sentence', 'button', 'said', 'in German'], reasons.map(reasonRow))}

## What becomes of session and token

A reason is sent as a name; a bare code means the reason beside it. Unknown codes below 4000 are as 1006, unknown ones from 4000 on as 4009.

${table(['code', 'name', 'means', 'session', 'resume token', 'tries again by itself'], CODES.map(codeRow))}
`
}

if (import.meta.main) writeFileSync(closeReasonsPath, closeReasonsDocument())
