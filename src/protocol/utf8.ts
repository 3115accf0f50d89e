/** UTF-8 both ways, strict: the one file here that knows the runtime's TextEncoder and TextDecoder. */

/** The part of the universal globals that is used; ES2023 by itself does not have them. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> }
declare const TextDecoder: new (
  label: 'utf-8',
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array<ArrayBuffer>): string }

const encoder = new TextEncoder()
// A byte order mark is not part of any message: kept, so that the JSON parser refuses it.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The bytes of a text. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** The text of some bytes, or null if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array<ArrayBuffer>): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

/** The text of bytes below 128. */
export function decodeAscii(bytes: Uint8Array<ArrayBuffer>): string {
  return decoder.decode(bytes)
}
