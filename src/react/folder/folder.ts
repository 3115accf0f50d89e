/** The working directory that a program names, as a path that a person may see. */
import { cleanTitle } from '../title.ts'

/** The path in an OSC 7 address (`file://host/path`, percent-encoded); null if there is none that can be read. */
export function folderOfAddress(address: string): string | null {
  if (address.length > 8192) return null
  const match = /^file:\/\/[^/]*(\/.*)$/.exec(address)
  if (match?.[1] === undefined) return null
  try {
    return folderOfPath(decodeURIComponent(match[1]))
  } catch {
    return null
  }
}

/** A path as OSC 9;9 and OSC 633 write it; null for what is no whole path. A drive stands without the slash of its address. */
export function folderOfPath(path: string): string | null {
  const clean = cleanTitle(path.replace(/^"(.*)"$/, '$1').replace(/^\/(?=[A-Za-z]:[\\/])/, ''))
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(clean) ? clean : null
}

/** `~/shop` for `/home/ana/shop`, where the home is known. */
export function shortFolder(path: string, home: string | undefined): string {
  const root = home?.replace(/[/\\]+$/, '') ?? ''
  if (root === '' || !path.startsWith(root)) return path
  const rest = path.slice(root.length)
  return rest === '' || rest.startsWith('/') || rest.startsWith('\\') ? `~${rest}` : path
}
