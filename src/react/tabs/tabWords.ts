/** The English of the tabs, which are there before the rest of the words is loaded. */
import type { Words } from '../words/words.ts'

export const tabWords: Words['tabs'] = {
  label: 'Terminals',
  newTerminal: 'New terminal',
  close: (title) => `Close ${title}`,
  tab: (title, percent, exitCode) => {
    if (exitCode !== null) return `${title}, exited with code ${exitCode}`
    return percent === null ? title : `${title}, ${percent} percent`
  },
  short: (percent, exitCode) => {
    if (exitCode !== null) return `exit ${exitCode}`
    return percent === null ? '' : `${percent}%`
  },
  picker: (number, of, title) => `${number} of ${of}: ${title}`,
}
