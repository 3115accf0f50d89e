/** A wire profile turns messages and data into WebSocket messages and back; a registry lets users add their own. */
import type { ControlMessage, Frame, Stream } from './messages.ts'

/** One WebSocket message: a string is a text frame, bytes are a binary frame. */
export type WireMessage = string | Uint8Array<ArrayBuffer>

/**
 * A decoded message, or the close code (PROTOCOL.md section 7) that the sender of this message has earned. `detail` is a few
 * words of the profile's own, never of the message: it is in diagnostics and bug reports.
 */
export type Decoded =
  { readonly ok: true; readonly frame: Frame } | { readonly ok: false; readonly code: number; readonly detail: string }

/**
 * How messages look on the wire. An implementation keeps no state, never throws on any input, and decodes what it encodes.
 */
export interface WireProfile {
  /** The name in `hello.caps.profile`. */
  readonly name: string
  encodeControl(message: ControlMessage): WireMessage
  encodeData(stream: Stream, channel: number, payload: Uint8Array<ArrayBuffer>): WireMessage
  /**
   * For profiles whose data message is a head of always the same size and then the payload as it is: whoever has room before a
   * payload can write the head there, instead of having both copied by `encodeData`.
   */
  readonly head?: DataHead
  /** The largest payload, in bytes, whose encoded message is at most `maxFrame` bytes. At least 1. */
  maxPayload(maxFrame: number): number
  /** Never throws. The payload of a data frame may be a view into `wire`. */
  decode(wire: WireMessage): Decoded
}

/** What stands before the payload of a data message. */
export interface DataHead {
  readonly bytes: number
  /** Writes the head for a payload of `length` bytes to the start of `wire`. */
  write(wire: Uint8Array<ArrayBuffer>, stream: number, channel: number, length: number): void
}

/** The data message that `head` makes of a payload. */
export function behindHead(
  head: DataHead,
  stream: number,
  channel: number,
  payload: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const wire = new Uint8Array(head.bytes + payload.byteLength)
  head.write(wire, stream, channel, payload.byteLength)
  wire.set(payload, head.bytes)
  return wire
}

/** Writes `value` big-endian into the four bytes from `at` on. */
export function writeU32(wire: Uint8Array<ArrayBuffer>, at: number, value: number): void {
  wire[at] = value >>> 24
  wire[at + 1] = value >>> 16
  wire[at + 2] = value >>> 8
  wire[at + 3] = value
}

/** The size of a message in bytes as `maxFrame` counts it: text in UTF-8. */
export function wireSize(wire: WireMessage): number {
  if (typeof wire !== 'string') return wire.byteLength
  let bytes = wire.length
  for (let i = 0; i < wire.length; i++) {
    const unit = wire.charCodeAt(i)
    if (unit <= 0x7f) continue
    bytes += unit > 0x7ff ? 2 : 1
    // A pair is four bytes; a surrogate by itself goes out as U+FFFD, which is three.
    if (isHigh(unit) && isLow(wire.charCodeAt(i + 1))) i++
  }
  return bytes
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}
