/** The links of the grid: addresses in its text and those that programs hide behind text, with what a pointer does to them. */
import type { IBufferCell, IBufferRange, ILink } from '@xterm/xterm'
import { addressesIn } from '../links/inText.ts'
import type { EmulatorPart, Inside } from './api.ts'
import { cellsAt, firstRow, lineFrom } from './lines.ts'

/** A link where it stands. */
export interface GridLink {
  /** As the program gave it: to be read before anything is done with it. */
  readonly address: string
  /** What a person reads. */
  readonly text: string
  /** Its first row in the view, from 0. */
  readonly row: number
}

export interface LinkEvents {
  /** The pointer came onto a link, or left it. */
  hover(link: GridLink | null): void
  /** A click with Ctrl (⌘ on a Mac), or a touch. */
  activate(link: GridLink, how: 'click' | 'touch'): void
}

export interface LinkPart extends EmulatorPart {
  watch(events: LinkEvents): void
  /** The links of the rows in view, each address once, from the top. */
  inView(): readonly GridLink[]
}

/** There a click with Ctrl is one with the right button. */
const IS_MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** Rows of one address; a longer one is cut off, and does not parse. */
const MOST_ROWS = 40
const MOST_IN_VIEW = 100

export function linkPart({ terminal, host, signal }: Inside): LinkPart {
  let events: LinkEvents = { hover: () => {}, activate: () => {} }
  let touched = false
  const provider = terminal.registerLinkProvider({
    provideLinks(y, callback) {
      const links = textLinks(y - 1)
      callback(links.length === 0 ? undefined : links)
    },
  })
  terminal.options.linkHandler = {
    // What may be opened is judged later, by the address as it is; what may not can still be copied.
    allowNonHttpProtocols: true,
    hover: (_event, address, range) => events.hover(linkAt(address, range)),
    leave: () => events.hover(null),
    activate: (event, address, range) => click(event, linkAt(address, range)),
  }
  host.addEventListener('pointerdown', (event) => (touched = event.pointerType === 'touch'), { signal, capture: true })

  function click(event: MouseEvent, link: GridLink): void {
    if (event.button !== 0) return
    if (touched) events.activate(link, 'touch')
    else if (IS_MAC ? event.metaKey : event.ctrlKey) events.activate(link, 'click')
  }

  /** Addresses in the text of the line that goes through this row. */
  function textLinks(row: number): ILink[] {
    const { active } = terminal.buffer
    const line = lineFrom(active, firstRow(active, row, MOST_ROWS))
    const found = addressesIn(line.text)
    const starts = cellsAt(
      active,
      line,
      found.map(({ start }) => start),
    )
    const ends = cellsAt(
      active,
      line,
      found.map(({ end }) => end - 1),
    )
    return found.flatMap(({ text }, index) => {
      const start = starts[index]
      const end = ends[index]
      if (start === undefined || end === undefined || row < start.row || row > end.row) return []
      const link: GridLink = { address: text, text, row: start.row - active.viewportY }
      return {
        text,
        range: { start: { x: start.col + 1, y: start.row + 1 }, end: { x: end.col + 1, y: end.row + 1 } },
        hover: () => events.hover(link),
        leave: () => events.hover(null),
        activate: (event: MouseEvent) => click(event, link),
      }
    })
  }

  function linkAt(address: string, { start, end }: IBufferRange): GridLink {
    const { active } = terminal.buffer
    return { address, text: cellText(start.y - 1, start.x - 1, end.x), row: start.y - 1 - active.viewportY }
  }

  function cellText(row: number, from: number, to: number): string {
    return terminal.buffer.active.getLine(row)?.translateToString(true, from, to) ?? ''
  }

  /** Cells of a row that a program gave an address, left to right. */
  function hiddenLinks(row: number): HiddenLink[] {
    const line = terminal.buffer.active.getLine(row)
    if (line === undefined) return []
    const links: HiddenLink[] = []
    let cell: IBufferCell | undefined
    let from = 0
    let id = 0
    for (let col = 0; col <= line.length; col++) {
      cell = col < line.length ? line.getCell(col, cell) : undefined
      const next = cell === undefined ? 0 : urlId(cell)
      if (next === id) continue
      const address = id === 0 ? undefined : addressOf(id)
      if (address !== undefined) links.push({ address, text: cellText(row, from, col), col: from })
      id = next
      from = col
    }
    return links
  }

  /** Where xterm.js 6.0.0 keeps the addresses of cells; with another version those links are found by the pointer alone. */
  function addressOf(id: number): string | undefined {
    return core(terminal)._core?._oscLinkService?.getLinkData?.(id)?.uri
  }

  return {
    watch: (wanted) => (events = wanted),
    inView() {
      const { viewportY } = terminal.buffer.active
      const seen = new Map<string, GridLink>()
      for (let row = viewportY; row < viewportY + terminal.rows && seen.size < MOST_IN_VIEW; row++) {
        const plain = textLinks(row).map(({ text, range: { start } }) => ({ address: text, text, col: start.x - 1 }))
        const inRow = [...hiddenLinks(row), ...plain].toSorted((one, other) => one.col - other.col)
        for (const { address, text } of inRow) if (!seen.has(address)) seen.set(address, { address, text, row: row - viewportY })
      }
      return [...seen.values()]
    },
    dispose: () => provider.dispose(),
  }
}

interface HiddenLink {
  readonly address: string
  readonly text: string
  readonly col: number
}

interface Core {
  readonly _core?: { readonly _oscLinkService?: { getLinkData?(id: number): { readonly uri: string } | undefined } }
}

const core = (terminal: object): Core => terminal

/** A cell tells its address by a field that is not public. */
function urlId(cell: IBufferCell & { readonly extended?: { readonly urlId?: number } }): number {
  return cell.extended?.urlId ?? 0
}
