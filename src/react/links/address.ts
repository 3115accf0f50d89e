/** Reads an address that a program printed: where it really leads, whether it may be opened, and how it is shown so that nobody is fooled. */

/** An address in three pieces as it is shown; only the host is the true one, and it may be empty. */
export interface Address {
  /** What would be opened, in the browser's own spelling; the text as it came where that cannot be read. */
  readonly href: string
  /** `http`, `https`, `mailto`, … in lower case, or empty. */
  readonly scheme: string
  /** One of the three schemes that can be opened at all. */
  readonly opens: boolean
  readonly before: string
  readonly host: string
  readonly after: string
  /** Something in it can be mistaken for something else: a name before the host, or letters of another script. */
  readonly tricky: boolean
}

/** Nothing longer is opened or searched for, in characters. */
export const MOST_ADDRESS_CHARS = 2048

const OPENS: ReadonlySet<string> = new Set(['http', 'https', 'mailto'])

export function readAddress(raw: string): Address {
  const url = raw.length <= MOST_ADDRESS_CHARS && URL.canParse(raw) ? new URL(raw) : null
  const scheme = url?.protocol.slice(0, -1) ?? ''
  if (url === null || !OPENS.has(scheme)) return closed(raw, scheme)
  return scheme === 'mailto' ? mail(url) : web(url, raw)
}

/** What cannot be opened is shown as it came, with everything by name that would not be seen. */
function closed(raw: string, scheme: string): Address {
  return { href: raw, scheme, opens: false, before: visible(raw.slice(0, MOST_ADDRESS_CHARS)), host: '', after: '', tricky: true }
}

function web(url: URL, raw: string): Address {
  const person = url.href.slice(url.protocol.length + 2, url.href.indexOf(url.host, url.protocol.length + 2))
  const { hostname, port, pathname, search, hash } = url
  return {
    href: url.href,
    scheme: url.protocol.slice(0, -1),
    opens: hostname !== '',
    before: `${url.protocol}//${person}`,
    host: shownHost(hostname, raw),
    after: `${port === '' ? '' : `:${port}`}${pathname}${search}${hash}`,
    tricky: url.username !== '' || url.password !== '' || hostname.includes('xn--'),
  }
}

/** The part after the last @ of the only recipient. */
function mail(url: URL): Address {
  const { href, pathname, search, hash } = url
  const at = pathname.lastIndexOf('@')
  const host = at >= 0 && !pathname.includes(',') ? pathname.slice(at + 1) : ''
  return {
    href,
    scheme: 'mailto',
    opens: true,
    before: `mailto:${pathname.slice(0, pathname.length - host.length)}`,
    host,
    after: `${search}${hash}`,
    tricky: true,
  }
}

/** Scripts of which no letter looks like a Latin one. */
const OWN_LOOK =
  /^(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+|\p{Script=Hangul}+|\p{Script=Arabic}+|\p{Script=Hebrew}+|\p{Script=Thai}+|\p{Script=Devanagari}+)$/u

/** A host by the name that the browser asks for; a label in its own letters only where they can be mistaken for no others. */
function shownHost(hostname: string, raw: string): string {
  const own = (/^[^:]*:\/\/(?:[^/?#]*@)?([^/?#:]*)/.exec(raw)?.[1] ?? '').normalize('NFKC').split('.')
  const labels = hostname.split('.')
  if (own.length !== labels.length) return hostname
  return labels.map((label, index) => readable(label, own[index] ?? '')).join('.')
}

function readable(label: string, own: string): string {
  if (!label.startsWith('xn--') || !OWN_LOOK.test(own) || !URL.canParse(`https://${own}.example`)) return label
  return new URL(`https://${own}.example`).hostname === `${label}.example` ? own : label
}

/** Control characters, marks of direction and what has no width: nobody can see them, and some turn the rest around. */
const UNSEEN = /(?! )[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Co}\p{Cs}]/gu

function visible(text: string): string {
  return text.replaceAll(UNSEEN, (char) => `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`)
}

/** Whether a person who reads the text knows where the link leads. */
export function tells(text: string, address: Address): boolean {
  const shown = text.trim()
  if (shown === '' || !address.opens || address.tricky || shown.search(UNSEEN) >= 0) return false
  return [shown, `${address.scheme}://${shown}`].some((spelt) => URL.canParse(spelt) && new URL(spelt).href === address.href)
}

export type Verdict = 'open' | 'ask' | 'copy'

/**
 * What a click on a link may do: open it, ask with the whole address in view, or offer it for copying only.
 * `hosts` is the host's allow-list: names, or `*.` and a name for all under it.
 */
export function judge(address: Address, text: string, hosts?: readonly string[]): Verdict {
  if (!address.opens || !allowed(address, hosts)) return 'copy'
  return tells(text, address) ? 'open' : 'ask'
}

function allowed(address: Address, hosts: readonly string[] | undefined): boolean {
  if (hosts === undefined) return true
  if (address.scheme === 'mailto') return hosts.some((host) => covers(host, address.host.toLowerCase()))
  const { hostname } = new URL(address.href)
  return hosts.some((host) => covers(host, hostname))
}

function covers(rule: string, hostname: string): boolean {
  const wanted = rule.toLowerCase()
  return wanted.startsWith('*.') ? hostname.endsWith(wanted.slice(1)) : hostname === wanted
}

/** What the line has room for: a host is never cut, only one without end loses its beginning. */
const MOST_HOST_CHARS = 64

/** The address in the line: what stands before the host, the host, and a path that may lose its end. Names before the host are left out. */
export function lineAddress(address: Address): { readonly before: string; readonly host: string; readonly after: string } {
  const { host, scheme, before, after } = address
  if (host === '') return { before: `${before}${after}`, host: '', after: '' }
  return {
    before: scheme === 'mailto' ? before : `${scheme}://`,
    host: host.length <= MOST_HOST_CHARS ? host : `…${host.slice(-MOST_HOST_CHARS)}`,
    after: after === '/' ? '' : after,
  }
}
