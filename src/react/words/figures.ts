/** Figures in English: sizes in thousands, parts of a whole, counted things. */

/** A size as people read it: `12 KB`, `3.1 MB`, in thousands. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} KB`
  return `${short(bytes / 1e6)} MB`
}

const short = (value: number): string => (value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value)))

/** `3.1 of 12 MB`: the part in the unit of the whole. */
export function part(sent: number, of: number): string {
  if (of < 1000) return `${sent} of ${size(of)}`
  return `${of < 999_500 ? Math.round(sent / 1000) : short(sent / 1e6)} of ${size(of)}`
}

export const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`

/** A time as people read it: `12 ms`, `12.4 s`, `2 min 40 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(Math.round(ms / 100) / 10).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
