/** The line as an answer to the pointer or the focus: it comes with them and leaves with them. */
import type { Words } from '../words/words.ts'
import type { Facts, Link, Mark } from './facts.ts'
import { OK, quiet, type StatusLine } from './line.ts'
import { TIMES, type Wakes } from './times.ts'

export function describeAnswer(facts: Facts, words: Words, wakes: Wakes): StatusLine | null {
  const { hover, link, mark, resized } = facts
  if (hover) return quiet('ready-hover', words.ready.connected(facts.roundTripMs), OK)
  if (link) return linkLine(link, words)
  if (mark) return markLine(mark, words)
  if (resized === null || facts.now >= resized.at + TIMES.resized) return null
  wakes.push(resized.at + TIMES.resized)
  return quiet('resize', words.ready.grid(resized.cols, resized.rows), OK)
}

function linkLine({ before, host, after, opensBy }: Link, words: Words): StatusLine {
  const address = {
    kind: 'address',
    text: `${before}${host}${after}`,
    host: { from: before.length, to: before.length + host.length },
  } as const
  return quiet('link-hover', '', { ...OK, parts: [address, { kind: 'hint', text: words.ready.opens[opensBy] }] })
}

function markLine({ command, phase, exitCode, durationMs, menu }: Mark, words: Words): StatusLine {
  const title = { kind: 'title', text: command } as const
  const told = {
    kind: 'text',
    text: phase === 'done' ? words.ready.commandEnded(exitCode, durationMs) : words.ready[phase],
  } as const
  return quiet(menu ? 'marks-menu' : 'marks', '', { ...OK, parts: command === '' ? [told] : [title, told] })
}
