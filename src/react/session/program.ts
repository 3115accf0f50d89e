/** What the program says of itself: its title, its folder, its bell. All of it at a pace that a person can bear. */
import { shortFolder, folderOfPath } from '../folder/folder.ts'
import { Pace } from '../pace.ts'
import type { Facts } from '../status/status.ts'
import type { PanelContext } from './context.ts'

const BELL_FRAME_MS = 200
/** Nobody is flashed at more often. */
const BELL_EVERY_MS = 1000

export interface Program {
  titled(title: string): void
  /** A path as the program wrote it; what is no whole path is not taken. */
  inFolder(path: string): void
  rang(): void
  reset(): void
  facts(): Pick<Facts, 'title' | 'folder' | 'bellAt' | 'bellUnseen'>
  dispose(): void
}

export function program(context: PanelContext): Program {
  const { alarms, feed, handlers, host, now, show, look } = context
  const { ownerDocument: document } = host
  const title = paced('title', (text) => handlers().onTitle?.(text))
  const folder = paced('folder', (path) => handlers().onCwd?.(path))
  let bellAt: number | null = null
  /** It rang while nobody could see it. */
  let unseen = false

  function paced(name: string, tell: (text: string) => void): Pace<string> {
    return new Pace('', {
      now,
      alarm: (ms, run) => alarms.set(name, ms, run),
      same: (one, other) => one === other,
      show(text) {
        tell(text)
        look()
      },
    })
  }

  function seen(): void {
    if (document.hidden || !unseen) return
    unseen = false
    bellAt = now()
    look()
  }

  document.addEventListener('visibilitychange', seen)
  return {
    titled: (text) => title.tell(text),
    inFolder(path) {
      const clean = folderOfPath(path)
      if (clean !== null) folder.tell(clean)
    },
    rang() {
      // A replay rings no bell a second time.
      if (feed.parsing()?.answered) return
      const at = now()
      unseen = document.hidden
      if (bellAt !== null && at - bellAt < BELL_EVERY_MS) return
      bellAt = at
      handlers().onBell?.()
      show({ bell: true })
      alarms.set('bell', BELL_FRAME_MS, () => show({ bell: false }))
      look()
    },
    reset() {
      title.restart('')
      folder.restart('')
      alarms.stop('title')
      alarms.stop('folder')
    },
    facts: () => ({
      title: title.shown(),
      folder: shortFolder(folder.shown(), handlers().home),
      bellAt,
      bellUnseen: unseen,
    }),
    dispose: () => document.removeEventListener('visibilitychange', seen),
  }
}
