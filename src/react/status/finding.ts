/** The line while the find bar is open: what is found, or what must be told instead. */
import type { Words } from '../words/words.ts'
import type { Facts, Find } from './facts.ts'
import { OK, quiet, type StatusLine } from './line.ts'

/**
 * The bar takes the place of a line that is quiet. Whatever a person should notice takes the place of the bar, unless they are
 * typing in it: then the sign and the voice tell, and the words come when the focus has left.
 */
export function withFind(line: StatusLine, { find }: Facts, words: Words): StatusLine {
  if (!find) return line
  if (line.level === 'quiet') return { ...findLine(find, words), icon: line.icon, tone: line.tone, progress: line.progress }
  return { ...line, finding: find.focused && line.where === 'line' }
}

function findLine(find: Find, words: Words): StatusLine {
  const { current, total, more, settled } = find
  if (!settled) return quiet('search', '', { ...OK, finding: true })
  if (total === 0)
    return quiet('search-none', words.find.none, { ...OK, finding: true, live: 'polite', say: words.find.noneSaid })
  return quiet('search', words.find.count(current, total, more), { ...OK, finding: true, live: 'polite' })
}
