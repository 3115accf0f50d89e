/** What the program says of itself: its title, its folder, its bell. */
import type { Facts } from '../status/status.ts'
import type { PanelContext } from './context.ts'

const BELL_FRAME_MS = 200
/** Nobody is flashed at more often. */
const BELL_EVERY_MS = 1000

export interface Program {
  titled(title: string): void
  inFolder(folder: string): void
  rang(): void
  reset(): void
  facts(): Pick<Facts, 'title' | 'folder' | 'bellAt'>
}

export function program({ alarms, handlers, now, show, look }: PanelContext): Program {
  let title = ''
  let folder = ''
  let bellAt: number | null = null
  return {
    titled(text) {
      title = text
      handlers().onTitle?.(text)
      look()
    },
    inFolder(path) {
      folder = path
      look()
    },
    rang() {
      const at = now()
      if (bellAt !== null && at - bellAt < BELL_EVERY_MS) return
      bellAt = at
      show({ bell: true })
      alarms.set('bell', BELL_FRAME_MS, () => show({ bell: false }))
      look()
    },
    reset() {
      title = ''
      folder = ''
    },
    facts: () => ({ title, folder, bellAt }),
  }
}
