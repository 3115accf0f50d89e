/** The line while the shell answers. */
import { describeAnswer } from './answers.ts'
import type { Facts } from './facts.ts'
import { OK, quiet, type StatusLine } from './line.ts'
import { offlineLine } from './lost.ts'
import { noteEnds, type Memory } from './memory.ts'
import { describeRest, edgeOf } from './resting.ts'
import { TIMES, type Wakes } from './times.ts'
import { unsentLine } from './unsent.ts'
import type { Words } from '../words/words.ts'

/** Whatever is told, the edge goes on to show the task. */
export function describeReady(memory: Memory, facts: Facts, words: Words, wakes: Wakes): StatusLine {
  const line = tell(memory, facts, words, wakes)
  return line.progress === undefined && facts.progress ? { ...line, progress: edgeOf(facts.progress) } : line
}

function tell(memory: Memory, facts: Facts, words: Words, wakes: Wakes): StatusLine {
  const { snapshot, now } = facts
  const unsent = unsentLine(facts, words)
  if (unsent !== null) return unsent
  if (snapshot.held.full)
    return quiet('held-full', words.typing.heldFull, { icon: 'broken', tone: 'error', level: 'noticed', live: 'assertive' })
  // The socket may stand for a long time after the network went; the browser knows sooner.
  if (memory.offlineSince !== null) {
    const shows = memory.offlineSince + TIMES.offline
    wakes.push(shows)
    if (now >= shows) return offlineLine(words, { kind: 'retry', label: words.buttons.retryNow })
  }
  return (
    describeAnswer(facts, words, wakes) ??
    describePaste(facts, words, wakes) ??
    describeClipboard(facts, words, wakes) ??
    describeNote(memory, facts, words, wakes) ??
    describePause(memory, facts, words, wakes) ??
    describeRest(facts, words, wakes)
  )
}

function describePaste(facts: Facts, words: Words, wakes: Wakes): StatusLine | null {
  const { paste = null, pasteStopped: stopped = null, now } = facts
  const noticed = { ...OK, level: 'noticed', live: 'polite' } as const
  if (paste !== null) {
    wakes.push(paste.since + TIMES.pasteWords + 1)
    if (now <= paste.since + TIMES.pasteWords) return null
    wakes.push(now + 200)
    return quiet('paste-progress', words.paste.pasting(paste.sent, paste.bytes), {
      ...noticed,
      action: { kind: 'stop-paste', label: words.buttons.stop },
      say: words.paste.pastingSaid(paste.bytes),
      progress: { kind: 'normal', share: paste.bytes === 0 ? 1 : paste.sent / paste.bytes },
    })
  }
  if (stopped === null || now >= stopped.at + TIMES.pasteStopped) return null
  wakes.push(stopped.at + TIMES.pasteStopped)
  return quiet('paste-stopped', words.paste.stopped(stopped.sent, stopped.bytes), noticed)
}

function describeClipboard({ clipboard, now }: Facts, { clipboard: words }: Words, wakes: Wakes): StatusLine | null {
  if (!clipboard || now >= clipboard.at + TIMES.clipboard) return null
  wakes.push(clipboard.at + TIMES.clipboard)
  return quiet('clipboard', words[clipboard.kind], { ...OK, level: 'noticed', live: 'polite' })
}

function describeNote(memory: Memory, facts: Facts, words: Words, wakes: Wakes): StatusLine | null {
  const { note } = memory
  if (note === null) return null
  wakes.push(noteEnds(memory, facts))
  if (note.kind === 'resumed') return quiet('resumed', words.lost.resumed, { icon: 'check', tone: 'ok', live: 'polite' })
  return quiet('resumed-gap', words.lost.resumedGap(note.missing), {
    icon: 'check',
    tone: 'warn',
    level: 'noticed',
    live: 'polite',
    action: { kind: 'show-gap', label: words.buttons.showGap },
  })
}

function describePause(memory: Memory, facts: Facts, words: Words, wakes: Wakes): StatusLine | null {
  const { slow } = memory
  if (slow !== null) {
    wakes.push(slow.goneAt === null ? slow.since + TIMES.slowPause + 1 : slow.goneAt + TIMES.slowGone)
    if (slow.shown)
      return quiet('paused-slow', words.ready.pausedSlow, { icon: 'pause', tone: 'warn', level: 'noticed', live: 'polite' })
  }
  if (facts.catchingUpSince === null) return null
  const shows = facts.catchingUpSince + TIMES.catchUp + 1
  wakes.push(shows)
  return facts.now < shows ? null : quiet('paused-hidden', words.ready.pausedHidden, { icon: 'pause', level: 'noticed' })
}
