/** Links of a session: tells in the line where one leads, asks where a person could be wrong about it, and opens what may be opened. */
import { refuse } from '../session/policy.ts'
import type { Feature, PanelContext } from '../session/context.ts'
import { linkPart, type GridLink } from '../xterm/links.ts'
import { lineAddress, readAddress, type Address } from './address.ts'
import { follow, mayOpen, type LinkAnswer, type LinkQuestion } from './question.ts'

/** A link that a person wants to open, after every question was answered. */
export interface OpenLink {
  /** http, https or mailto; nothing else ever comes here. */
  readonly href: string
  /** What the screen shows for it, as the program wrote it. */
  readonly text: string
}

/** The links on the screen, as a list that keys can walk through. */
export interface LinkListView {
  readonly links: readonly GridLink[]
  readonly at: 'top' | 'bottom'
}

export interface Links extends Feature {
  /** Opens the list of the links on the screen, or says that there are none. */
  list(): void
  closeList(): void
  /** A link of the list has the focus; null where none has. */
  point(link: GridLink | null): void
  follow(link: GridLink, how?: 'click' | 'touch'): void
  answer(answer: LinkAnswer): void
}

export function links(context: PanelContext, copy: (text: string) => void): Links {
  const { emulator, handlers, host, look, say, show, view, words, focus } = context
  let pointed: { readonly link: GridLink; readonly by: 'pointer' | 'key' } | null = null
  let questions = 0
  let asked: GridLink | null = null

  function point(link: GridLink | null, by: 'pointer' | 'key'): void {
    if (link === null && pointed === null) return
    pointed = link && { link, by }
    look()
  }

  /** The edge of the view that is farther from a row, and how many rows are between. */
  function farFrom(row: number): Pick<LinkQuestion, 'at' | 'room'> {
    const { rows } = emulator()?.cursorRow() ?? { rows: 2 }
    return row * 2 < rows ? { at: 'bottom', room: rows - row - 1 } : { at: 'top', room: row }
  }

  function followLink(link: GridLink, how: 'click' | 'touch' = 'click'): void {
    const step = follow(link, how, handlers().linkHosts)
    if (step.kind === 'open') return open(step.address, link)
    const { address, text, why } = step
    if (!mayOpen(why)) refuse(context, 'link_refused', { why, scheme: address.scheme })
    asked = link
    show({ links: undefined, link: { id: ++questions, address, text, why, ...farFrom(link.row) } satisfies LinkQuestion })
    look()
  }

  function open(address: Address, link: GridLink): void {
    if (handlers().onOpenLink?.({ href: address.href, text: link.text }) === false) return
    openInTab(host.ownerDocument, address)
  }

  return {
    list() {
      const found = emulator()?.part(linkPart).inView() ?? []
      if (found.length === 0) return say(words().links.none)
      const { cursor } = emulator()?.cursorRow() ?? { cursor: 0 }
      show({ links: { links: found, at: farFrom(cursor).at } })
    },
    closeList() {
      point(null, 'key')
      show({ links: undefined })
      focus()
    },
    point: (link) => point(link, 'key'),
    follow: followLink,
    answer(answer) {
      const { link: question } = view()
      if (question === undefined) return
      show({ link: undefined })
      focus()
      look()
      if (answer === 'copy') copy(question.address.href)
      if (answer === 'open' && mayOpen(question.why) && asked !== null) open(question.address, asked)
    },
    ready(grid) {
      grid.part(linkPart).watch({
        hover: (link) => point(link, 'pointer'),
        activate: followLink,
      })
    },
    facts() {
      // The question tells the address itself.
      if (pointed === null || view().link !== undefined) return { link: null }
      const { link, by } = pointed
      return { link: { ...lineAddress(readAddress(link.address)), opensBy: by === 'key' ? 'enter' : opener(host) } }
    },
  }
}

function opener(host: HTMLElement): 'ctrl-click' | 'cmd-click' {
  return /Mac|iPhone|iPad/.test(host.ownerDocument.defaultView?.navigator.platform ?? '') ? 'cmd-click' : 'ctrl-click'
}

/** The page that opens knows nothing of this one. A mail program needs no page of its own. */
function openInTab(document: Document, { href, scheme }: Address): void {
  if (scheme !== 'mailto') return void document.defaultView?.open(href, '_blank', 'noopener,noreferrer')
  const anchor = document.createElement('a')
  anchor.href = href
  anchor.rel = 'noopener noreferrer'
  anchor.click()
}
