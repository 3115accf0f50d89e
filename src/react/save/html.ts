/** Output with its colours as a page of its own: one that loads nothing, runs nothing and shows only text. */

/** Cells of a line that look alike. */
export interface Run {
  readonly text: string
  /** Colours as `#rrggbb`; absent for those of the page. */
  readonly color?: string
  readonly background?: string
  readonly bold?: boolean
  readonly dim?: boolean
  readonly italic?: boolean
  readonly lines?: readonly ('underline' | 'overline' | 'line-through')[]
}

export interface SavedPage {
  readonly title: string
  readonly color: string
  readonly background: string
  readonly fontFamily: string
  /** Lines from top to bottom. */
  readonly lines: Iterable<readonly Run[]>
}

export function htmlPage({ title, color, background, fontFamily, lines }: SavedPage): string {
  const body = `margin:0;padding:1em;color:${cssValue(color)};background:${cssValue(background)};font:13px/1.4 ${cssValue(fontFamily)}`
  const parts = [
    '<!doctype html>\n<html><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title><style>body{${body}}pre{margin:0;font:inherit;white-space:pre-wrap}</style></head><body><pre>`,
  ]
  for (const line of lines) parts.push(line.map(span).join(''), '\n')
  parts.push('</pre></body></html>\n')
  return parts.join('')
}

function span(run: Run): string {
  const style = styleOf(run)
  const text = escapeHtml(run.text)
  return style === '' ? text : `<span style="${style}">${text}</span>`
}

function styleOf({ color, background, bold, dim, italic, lines = [] }: Run): string {
  return [
    color && `color:${cssValue(color)}`,
    background && `background:${cssValue(background)}`,
    bold && 'font-weight:bold',
    dim && 'opacity:.5',
    italic && 'font-style:italic',
    lines.length > 0 && `text-decoration:${lines.join(' ')}`,
  ]
    .filter(Boolean)
    .join(';')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
}

/** Values come from style sheets of the page: what could end a declaration or an attribute goes. */
function cssValue(value: string): string {
  return value.replaceAll(/["<>&;{}\\]/g, '')
}
