/** The profile `nimbus.v1`: control as JSON in text frames, data in binary frames behind five bytes. */
import { malformed, parseControl, readData } from '../guards.ts'
import { behindHead, writeU32, type DataHead, type WireProfile } from '../wireProfile.ts'

/** `u8 stream`, `u32be channel`. */
const HEAD: DataHead = {
  bytes: 5,
  write(wire, stream, channel) {
    wire[0] = stream
    writeU32(wire, 1, channel)
  },
}

export const nimbusV1: WireProfile = {
  name: 'nimbus.v1',
  encodeControl: (message) => JSON.stringify(message),
  encodeData: (stream, channel, payload) => behindHead(HEAD, stream, channel, payload),
  head: HEAD,
  maxPayload: (maxFrame) => Math.max(1, maxFrame - HEAD.bytes),
  decode(wire) {
    if (typeof wire === 'string') return parseControl(wire)
    if (wire.byteLength < HEAD.bytes) return malformed('short frame')
    const header = new DataView(wire.buffer, wire.byteOffset, HEAD.bytes)
    return readData(header.getUint8(0), header.getUint32(1), wire.subarray(HEAD.bytes))
  },
}
