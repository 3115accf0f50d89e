/** Base64 by table, strict: padded, canonical, and refused otherwise. */
import { decodeAscii } from '../utf8.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PAD = 0x3d
const INVALID = 0x40

/** Digit to character code. */
const CODES = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0))
/** Character code, below 128, to digit. */
const DIGITS = new Uint8Array(128).fill(INVALID)
for (const [digit, code] of CODES.entries()) DIGITS[code] = digit

/** Characters that `bytes` bytes become. */
export function encodedLength(bytes: number): number {
  return Math.ceil(bytes / 3) * 4
}

/** Where frames of the usual size are written before they become text: an array for each would be as much garbage as output. */
const scratch = new Uint8Array(encodedLength(64 * 1024))

export function encodeBase64(bytes: Uint8Array<ArrayBuffer>): string {
  const length = encodedLength(bytes.byteLength)
  const codes = length <= scratch.byteLength ? scratch.subarray(0, length) : new Uint8Array(length)
  const whole = bytes.byteLength - (bytes.byteLength % 3)
  let to = 0
  for (let from = 0; from < whole; from += 3, to += 4) {
    put(codes, to, (at(bytes, from) << 16) | (at(bytes, from + 1) << 8) | at(bytes, from + 2))
  }
  if (whole < bytes.byteLength) {
    const two = whole + 2 === bytes.byteLength
    put(codes, to, (at(bytes, whole) << 16) | (two ? at(bytes, whole + 1) << 8 : 0))
    codes.fill(PAD, two ? to + 3 : to + 2)
  }
  return decodeAscii(codes)
}

/** The bytes, or null for anything that {@link encodeBase64} does not write. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  const whole = padding === 0 ? text.length : text.length - 4
  let to = 0
  let worst = 0
  for (let from = 0; from < whole; from += 4, to += 3) {
    const a = digit(text, from)
    const b = digit(text, from + 1)
    const c = digit(text, from + 2)
    const d = digit(text, from + 3)
    worst |= a | b | c | d
    bytes[to] = (a << 2) | (b >> 4)
    bytes[to + 1] = (b << 4) | (c >> 2)
    bytes[to + 2] = (c << 6) | d
  }
  if (padding > 0) worst |= decodeTail(text, whole, padding, bytes, to)
  return worst < INVALID ? bytes : null
}

/** The last four characters where some are padding. Digits whose unused bits are set are not canonical and come back as invalid. */
function decodeTail(text: string, from: number, padding: number, bytes: Uint8Array<ArrayBuffer>, to: number): number {
  const a = digit(text, from)
  const b = digit(text, from + 1)
  const c = padding === 2 ? 0 : digit(text, from + 2)
  bytes[to] = (a << 2) | (b >> 4)
  if (padding === 1) bytes[to + 1] = (b << 4) | (c >> 2)
  const unused = padding === 2 ? b & 0x0f : c & 0x03
  return unused === 0 ? a | b | c : INVALID
}

function digit(text: string, index: number): number {
  return DIGITS[text.charCodeAt(index)] ?? INVALID
}

function put(codes: Uint8Array<ArrayBuffer>, to: number, bits: number): void {
  codes[to] = at(CODES, bits >> 18)
  codes[to + 1] = at(CODES, (bits >> 12) & 63)
  codes[to + 2] = at(CODES, (bits >> 6) & 63)
  codes[to + 3] = at(CODES, bits & 63)
}

/** The byte at an index that the caller knows to be inside. */
function at(bytes: Uint8Array<ArrayBuffer>, index: number): number {
  return bytes[index] ?? 0
}
