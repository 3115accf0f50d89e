/** The details as plain text, for whoever helps: the same words as in the drawer, with dates and codes. */
import type { Connection } from '../../client/api.ts'
import type { Words } from '../words/words.ts'
import { figuresOf, type Drawing } from './figures.ts'
import { logOf, logWords } from './log.ts'
import type { DetailsWords } from './words.ts'

export function reportText(connection: Connection, drawing: Drawing | null, words: Words, own: DetailsWords): string {
  const { library, profile, made, facts } = connection.report(browserFacts(drawing))
  const { main, more } = figuresOf(connection, drawing, words, own)
  return [
    own.title,
    new Date(made.wall).toISOString(),
    `@nimbus/terminal ${library}, ${profile}`,
    ...(typeof facts['userAgent'] === 'string' ? [facts['userAgent']] : []),
    '',
    ...[...main, ...more].map(([term, text]) => `${own.terms[term]}: ${text}`),
    '',
    ...logOf(connection.recent().notes).map((line) => `${new Date(line.at).toISOString()} ${logWords(line, own)}`),
  ].join('\n')
}

/** What the browser says of itself and helps; the address of the page is not in it. */
export function browserFacts(drawing: Drawing | null): Readonly<Record<string, string | number | boolean | null>> {
  const { userAgent, language, onLine } = navigator
  return {
    userAgent,
    language,
    onLine,
    pixelRatio: devicePixelRatio,
    ...(drawing && { renderer: drawing.renderer, columns: drawing.cols, rows: drawing.rows }),
  }
}
