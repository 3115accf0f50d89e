/** The three payloads: plain lines, heavy colour, and wide characters. */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { seededRandom, type SeededRandom } from '../src/testing/seededRandom.ts'
import { MiB } from './report.ts'

type Line = (random: SeededRandom) => string

export const PAYLOADS = {
  ascii: { mebibytes: 64, line: ascii },
  colour: { mebibytes: 32, line: colour },
  cjk: { mebibytes: 16, line: cjk },
  /** What `yes` prints: a new line for every letter. */
  short: { mebibytes: 4, line: () => 'y' },
} as const satisfies Record<string, { readonly mebibytes: number; readonly line: Line }>

export type PayloadName = keyof typeof PAYLOADS

const COLUMNS = 80
/** Different ones in a text: about what a newspaper uses. The renderer measures each once. */
const CHARACTERS = 3000

/** Writes the payload twice: as the emulator gets it, and with bare line feeds (`.lf`) as a program prints it. */
export async function writePayload(folder: string, name: PayloadName, share: number): Promise<void> {
  const { mebibytes, line } = PAYLOADS[name]
  const random = seededRandom(name)
  const files = [
    { stream: createWriteStream(join(folder, name)), end: '\r\n' },
    { stream: createWriteStream(join(folder, `${name}.lf`)), end: '\n' },
  ]
  const block: string[] = []
  for (let i = 0; i < 2000; i++) block.push(line(random))
  for (const { stream, end } of files) {
    const bytes = Buffer.from(block.map((text) => text + end).join(''))
    for (let written = 0; written < mebibytes * share * MiB; written += bytes.length)
      if (!stream.write(bytes)) await once(stream, 'drain')
    stream.end()
    await once(stream, 'close')
  }
}

function ascii(random: SeededRandom): string {
  let text = ''
  while (text.length < COLUMNS - 1) text += String.fromCharCode(random.int(0x20, 0x7e))
  return text
}

/** A colour of 16, of 256 or of all for each few letters. */
function colour(random: SeededRandom): string {
  let text = ''
  for (let columns = 0; columns < COLUMNS - 8; columns += 6) {
    const shade = (): number => random.int(0, 255)
    const sgr = random.pick([
      `${random.int(30, 37)}`,
      `1;${random.int(40, 47)}`,
      `38;5;${shade()}`,
      `48;2;${shade()};${shade()};${shade()}`,
    ])
    text += `\u001b[${sgr}m`
    for (let i = 0; i < 6; i++) text += String.fromCharCode(random.int(0x61, 0x7a))
  }
  return `${text}\u001b[m`
}

function cjk(random: SeededRandom): string {
  let text = ''
  for (let columns = 0; columns < COLUMNS - 2; columns += 2)
    text += String.fromCodePoint(random.chance(0.1) ? random.int(0x1f600, 0x1f64f) : random.int(0x4e00, 0x4e00 + CHARACTERS))
  return text
}
