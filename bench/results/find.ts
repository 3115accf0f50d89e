/** What the result page is made from: the measurements of a run, and the way to one figure of them. */
import type { Figure, Row } from '../report.ts'

/** A benchmark as it lies beside the page: all but its raw values. */
export interface Measured {
  readonly name: string
  readonly environment: Environment
  readonly method: string
  readonly rows: readonly Row[]
  readonly figures: readonly Figure[]
}

export interface Environment {
  readonly [name: string]: string | number | object
  readonly at: string
  readonly scale: { readonly quick: boolean; readonly rounds: number; readonly seconds: number }
}

/** The figure of a contender; undefined where nobody has measured it. */
export type Find = (metric: string, contender?: string, variant?: string) => Figure | undefined

export function finder(measured: readonly Measured[]): Find {
  const figures = measured.flatMap((one) => one.figures)
  return (metric, contender = 'ours', variant = '') =>
    figures.find((one) => one.metric === metric && one.contender === contender && one.variant === variant)
}

/** A number as people read it: three digits that count. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '?'
  const size = Math.abs(value)
  if (size >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
  return value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2)
}

export const quantity = (value: number, unit: string): string => `${number(value)}${unit === '' ? '' : ` ${unit}`}`

/** The median and, where there is one, its range. */
export function said({ median, min, max, unit, atLeast }: Figure): string {
  const range = min === max ? '' : ` (${number(min)} to ${number(max)})`
  return `${atLeast === true ? '≥ ' : ''}${quantity(median, unit)}${range}`
}
