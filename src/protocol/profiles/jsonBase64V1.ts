/** The profile `json-base64.v1`: everything as JSON in text frames, for peers that cannot read binary ones. */
import { malformed, readControl, readData } from '../guards.ts'
import { parseJson } from '../json.ts'
import { MAX_CHANNEL_ID } from '../limits.ts'
import type { Decoded, WireProfile } from '../wireProfile.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'

const STREAM_NAMES = { 1: 'stdout', 2: 'stderr' } as const
/** Bytes around the payload with the longest channel id. */
const ENVELOPE_BYTES = envelope('stdout', MAX_CHANNEL_ID, '').length

export const jsonBase64V1: WireProfile = {
  name: 'json-base64.v1',
  encodeControl: (message) => JSON.stringify(message),
  encodeData: (stream, channel, payload) => envelope(STREAM_NAMES[stream], channel, encodeBase64(payload)),
  maxPayload: (maxFrame) => Math.max(1, Math.floor((maxFrame - ENVELOPE_BYTES) / 4) * 3),
  decode(wire) {
    if (typeof wire !== 'string') return malformed('binary frame')
    const json = parseJson(wire)
    if (!json.ok) return malformed(json.detail)
    return isData(json.value) ? decodeData(json.value) : readControl(json.value)
  },
}

function envelope(stream: 'stdout' | 'stderr', channel: number, payload: string): string {
  return `{"kind":"data","stream":"${stream}","id":${channel},"payload":"${payload}"}`
}

/** What JSON can hold under the names of a data frame. */
interface DataFields {
  readonly kind: 'data'
  readonly stream?: unknown
  readonly id?: unknown
  readonly payload?: unknown
}

/** Own fields only: the value comes from the parser, and nothing else may lend it a `kind`. */
function isData(value: unknown): value is DataFields {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'kind') && 'kind' in value && value.kind === 'data'
}

function decodeData({ stream, id, payload }: DataFields): Decoded {
  if (stream !== 'stdout' && stream !== 'stderr') return malformed('no such stream')
  if (typeof id !== 'number' || typeof payload !== 'string') return malformed('malformed data')
  const bytes = decodeBase64(payload)
  return bytes === null ? malformed('not base64') : readData(stream === 'stdout' ? 1 : 2, id, bytes)
}
