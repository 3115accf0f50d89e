/** Searches the buffer in slices that leave the page free, and marks the matches in the grid and in the ruler. */
import type { IBuffer, IDecoration, IMarker } from '@xterm/xterm'
import { makeProbe } from '../look.ts'
import type { Finder } from '../search/finder.ts'
import { again, drawn, MOST_MATCHES, nearest, walk, type Match } from '../search/matches.ts'
import type { EmulatorPart, Inside } from './api.ts'
import { cellsAt, lineFrom, type Cell } from './lines.ts'
import { cellOf, findSpot, spotOf, written, type Spot } from './spots.ts'

export interface SearchResult {
  /** Index of the match that is shown, -1 where there is none. */
  readonly at: number
  readonly count: number
  readonly more: boolean
}

export interface SearchPart extends EmulatorPart {
  /** Searches for something else, and again whenever the buffer changes, until it is told to stop. `found` hears each result. */
  start(finder: Finder, found: (result: SearchResult) => void): void
  /** Shows the next match or the previous one. */
  step(by: 1 | -1): void
  /** Takes all marks away. */
  stop(): void
}

/** A slice of the search, in milliseconds: the page stays free for keys between two. */
const SLICE_MS = 8
/** After output, the search begins again when nothing came for this long, or after the longer time if it never ends. */
const REST_MS = 150
const REST_MOST_MS = 1000
/** A full-screen program moves what stands under the marks; its screen is small, and searched again before anybody looks. */
const REST_SCREEN_MS = 16
/** Rows by which the match that is shown is known again on a screen that is built anew. */
const MATCH_ROWS = 10
/** More marks would make each drawn row slow. */
const MOST_MARKS = 1000

interface Look {
  readonly backgroundColor?: string
  readonly foregroundColor?: string
  readonly layer: 'top' | 'bottom'
}

interface Colors {
  readonly match: string
  readonly active: string
  readonly onActive: string
}

interface Running {
  readonly finder: Finder
  readonly found: (result: SearchResult) => void
}

export function searchPart(inside: Inside): SearchPart {
  const { terminal } = inside
  let running: Running | null = null
  let colors = readColors(inside.host)
  let matches: readonly Match[] = []
  let more = false
  let index = -1
  /** Follows the match that is shown while the buffer moves under it. */
  let anchor: { readonly marker: IMarker; readonly col: number } | null = null
  /** Where the match that was shown stood, while its screen is built anew; what is not there when that is over has gone. */
  let lost: { readonly spot: Spot; readonly over: boolean } | null = null
  let marks: IDecoration[] = []
  let shownMarks: IDecoration[] = []
  let scan: { cancel(): void } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let changedAt = 0
  const listeners = [
    terminal.onWriteParsed(() => changed()),
    terminal.onResize(() => changed()),
    terminal.buffer.onBufferChange(() => {
      // Marks belong to the rows of one screen, and would colour those of the other.
      clear()
      letGo()
      changed()
    }),
  ]

  /** The buffer changed: a search that runs goes on, and another one follows. */
  function changed(): void {
    if (running === null) return
    const now = performance.now()
    if (timer === undefined) changedAt = now
    clearTimeout(timer)
    const rest = terminal.buffer.active.type === 'alternate' ? REST_SCREEN_MS : REST_MS
    timer = setTimeout(() => search(false), Math.max(0, Math.min(rest, changedAt + REST_MOST_MS - now)))
  }

  function search(fresh: boolean): void {
    clearTimeout(timer)
    timer = undefined
    scan?.cancel()
    if (running === null) return
    const { finder } = running
    scan = scanBuffer(inside, finder, (all, cut) => {
      scan = null
      settle(all, cut, fresh)
    })
  }

  function settle(all: readonly Match[], cut: boolean, fresh: boolean): void {
    matches = all
    more = cut
    const { viewportY } = terminal.buffer.active
    const kept = fresh ? null : place()
    index = kept === null ? nearest(matches, viewportY, viewportY + terminal.rows - 1) : again(matches, kept)
    if (lost?.over) lost = null
    if (fresh) reveal()
    draw()
    tell()
  }

  /** Where the match that was shown stands now. */
  function place(): Cell | null {
    if (lost === null) return anchored()
    const all = written(terminal.buffer.active)
    const found = findSpot(all, lost.spot)
    return found && cellOf(all, terminal, found)
  }

  const anchored = (): Cell | null =>
    anchor !== null && anchor.marker.line >= 0 ? { row: anchor.marker.line, col: anchor.col } : null

  function letGo(): void {
    anchor?.marker.dispose()
    anchor = null
  }

  function tell(): void {
    running?.found({ at: index, count: matches.length, more })
  }

  function reveal(): void {
    const match = matches[index]
    if (match === undefined) return
    const { viewportY } = terminal.buffer.active
    if (match.row >= viewportY && match.row < viewportY + terminal.rows) return
    terminal.scrollToLine(Math.max(0, match.row - Math.floor(terminal.rows / 2)))
  }

  function draw(): void {
    clear()
    const { from, to } = drawn(matches.length, index, MOST_MARKS)
    const { match, active } = colors
    const ticks = new Set<number>()
    for (const one of matches.slice(from, to)) {
      const tick = ticks.has(one.row) ? undefined : active
      ticks.add(one.row)
      marks.push(...mark(one, { backgroundColor: match, layer: 'bottom' }, tick, 'nt-hit'))
    }
    drawShown()
  }

  function drawShown(): void {
    for (const one of shownMarks) one.dispose()
    shownMarks = []
    letGo()
    const match = matches[index]
    if (match === undefined) return
    const marker = markerAt(match.row)
    if (marker !== undefined) anchor = { marker, col: match.col }
    shownMarks = mark(
      match,
      { backgroundColor: colors.active, foregroundColor: colors.onActive, layer: 'top' },
      undefined,
      'nt-hit-on',
    )
  }

  /** One decoration for each row that the match touches. */
  function mark({ row, col, cells }: Match, look: Look, tick: string | undefined, name: string): IDecoration[] {
    const made: IDecoration[] = []
    for (let left = cells, at = col, y = row; left > 0; y++) {
      const width = Math.min(left, terminal.cols - at)
      if (width <= 0) break
      const marker = markerAt(y)
      if (marker === undefined) break
      const ruler = tick === undefined || y !== row ? {} : { overviewRulerOptions: { color: tick, position: 'full' as const } }
      const decoration = terminal.registerDecoration({ marker, x: at, width, ...look, ...ruler })
      decoration?.onRender((element) => element.classList.add(name))
      decoration?.onDispose(() => marker.dispose())
      if (decoration !== undefined) made.push(decoration)
      left -= width
      at = 0
    }
    return made
  }

  function markerAt(row: number): IMarker | undefined {
    const { baseY, cursorY } = terminal.buffer.active
    return terminal.registerMarker(row - baseY - cursorY)
  }

  function clear(): void {
    for (const one of [...marks, ...shownMarks]) one.dispose()
    marks = []
    shownMarks = []
  }

  function stop(): void {
    running = null
    clearTimeout(timer)
    timer = undefined
    scan?.cancel()
    scan = null
    clear()
    letGo()
    lost = null
    matches = []
    index = -1
  }

  return {
    start(finder, found) {
      running = { finder, found }
      lost = null
      search(true)
    },
    step(by) {
      index = walk(index, matches.length, by)
      lost = null
      reveal()
      // Marks are drawn for a part of the matches only, and the walk may have left it.
      if (matches.length > MOST_MARKS) draw()
      else drawShown()
      tell()
    },
    stop,
    reset() {
      const at = running === null || lost !== null ? null : anchored()
      const spot = at && spotOf(written(terminal.buffer.active), terminal, at, MATCH_ROWS)
      if (spot !== null) lost = { spot, over: false }
      changed()
    },
    rebuilt() {
      if (lost !== null) lost = { ...lost, over: true }
      search(false)
    },
    restyled() {
      colors = readColors(inside.host)
      draw()
    },
    dispose() {
      stop()
      for (const listener of listeners) listener.dispose()
    },
  }
}

