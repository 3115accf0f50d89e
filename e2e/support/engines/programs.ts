/** Where a program lies that a machine may or may not have. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env, platform } from 'node:process'

const MAC: Readonly<Record<string, string>> = { firefox: '/Applications/Firefox.app/Contents/MacOS/firefox' }

/** The program that the environment variable names, else the first of these names on the path, or null. */
export function programOf(variable: string, names: readonly string[]): string | null {
  const named = env[variable]
  if (named) return runs(named) ? named : null
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  const onMac = platform === 'darwin' ? names.flatMap((name) => MAC[name] ?? []) : []
  return [...onPath, ...onMac].find(runs) ?? null
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
