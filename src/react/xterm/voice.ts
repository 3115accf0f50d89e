/** Says what is new on the screen in a live region, while its terminal has the focus. */
import type { IBuffer, IMarker } from '@xterm/xterm'
import { heardKey, listen, rowEnded, silentUntilNow, wantedLines } from '../speech/speech.ts'
import type { Words } from '../words/words.ts'
import type { EmulatorPart, Inside } from './api.ts'

export interface Voice extends EmulatorPart {
  /** Makes the region. Until then nothing is said. */
  start(words: () => Words['speech']): void
  /** Text that was typed, which a screen reader says by itself. */
  typed(text: string): void
  /** Only a terminal with the focus speaks. What came before is not told. */
  focus(on: boolean): void
}

/** Elements that the region keeps. Readers take a moment to fetch a line, and nobody goes back into the region. */
const KEPT = 400
const LONGEST = 1000
const REPLAYED_MS = 150

export function voicePart({ terminal, host }: Inside): Voice {
  let region: HTMLElement | null = null
  let words: (() => Words['speech']) | null = null
  let speech = silentUntilNow('', now())
  let focused = false
  let hushed = false
  /** The line of the cursor at the last look; what stands above it has been heard. */
  let mark: IMarker | undefined
  let lineFeeds = 0
  /** The mark went because its row was wiped off, after it had come to its end or not; `lineFeeds` counts from there. */
  let wiped: { readonly ended: boolean } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = [terminal.onWriteParsed(look), terminal.onLineFeed(() => lineFeeds++)]

  function look(): void {
    if (hushed) return endHushSoon()
    if (!focused || words === null) return
    clearTimeout(timer)
    const at = now()
    const { active } = terminal.buffer
    const heard = active.type === 'alternate' ? fullScreen(active) : finishedLines(active, wantedLines(speech, at))
    const result = listen(speech, { now: at, ...heard }, words())
    speech = result.speech
    if (region !== null) for (const sentence of result.say) say(region, sentence)
    if (result.wakeAt !== null) timer = setTimeout(look, Math.max(0, result.wakeAt - now()))
  }

  function finishedLines(buffer: IBuffer, wanted: number) {
    const row = lineStart(buffer, buffer.baseY + buffer.cursorY)
    const from = mark === undefined || mark.isDisposed ? null : mark.line
    const [fed, wipe] = [lineFeeds, wiped]
    const tail = lineText(buffer, row)
    // Rows above the mark are drawn anew: they were heard. Unless the screen was cleared.
    if (from !== null && row < from && !isBlankBelow(buffer, row)) return { lines: [], count: 0, tail: speech.known, full: false }
    remember(buffer, row)
    if (wipe?.ended) speech = rowEnded(speech)
    if (from === null && wipe === null) return { lines: [], count: fed, tail, full: false }
    return { ...linesBetween(buffer, from ?? Math.max(0, row - fed), row, wanted), tail, full: false }
  }

  function remember(buffer: IBuffer, row: number): void {
    if (mark !== undefined && !mark.isDisposed && mark.line === row) return
    const [old, next] = [mark, terminal.registerMarker(row - buffer.baseY - buffer.cursorY)]
    mark = next
    old?.dispose()
    lineFeeds = 0
    wiped = null
    next.onDispose(() => next === mark && lost())
  }

  /** A row goes off the top only after as many line feeds as the scrollback has rows. */
  function lost(): void {
    if (lineFeeds >= (terminal.options.scrollback ?? 0) + terminal.rows / 2) return
    wiped = { ended: lineFeeds > 0 }
    lineFeeds = 0
  }

  /** What follows a new screen was heard before. Once nothing more of it comes, the panel speaks again. */
  function endHushSoon(): void {
    clearTimeout(timer)
    timer = setTimeout(endHush, REPLAYED_MS)
  }

  function endHush(): void {
    hushed = false
    if (!focused) return
    const { typed } = speech
    begin()
    // What was typed meanwhile has not come back yet.
    speech = { ...speech, typed }
  }

  /** From here on: nothing that stands on the screen now is new. */
  function begin(): void {
    clearTimeout(timer)
    const { active } = terminal.buffer
    const row = lineStart(active, active.baseY + active.cursorY)
    if (active.type === 'normal') remember(active, row)
    speech = silentUntilNow(lineText(active, row), now())
  }

  return {
    start(table) {
      words = table
      region ??= makeRegion(host, table().log)
    },
    typed(text) {
      if (hushed) endHush()
      speech = heardKey(speech, text)
    },
    focus(on) {
      focused = on
      region?.replaceChildren()
      if (on) begin()
      else clearTimeout(timer)
    },
    reset() {
      hushed = true
      mark = undefined
      endHushSoon()
    },
    dispose() {
      clearTimeout(timer)
      for (const listener of listeners) listener.dispose()
      mark?.dispose()
      region?.remove()
    },
  }
}

const now = (): number => performance.now()

function makeRegion(host: HTMLElement, label: string): HTMLElement {
  const region = host.ownerDocument.createElement('div')
  region.className = 'nt-vh'
  region.setAttribute('role', 'log')
  region.setAttribute('aria-live', 'polite')
  region.setAttribute('aria-relevant', 'additions')
  region.setAttribute('aria-label', label)
  host.append(region)
  return region
}

function say(region: HTMLElement, sentence: string): void {
  const line = region.ownerDocument.createElement('p')
  line.textContent = sentence.length > LONGEST ? sentence.slice(0, LONGEST) : sentence
  region.append(line)
  while (region.childElementCount > KEPT) region.firstElementChild?.remove()
}

/** The row in which a line begins that was wrapped. */
function lineStart(buffer: IBuffer, row: number): number {
  let start = row
  while (start > 0 && buffer.getLine(start)?.isWrapped) start--
  return start
}

function lineText(buffer: IBuffer, start: number): string {
  let text = buffer.getLine(start)?.translateToString(!buffer.getLine(start + 1)?.isWrapped) ?? ''
  for (let row = start + 1; buffer.getLine(row)?.isWrapped && text.length < LONGEST; row++)
    text += buffer.getLine(row)?.translateToString(!buffer.getLine(row + 1)?.isWrapped) ?? ''
  return text.trimEnd()
}

function fullScreen(buffer: IBuffer) {
  return { lines: [], count: 0, tail: lineText(buffer, buffer.baseY + buffer.cursorY), full: true }
}

/** Lines that begin in the rows from `from` to before `end`: how many, and the first `wanted` of them. */
function linesBetween(buffer: IBuffer, from: number, end: number, wanted: number) {
  const lines: string[] = []
  let count = 0
  for (let row = from; row < end; row++) {
    if (row > from && buffer.getLine(row)?.isWrapped) continue
    if (count++ < wanted) lines.push(lineText(buffer, row))
  }
  return { lines, count }
}

function isBlankBelow(buffer: IBuffer, row: number): boolean {
  for (let below = row + 1; below < buffer.length; below++)
    if (buffer.getLine(below)?.translateToString(true).trim() !== '') return false
  return true
}
