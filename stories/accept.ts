/** Takes over the pictures of the last run as the baseline: `node stories/accept.ts`, after looking at reports/stories. */
import { baseline } from './run/baseline.ts'

const proposed = await baseline.proposed()
const kept = await baseline.ids()
await baseline.accept([...new Set([...kept, ...proposed])])
console.log(proposed.length === 0 ? 'There is nothing new: run the stories first.' : `Accepted: ${proposed.join(', ')}.`)
