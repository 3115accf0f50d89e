/** What is said aloud as the line changes. */
import type { Facts } from './facts.ts'
import { sentence, type StatusLine } from './line.ts'
import { isLoss } from './lost.ts'
import type { Memory } from './memory.ts'
import { TIMES } from './times.ts'

export function speak(memory: Memory, line: StatusLine, facts: Facts): Memory {
  const silent: Memory = { ...memory, polite: '', alert: '' }
  if (line.live === 'off' || !(facts.speaks || line.level === 'needsYou')) return silent
  const words = line.say ?? sentence(line)
  if (line.id === 'ready' && memory.readySaid) return silent
  const ready = line.id === 'ready' || memory.readySaid
  const recent = memory.said.filter(({ at }) => facts.now - at < TIMES.sayAgain)
  if (recent.some((said) => said.text === words) || memory.saidInLoss.includes(words)) return { ...silent, readySaid: ready }
  return {
    ...silent,
    readySaid: ready,
    said: [...recent, { text: words, at: facts.now }],
    saidInLoss: isLoss(line) ? [...memory.saidInLoss, words] : memory.saidInLoss,
    [line.live === 'assertive' ? 'alert' : 'polite']: words,
  }
}
