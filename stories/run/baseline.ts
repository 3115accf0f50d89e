/** The pictures that stories are compared with: kept in the repository, replaced on demand only. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import type { Part, RawSighting } from './sighting.ts'

export interface Baseline {
  /** Null if there is none of that story. */
  read(id: string): Promise<RawSighting | null>
  /** Puts a new picture where a person can look at it. */
  propose(id: string, sighting: RawSighting): Promise<void>
  /** Puts what the page shows of a story that failed beside the proposals. */
  keepFailed(id: string, page: Page): Promise<void>
  /** Ids of the pictures that were proposed since the last `accept`. */
  proposed(): Promise<readonly string[]>
  /** Makes what was proposed the baseline, and forgets the pictures of stories that are not in `stories`. */
  accept(stories: readonly string[]): Promise<void>
  /** Ids of all pictures. */
  ids(): Promise<readonly string[]>
  /** What all of them take, with what is written of them. */
  bytes(): Promise<number>
}

function baselineIn(kept: string, proposals: string, failures: string): Baseline {
  const names = async (folder: string): Promise<string[]> => {
    const files = await readdir(folder).catch(() => [])
    return files.filter((file) => file.endsWith('.png')).map((file) => file.slice(0, -'.png'.length))
  }
  const remove = async (folder: string, id: string): Promise<void> => {
    await rm(join(folder, `${id}.png`), { force: true })
    await rm(join(folder, `${id}.txt`), { force: true })
  }
  return {
    async read(id) {
      const [png, parts] = await Promise.all([
        readFile(join(kept, `${id}.png`)).catch(() => null),
        readFile(join(kept, `${id}.txt`), 'utf8').catch(() => null),
      ])
      return png === null || parts === null ? null : { png, parts: parts.trimEnd().split('\n').map(readPart) }
    },
    async propose(id, { png, parts }) {
      await mkdir(proposals, { recursive: true })
      await writeFile(join(proposals, `${id}.png`), png)
      await writeFile(join(proposals, `${id}.txt`), `${parts.map(writePart).join('\n')}\n`)
    },
    async keepFailed(id, page) {
      await page.screenshot({ path: join(failures, `${id}.png`), timeout: 5_000 }).catch(() => undefined)
    },
    proposed: () => names(proposals),
    async accept(stories) {
      await mkdir(kept, { recursive: true })
      for (const id of await names(proposals))
        for (const file of [`${id}.png`, `${id}.txt`]) await rename(join(proposals, file), join(kept, file))
      for (const id of await names(kept)) if (!stories.includes(id)) await remove(kept, id)
    },
    ids: () => names(kept),
    async bytes() {
      const files = await readdir(kept).catch(() => [])
      const sizes = await Promise.all(files.map(async (file) => (await stat(join(kept, file))).size))
      return sizes.reduce((sum, size) => sum + size, 0)
    },
  }
}

/** `x y width height kind text`: a line a part, so that a change of one is a change of one line. */
const writePart = ({ x, y, width, height, kind, text }: Part): string => [x, y, width, height, kind, text].join(' ').trimEnd()

function readPart(line: string): Part {
  const [x, y, width, height, kind = '', ...words] = line.split(' ')
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height), kind, text: words.join(' ') }
}

const root = join(import.meta.dirname, '../..')

export const baseline = baselineIn(
  join(root, 'stories/baseline'),
  join(root, 'reports/stories'),
  join(root, 'reports/stories-failed'),
)
