/** The profile `nimbus.v1`: control as JSON in text frames, data in binary frames behind five bytes. */
import { malformed, parseControl, readData } from '../guards.ts'
import type { WireProfile } from '../wireProfile.ts'

/** Bytes before the payload: `u8 stream`, `u32be channel`. */
const HEADER_BYTES = 5

export const nimbusV1: WireProfile = {
  name: 'nimbus.v1',
  encodeControl: (message) => JSON.stringify(message),
  encodeData(stream, channel, payload) {
    const wire = new Uint8Array(HEADER_BYTES + payload.byteLength)
    const header = new DataView(wire.buffer)
    header.setUint8(0, stream)
    header.setUint32(1, channel)
    wire.set(payload, HEADER_BYTES)
    return wire
  },
  maxPayload: (maxFrame) => Math.max(1, maxFrame - HEADER_BYTES),
  decode(wire) {
    if (typeof wire === 'string') return parseControl(wire)
    if (wire.byteLength < HEADER_BYTES) return malformed('short frame')
    const header = new DataView(wire.buffer, wire.byteOffset, HEADER_BYTES)
    return readData(header.getUint8(0), header.getUint32(1), wire.subarray(HEADER_BYTES))
  },
}