/** The colours of the panel's style sheet as the browser computes them; those of the dark theme where there is no sheet. */
function readColors(host: HTMLElement): Colors {
  const probe = makeProbe(host)
  const hasStyles = getComputedStyle(probe).getPropertyValue('--_match') !== ''
  const color = (name: string, otherwise: string): string => {
    probe.style.setProperty('color', `var(--_${name})`)
    return hasStyles ? getComputedStyle(probe).color : otherwise
  }
  const colors = {
    match: color('match', '#5f491a'),
    active: color('match-active', '#f1bf55'),
    onActive: color('on-match-active', '#1c1506'),
  }
  probe.remove()
  return colors
}

/** Goes through the buffer line by line; output that comes between two slices moves the rows, which a marker tells. */
function scanBuffer({ terminal }: Inside, finder: Finder, done: (matches: readonly Match[], more: boolean) => void) {
  const { active } = terminal.buffer
  const marker = active.type === 'alternate' ? undefined : terminal.registerMarker(0)
  const origin = marker?.line ?? 0
  const found: Match[] = []
  let row = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  /** How many rows the scrollback has lost at its top since the search began. */
  const lost = (): number => (marker === undefined || marker.line < 0 ? 0 : origin - marker.line)

  function slice(): void {
    const until = performance.now() + SLICE_MS
    const gone = lost()
    while (row - gone < active.length && found.length < MOST_MATCHES) {
      const line = lineFrom(active, Math.max(0, row - gone))
      for (const match of matchesOf(active, line, finder, terminal.cols)) found.push({ ...match, row: match.row + gone })
      row = Math.max(row, gone) + line.rows
      if (performance.now() >= until && row - gone < active.length) {
        timer = setTimeout(slice)
        return
      }
    }
    finish(gone)
  }

  function finish(gone: number): void {
    marker?.dispose()
    const left = found.map((match) => ({ ...match, row: match.row - gone })).filter((match) => match.row >= 0)
    done(left.slice(0, MOST_MATCHES), left.length >= MOST_MATCHES)
  }

  timer = setTimeout(slice)
  return {
    cancel() {
      clearTimeout(timer)
      marker?.dispose()
    },
  }
}

function matchesOf(buffer: IBuffer, line: ReturnType<typeof lineFrom>, finder: Finder, cols: number): readonly Match[] {
  if (line.text === '') return []
  const spans = finder(line.text)
  if (spans.length === 0) return []
  // The last character tells where a match ends; the cell after it may be in the next row.
  const starts = cellsAt(
    buffer,
    line,
    spans.map(({ start }) => start),
  )
  const ends = cellsAt(
    buffer,
    line,
    spans.map(({ end }) => end - 1),
  )
  return starts.map(({ row, col }, index) => {
    const end = ends[index] ?? { row, col }
    const width = buffer.getLine(end.row)?.getCell(end.col)?.getWidth() ?? 1
    return { row, col, cells: (end.row - row) * cols + end.col + Math.max(1, width) - col }
  })
}
