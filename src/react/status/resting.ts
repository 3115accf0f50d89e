/** The line of a shell that runs: who types, what its task has reached, or its title and folder. */
import type { Words } from '../words/words.ts'
import type { Facts, Progress } from './facts.ts'
import { OK, quiet, type Part, type StatusLine } from './line.ts'
import type { StateId } from './states.ts'
import { TIMES, type Wakes } from './times.ts'

export function describeRest(facts: Facts, words: Words, wakes: Wakes): StatusLine {
  const { bellAt, bellUnseen, viewOnly, progress, now } = facts
  const bellEnds = bellAt === null ? now : bellAt + TIMES.bell
  if (bellUnseen || now < bellEnds) {
    if (!bellUnseen) wakes.push(bellEnds)
    return quiet('bell', words.ready.bell, { icon: 'bell', tone: 'accent', live: 'polite', say: `${words.ready.bell}.` })
  }
  if (viewOnly) return quiet('view-only', words.ready.viewOnly(viewOnly.typist), { icon: 'eye', live: 'polite' })
  if (progress) return progressLine(progress, facts.title, words)
  const parts: Part[] = [{ kind: 'title', text: facts.title === '' ? words.ready.shell : facts.title }]
  if (facts.folder !== '') parts.push({ kind: 'folder', text: facts.folder })
  return quiet('ready', '', { ...OK, parts, live: 'polite', say: words.ready.said })
}

const PROGRESS_ID: Readonly<Record<Progress['kind'], StateId>> = {
  normal: 'progress',
  error: 'progress-error',
  paused: 'progress-paused',
  busy: 'progress-busy',
}

function progressLine({ kind, percent, command }: Progress, title: string, words: Words): StatusLine {
  const name = [command, title].find((text) => text !== '') ?? words.ready.shell
  const told = { kind: 'text', text: words.ready.progress(kind, percent) } as const
  return quiet(PROGRESS_ID[kind], '', { ...OK, parts: [{ kind: 'title', text: name }, told] })
}

/** The task as the edge draws it. */
export const edgeOf = ({ kind, percent }: Progress): StatusLine['progress'] => ({
  kind,
  share: kind === 'busy' || percent === null ? null : percent / 100,
})
