/** The round trips of the last minute as the path of a small curve. */
import type { RoundTrip } from '../../client/api.ts'

const MINUTE_MS = 60_000
/** The field that the curve is drawn on. */
export const FIELD = { width: 300, height: 30 } as const
/** Room above and below, so that the stroke is never cut. */
const MARGIN = 3
/** A curve of a few milliseconds must not look like a storm. */
const LEAST_TOP_MS = 100

export interface Curve {
  /** Null before there is something to draw. */
  readonly path: string | null
  readonly last: number | null
  readonly worst: number | null
}

/** `now` is on the connection's clock. The last value before the minute leads in, the last of all leads out. */
export function curveOf(roundTrips: readonly RoundTrip[], now: number): Curve {
  const from = now - MINUTE_MS
  const inside = roundTrips.filter(({ at }) => at >= from)
  const before = roundTrips.filter(({ at }) => at < from).at(-1)
  const last = roundTrips.at(-1)
  if (last === undefined) return { path: null, last: null, worst: null }
  const worst = Math.max(...(inside.length > 0 ? inside : [last]).map(({ ms }) => ms))
  const first = before ?? inside[0] ?? last
  const points = [...(before === undefined ? [] : [{ at: from, ms: first.ms }]), ...inside, { at: now, ms: last.ms }]
  const top = Math.max(LEAST_TOP_MS, ...points.map(({ ms }) => ms))
  return { path: pathOf(points, from, top), last: last.ms, worst }
}

function pathOf(points: readonly RoundTrip[], from: number, topMs: number): string {
  const x = (at: number): number => Math.round(((at - from) / MINUTE_MS) * FIELD.width * 10) / 10
  const y = (ms: number): number => Math.round((FIELD.height - MARGIN - (ms / topMs) * (FIELD.height - 2 * MARGIN)) * 10) / 10
  return points.map(({ at, ms }, i) => `${i === 0 ? 'M' : 'L'}${x(at)} ${y(ms)}`).join('')
}
