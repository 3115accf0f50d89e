/** Which stories and which journeys use which script, read off their sources. Pure. */
import { scripts } from './scripts.ts'

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

export interface Usage {
  /** Paths of files with stories. */
  readonly stories: readonly string[]
  /** Paths of end-to-end tests. */
  readonly journeys: readonly string[]
}

/**
 * A script is used where its name stands in quotes behind `script:`, as in `args: { script: 'flood' }`, or as the first argument of a
 * function whose name ends with `script`, as in `playScript('flood')`. Comments count for nothing.
 */
export function usages(sources: readonly Source[]): ReadonlyMap<string, Usage> {
  const found = new Map(scripts.map(({ name }) => [name as string, { stories: [] as string[], journeys: [] as string[] }]))
  for (const { path, text } of sources) {
    for (const name of namesIn(text)) {
      const usage = found.get(name)
      if (STORIES.test(path)) usage?.stories.push(path)
      else if (JOURNEYS.test(path)) usage?.journeys.push(path)
    }
  }
  return found
}

const STORIES = /^stories\/.*\.stories\.tsx$/
const JOURNEYS = /^e2e\/.*\.test\.tsx?$/
const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm
const USE = /(?:\bscript\s*:\s*|\b\w*[sS]cript\(\s*)(['"`])([a-z-]+)\1/g

function namesIn(text: string): ReadonlySet<string> {
  return new Set(Array.from(text.replace(COMMENTS, '').matchAll(USE), ([, , name]) => name ?? ''))
}

/** One sentence for each script that no story, or no journey, uses. */
export function unused(found: ReadonlyMap<string, Usage>): readonly string[] {
  return [...found].flatMap(([name, { stories, journeys }]) => [
    ...(stories.length === 0 ? [`No story uses the script ${name}.`] : []),
    ...(journeys.length === 0 ? [`No end-to-end test uses the script ${name}.`] : []),
  ])
}
