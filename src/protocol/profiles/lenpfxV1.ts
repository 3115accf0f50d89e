/** The profile `lenpfx.v1`: everything in binary frames that carry their own length. */
import { malformed, parseControl, readData } from '../guards.ts'
import { decodeUtf8, encodeUtf8 } from '../utf8.ts'
import type { Decoded, WireProfile } from '../wireProfile.ts'

/** Bytes of the length, which counts what follows it. */
const LENGTH_BYTES = 4
/** Bytes before the payload: the length, `u8 stream`, `u32be channel`. */
const HEADER_BYTES = LENGTH_BYTES + 5
/** Stands in the place of the stream, with channel 0, before a control message. */
const CONTROL = 0x10

export const lenpfxV1: WireProfile = {
  name: 'lenpfx.v1',
  encodeControl: (message) => encode(CONTROL, 0, encodeUtf8(JSON.stringify(message))),
  encodeData: encode,
  maxPayload: (maxFrame) => Math.max(1, maxFrame - HEADER_BYTES),
  decode(wire) {
    if (typeof wire === 'string') return malformed('text frame')
    if (wire.byteLength < HEADER_BYTES) return malformed('short frame')
    const header = new DataView(wire.buffer, wire.byteOffset, HEADER_BYTES)
    if (header.getUint32(0) !== wire.byteLength - LENGTH_BYTES) return malformed('wrong length')
    const stream = header.getUint8(LENGTH_BYTES)
    const channel = header.getUint32(LENGTH_BYTES + 1)
    const payload = wire.subarray(HEADER_BYTES)
    return stream === CONTROL ? decodeControl(channel, payload) : readData(stream, channel, payload)
  },
}

function encode(stream: number, channel: number, payload: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const wire = new Uint8Array(HEADER_BYTES + payload.byteLength)
  const header = new DataView(wire.buffer)
  header.setUint32(0, wire.byteLength - LENGTH_BYTES)
  header.setUint8(LENGTH_BYTES, stream)
  header.setUint32(LENGTH_BYTES + 1, channel)
  wire.set(payload, HEADER_BYTES)
  return wire
}

function decodeControl(channel: number, payload: Uint8Array<ArrayBuffer>): Decoded {
  if (channel !== 0) return malformed('control on a channel')
  const text = decodeUtf8(payload)
  return text === null ? malformed('not UTF-8') : parseControl(text)
}
