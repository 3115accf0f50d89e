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
