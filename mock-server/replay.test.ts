/** The bug report of every script replays to the trace that was, and holds nothing that was typed or printed. */
import { describe, expect, it } from 'vitest'
import { readReport, replay } from '../src/client/recording/replay.ts'
import type { BugReport } from '../src/client/index.ts'
import { direct, play } from './play.ts'
import type { Script } from './script.ts'
import { scripts } from './scripts.ts'

/** As somebody gets it who was sent the file. */
function sent(report: BugReport): BugReport {
  const read = readReport(JSON.stringify(report))
  if (!read.ok) throw new Error(read.problem)
  return read.report
}

/** The phases of the diagnostics, which a client noted as it went along. */
function notedPhases({ notes }: BugReport): readonly unknown[] {
  const codes = notes as readonly { readonly code: string; readonly fields: { readonly to?: string } }[] // as reports have them
  return codes.flatMap(({ code, fields }) => (code === 'phase' ? [fields.to] : []))
}

const typedIn = ({ person = [] }: Script): readonly string[] =>
  person.flatMap((step) => (step.does === 'type' ? [step.text.trim()] : []))

describe('bug reports of scripts', () => {
  it.each(scripts.map((script) => [script.name, script] as const))('%s', async (_name, script) => {
    const { bugReports, text } = await play(script, direct)
    const reports = bugReports().map(sent)
    expect(reports.length).toBeGreaterThan(0)
    for (const report of reports) {
      const { divergence, steps } = replay(report)
      expect(divergence).toBeNull()
      const replayed = steps.flatMap(({ did }) =>
        (did ?? []).flatMap((effect) => (effect.do === 'diagnostic' && effect.code === 'phase' ? [effect.fields['to']] : [])),
      )
      const noted = notedPhases(report)
      // A flood outlives its first events, and so does a long life its first notes.
      const both = Math.min(noted.length, replayed.length)
      expect(replayed.slice(replayed.length - both)).toEqual(noted.slice(noted.length - both))
    }
    const json = JSON.stringify(reports)
    const lines = [...typedIn(script), ...text.split(/[\r\n]+/)].map((line) => line.trim()).filter((line) => line.length >= 8)
    for (const line of lines) expect(json).not.toContain(JSON.stringify(line).slice(1, -1))
  })
})
