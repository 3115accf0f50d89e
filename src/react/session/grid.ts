/** The size of the grid: fits its box, except while a replay is drawn in the size that it was made for. */
import type { ChannelEvents } from '../../client/api.ts'
import type { TerminalSize } from '../../protocol/messages.ts'
import { estimateSize, makeProbe, measureCell, readLook, wholeCells } from '../look.ts'
import type { Facts } from '../status/status.ts'
import type { PanelContext } from './context.ts'

const SETTLE_MS = 40
const REPLAY_IDLE_MS = 100
const REPLAY_MOST_MS = 5000

export interface Grid {
  fit(): void
  /** The box may have changed: fits once it is still. */
  fitSoon(): void
  /** A new screen, made for the program's size: the grid takes that size until the replay is drawn. `done` once it has its modes. */
  reset(reset: ChannelEvents['reset'], done: () => void): void
  consumed(offset: number): void
  quiet(): void
  facts(): Pick<Facts, 'resized'>
}

export function grid(context: PanelContext, sent: TerminalSize | null): Grid {
  const { host, feed, channel, alarms, emulator, now, look } = context
  let sentSize = sent
  /** `until` is the offset of its end; where that is unknown it ends when nothing came for a moment. */
  let replay: { readonly until?: number; readonly size?: TerminalSize } | null = null
  /** A new screen whose replay is over is still to take its size. */
  let rebuilding = false
  let box: Box | null = null
  let resized: Facts['resized'] = null

  /** Takes the size of the box, once no write is pending; a hidden box keeps the size that the program has. */
  function fit(): void {
    feed.between(() => {
      takeSize()
      if (!rebuilding) return
      rebuilding = false
      emulator()?.rebuilt()
    })
  }

  function takeSize(): void {
    const size = replay?.size === undefined ? emulator()?.fitting() : undefined
    if (!size) return
    emulator()?.resize(size)
    if (sentSize?.cols === size.cols && sentSize.rows === size.rows) return
    sentSize = size
    channel.resize(size)
  }

  /** Tells the size that comes while somebody drags; a grid that is shown again in the box it had was not dragged. */
  function follow(): void {
    const next = { width: host.clientWidth, height: host.clientHeight }
    const size = emulator()?.fitting()
    if (!size) return
    const dragged = box !== null && (box.width !== next.width || box.height !== next.height)
    box = next
    if (!dragged || (resized?.cols === size.cols && resized.rows === size.rows)) return
    resized = { ...size, at: now() }
    look()
  }

  function begin(size?: TerminalSize, until?: number): void {
    rebuilding = false
    if (size === undefined && until === undefined) return endReplay()
    replay = { ...(size && { size }), ...(until !== undefined && { until }) }
    if (size === undefined) fit()
    else emulator()?.resize(size)
    alarms.set('replay', REPLAY_MOST_MS, endReplay)
  }

  function endReplay(): void {
    replay = null
    rebuilding = true
    alarms.stop('replay')
    alarms.stop('replay-idle')
    fit()
  }

  return {
    fit,
    fitSoon() {
      follow()
      alarms.set('fit', SETTLE_MS, fit)
    },
    reset({ size, until, modes }, done) {
      emulator()?.reset()
      begin(size, until)
      const screen = emulator()
      if (screen === null || modes === undefined) done()
      else screen.write(new TextEncoder().encode(modes), done)
    },
    consumed(offset) {
      if (replay?.until !== undefined && offset >= replay.until) endReplay()
    },
    quiet() {
      if (replay !== null && replay.until === undefined)
        alarms.set('replay-idle', REPLAY_IDLE_MS, () => {
          if (feed.idle()) endReplay()
        })
    },
    facts: () => ({ resized }),
  }
}

/** CSS pixels. */
interface Box {
  readonly width: number
  readonly height: number
}

/** The grid that will fit, before the emulator is there to say it. */
export function estimateGrid(host: HTMLElement): TerminalSize | null {
  const probe = makeProbe(host)
  const look = wholeCells(probe, readLook(probe, false), devicePixelRatio)
  const size = estimateSize(host, measureCell(probe, look), look)
  probe.remove()
  return size
}
