/** The profile `lenpfx.v1`: everything in binary frames that carry their own length. */
import { malformed, parseControl, readData } from '../guards.ts'
import { decodeUtf8, encodeUtf8 } from '../utf8.ts'
import { behindHead, writeU32, type DataHead, type Decoded, type WireProfile } from '../wireProfile.ts'

/** Bytes of the length, which counts what follows it. */
const LENGTH_BYTES = 4
/** The length, `u8 stream`, `u32be channel`. */
const HEAD: DataHead = {
  bytes: LENGTH_BYTES + 5,
  write(wire, stream, channel, length) {
    writeU32(wire, 0, 5 + length)
    wire[LENGTH_BYTES] = stream
    writeU32(wire, LENGTH_BYTES + 1, channel)
  },
}
/** Stands in the place of the stream, with channel 0, before a control message. */
const CONTROL = 0x10

export const lenpfxV1: WireProfile = {
  name: 'lenpfx.v1',
  encodeControl: (message) => behindHead(HEAD, CONTROL, 0, encodeUtf8(JSON.stringify(message))),
  encodeData: (stream, channel, payload) => behindHead(HEAD, stream, channel, payload),
  head: HEAD,
  maxPayload: (maxFrame) => Math.max(1, maxFrame - HEAD.bytes),
  decode(wire) {
    if (typeof wire === 'string') return malformed('text frame')
    if (wire.byteLength < HEAD.bytes) return malformed('short frame')
    const header = new DataView(wire.buffer, wire.byteOffset, HEAD.bytes)
    if (header.getUint32(0) !== wire.byteLength - LENGTH_BYTES) return malformed('wrong length')
    const stream = header.getUint8(LENGTH_BYTES)
    const channel = header.getUint32(LENGTH_BYTES + 1)
    const payload = wire.subarray(HEAD.bytes)
    return stream === CONTROL ? decodeControl(channel, payload) : readData(stream, channel, payload)
  },
}

function decodeControl(channel: number, payload: Uint8Array<ArrayBuffer>): Decoded {
  if (channel !== 0) return malformed('control on a channel')
  const text = decodeUtf8(payload)
  return text === null ? malformed('not UTF-8') : parseControl(text)
}
