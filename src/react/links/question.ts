/** What is asked before a link is followed, and why: the words are chosen here by name and written in the table of words. */
import { cleanTitle } from '../title.ts'
import { judge, readAddress, tells, type Address } from './address.ts'

/** Why a link does not open with the click alone. */
export type LinkWhy = 'text' | 'person' | 'letters' | 'mail' | 'touch' | 'scheme' | 'policy'

export interface LinkQuestion {
  /** Another number for each question. */
  readonly id: number
  readonly address: Address
  /** What the person read, without what cannot be seen; at most 40 characters. */
  readonly text: string
  readonly why: LinkWhy
  readonly at: 'top' | 'bottom'
  /** Rows between that edge of the view and the link. */
  readonly room: number
}

export type LinkAnswer = 'open' | 'copy' | 'cancel'

export type Step =
  | { readonly kind: 'open'; readonly address: Address }
  | { readonly kind: 'ask'; readonly address: Address; readonly text: string; readonly why: LinkWhy }

/** What follows when a person follows a link. A finger has not seen the address yet, so it is always shown first. */
export function follow(
  link: { readonly address: string; readonly text: string },
  how: 'click' | 'touch',
  hosts?: readonly string[],
): Step {
  const address = readAddress(link.address)
  const verdict = judge(address, link.text, hosts)
  if (verdict === 'open' && how === 'click') return { kind: 'open', address }
  return { kind: 'ask', address, text: shortText(link.text), why: reason(address, link.text, verdict === 'copy') }
}

function reason(address: Address, text: string, copyOnly: boolean): LinkWhy {
  if (copyOnly) return address.opens ? 'policy' : 'scheme'
  if (address.scheme === 'mailto') return 'mail'
  if (address.before.includes('@')) return 'person'
  if (new URL(address.href).hostname.includes('xn--')) return 'letters'
  return tells(text, address) ? 'touch' : 'text'
}

/** Whether the question offers to open it at all. */
export const mayOpen = (why: LinkWhy): boolean => why !== 'scheme' && why !== 'policy'

function shortText(text: string): string {
  const clean = cleanTitle(text.trim())
  return clean.length <= 40 ? clean : `${clean.slice(0, 39)}…`
}
