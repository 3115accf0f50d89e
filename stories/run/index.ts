/** The table of contents of a built Storybook. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Entry {
  readonly id: string
  readonly title: string
  readonly name: string
  readonly type: 'story' | 'docs'
}

/** Every story and every page of docs, in the order of the sidebar. */
export async function readIndex(folder: string): Promise<readonly Entry[]> {
  // Storybook's own file, of version 5.
  const { entries } = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as { entries: Record<string, Entry> }
  return Object.values(entries)
}
