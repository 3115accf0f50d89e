/** Every script, by name: what can become of a terminal, told in data. */
import type { Script } from './script.ts'

const list = [
  { name: 'happy-path', sentence: 'The shell is there at once and everything works.', ends: { phase: 'ready' } },
  {
    name: 'slow-handshake',
    sentence: 'The server takes three seconds to let somebody in.',
    helloDelayMs: 3000,
    ends: { phase: 'ready' },
  },
] as const satisfies readonly Script[]

export type ScriptName = (typeof list)[number]['name']

export const scripts: readonly (Script & { readonly name: ScriptName })[] = list

/** The script of this name. Throws a sentence that names the near ones. */
export function scriptNamed(name: string): Script {
  const found = scripts.find((script) => script.name === name)
  if (found === undefined) throw new Error(`There is no script called "${name}". ${hint(name)}`)
  return found
}

function hint(name: string): string {
  const near = nearNames(name)
  return `${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}\`npm run mock-server -- --list\` names them all.`
}

/** Up to three names that look like it, the nearest first. */
export function nearNames(name: string): readonly ScriptName[] {
  return scripts
    .map((script) => ({ name: script.name, distance: distance(name.toLowerCase(), script.name) }))
    .filter((each) => each.distance <= Math.max(2, each.name.length / 3) || each.name.includes(name.toLowerCase()))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((each) => each.name)
}

/** Letters to add, remove or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[b.length] ?? 0
}
