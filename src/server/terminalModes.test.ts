/** The modes that are followed are those of the emulator that the page has. */
import headless from '@xterm/headless'
import { describe, expect, test } from 'vitest'
import { SESSION } from '../protocol/limits.ts'
import { encodeUtf8 } from '../protocol/utf8.ts'
import { seededRandom, type SeededRandom } from '../testing/seededRandom.ts'
import { TerminalModes } from './terminalModes.ts'

/** The parts of xterm.js that have no public name. */
interface Core {
  readonly coreService: { readonly decPrivateModes: object; readonly modes: object; readonly isCursorHidden: boolean }
  readonly coreMouseService: { readonly activeProtocol: string; readonly activeEncoding: string }
  readonly _charsetService: { readonly glevel: number; readonly _charsets: readonly unknown[] }
}

/** What a terminal is in once it has parsed everything. */
async function modesOf(...output: readonly (string | Uint8Array)[]) {
  const terminal = new headless.Terminal({ cols: 40, rows: 10, allowProposedApi: true, logLevel: 'off' })
  for (const piece of output) terminal.write(piece)
  await new Promise<void>((resolve) => terminal.write('', resolve))
  // Its modes are only told to programs, one by one.
  const { coreService, coreMouseService, _charsetService } = (terminal as unknown as { readonly _core: Core })._core
  const { _charsets, glevel } = _charsetService
  return {
    terminal,
    modes: {
      ...terminal.modes,
      ...coreService.modes,
      ...coreService.decPrivateModes,
      synchronizedOutput: undefined,
      synchronizedOutputMode: undefined,
      cursorHidden: coreService.isCursorHidden,
      mouse: [coreMouseService.activeProtocol, coreMouseService.activeEncoding],
      charsets: [glevel, ...[0, 1, 2, 3].map((level) => _charsets[level])],
      newLines: terminal.options.convertEol,
      screen: terminal.buffer.active.type,
    },
  }
}

function followed(...pieces: readonly (string | Uint8Array<ArrayBuffer>)[]): TerminalModes {
  const modes = new TerminalModes()
  for (const piece of pieces) modes.follow(typeof piece === 'string' ? encodeUtf8(piece) : piece)
  return modes
}

const after = (output: string): string => followed(output).sequences

describe('output leaves a terminal', () => {
  test.each([
    ['as it was', 'plain text, 漢字\r\n\x1b[1;31mred\x1b[0m\x1b[2J\x1b[10;20H\x1b[3;5r\x1b]0;title\x07\x1b7\x1b8', ''],
    ['on the alternate screen', '\x1b[?1049h', '\x1b[?1049h'],
    ['back on the normal one', '\x1b[?1049h\x1b[?1h\x1b[?1l\x1b[?1049l', ''],
    ['as one list says', '\x1b[?1049;1;2004;25;7l\x1b[?1;1002;1006h', '\x1b[?25l\x1b[?7l\x1b[?1h\x1b[?1002h\x1b[?1006h'],
    ['without the mouse, whichever it was', '\x1b[?1002h\x1b[?1006h\x1b[?1000l\x1b[?1016l', ''],
    ['with its keypad', '\x1b=', '\x1b[?66h'],
    ['with the keypad back', '\x1b=\x1b>', ''],
    ['inserting', '\x1b[4h\x1b[?4h', '\x1b[4h'],
    ['with another cursor', '\x1b[6 q\x1b[2 q', '\x1b[2 q'],
    ['with its own cursor', '\x1b[6 q\x1b[ q', ''],
    ['drawing lines', '\x1b(0', '\x1b(0'],
    ['shifted', '\x1b)0\x0e', '\x1b)0\x1b~'],
    ['shifted back', '\x1b)0\x0e text \x0f', '\x1b)0'],
    ['reset', '\x1b[?1049h\x1b[?1003h\x1b(0\x1b[4h\x1bc', ''],
    ['half reset', '\x1b[?1049h\x1b[?1003h\x1b[?1h\x1b[?25l\x1b(0\x1b[4h\x1b[5 q\x1b[!p', '\x1b[?1049h\x1b[?1003h'],
    ['not held still', '\x1b[?2026h', ''],
    ['untouched by questions', '\x1b[?1$p\x1b[?1049$p\x1b[4$p\x1b[c\x1b[6n\x1b[?1;2c', ''],
    ['untouched by what is in a string', '\x1b]0;[?1049h\x07\x1bP[?1h\x1b\\\x1b_(0\x1b\\', ''],
  ])('%s', async (_how, output, sequences) => {
    expect(after(output)).toBe(sequences)
    expect((await modesOf(after(output))).modes).toEqual((await modesOf(output)).modes)
  })
})

describe('output that ends in the middle of', () => {
  test.each([
    ['an escape', '\x1b', '[?1049hshown'],
    ['a control sequence', '\x1b[?10', '49hshown'],
    ['one with a line feed in it', '\x1b[?1\n0', '49hshown'],
    ['one that is longer than any', `\x1b[${'1;'.repeat(300)}`, '31mshown'],
    ['a designation', '\x1b(', '0\x1b(Bshown'],
    ['a title', '\x1b]0;ti', 'tle ü\x07shown'],
    ['a title that ends otherwise', '\x1b]0;ti', 'tle\x1b\\shown'],
    ['the end of a title', '\x1b]0;title\x1b', '\\shown'],
    ['a picture', '\x1bPq#0', '!100~ü-\x1b\\shown'],
    ['a character', Uint8Array.of(0xe6, 0xbc), Uint8Array.of(0xa2, ...encodeUtf8('shown'))],
  ])('%s goes on without showing the rest of it', async (_what, begun, rest) => {
    const { terminal, modes } = await modesOf(followed(begun).sequences, rest)
    expect(terminal.buffer.active.getLine(terminal.buffer.active.cursorY)?.translateToString(true)).toBe('shown')
    expect(modes).toEqual((await modesOf(begun, rest)).modes)
  })
})

const PIECES = [
  ...'c = > n o | } ~ 7 8 (0 )0 *0 +0 -0 .0 (A (B )B %@ %G #8 M'.split(' ').map((piece) => `\x1b${piece}`),
  ...[1, 2, 6, 7, 9, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1016, 1047, 1048, 1049, 2004].flatMap((mode) => [
    `\x1b[?${mode}h`,
    `\x1b[?${mode}l`,
  ]),
  ...'4h 4l 20h 20l ?1;6;1049h ?25;7;66l ?1:2h ?;1h >4h 4$h ?1$p !p 0q 3m 38;2;1;2;3m 2J H 5;5r 4:3m'
    .split(' ')
    .map((piece) => `\x1b[${piece}`),
  ...[0, 1, 2, 3, 4, 5, 6].map((style) => `\x1b[${style} q`),
  ...['\x0e', '\x0f', '\x18', '\x1a', '\r\n', 'text', '漢字 é', '[?1h', '\x1b', '\x1b[', '\x1b[?1'],
  ...['\x1b]0;t\x07', '\x1b]8;;x\x1b\\', '\x1bPqabc\x1b\\', '\x1b_Gx\x1b\\', '\x1b]2;[?1h\x18'],
]

function anyOutput(random: SeededRandom): Uint8Array<ArrayBuffer> {
  return encodeUtf8(Array.from({ length: random.int(1, 40) }, () => random.pick(PIECES)).join(''))
}

describe('whatever comes', () => {
  test('a terminal that begins in the middle ends in the modes of one that saw everything', async () => {
    for (let i = 0; i < 400; i++) {
      const random = seededRandom(i)
      const all = anyOutput(random)
      const cut = random.int(0, all.length)
      const begun = followed(all.slice(0, cut))
      expect(begun.followed).toBe(cut)
      const { modes } = await modesOf(begun.sequences, all.slice(cut))
      expect(modes, `seed ${i}, cut at ${cut}`).toEqual((await modesOf(all)).modes)
    }
  })

  test('it is the same in whatever pieces', () => {
    for (let i = 0; i < 400; i++) {
      const random = seededRandom(i)
      const all = random.chance(0.5) ? anyOutput(random) : random.bytes(500)
      const cut = random.int(0, all.length)
      const bytewise = followed(...Array.from(all, (byte) => Uint8Array.of(byte)))
      expect(followed(all).sequences, `seed ${i}`).toBe(bytewise.sequences)
      expect(followed(all.slice(0, cut), all.slice(cut)).sequences, `seed ${i}`).toBe(bytewise.sequences)
    }
  })

  test('little is kept of it, all ASCII', () => {
    const hostile = ['\x1b[', '\x1b]', '\x1bP', '\x1b(', '\x1b[?1;', '', ...PIECES]
    for (let i = 0; i < 400; i++) {
      const random = seededRandom(i)
      const modes = followed(...PIECES, random.pick(hostile))
      modes.follow(random.chance(0.5) ? random.bytes(5000) : encodeUtf8(random.pick(['1;', '9', '(', ' ', 'x']).repeat(5000)))
      expect(modes.sequences).toMatch(/^[\x1b -~]*$/)
      expect(modes.sequences.length).toBeLessThan(SESSION.modesLength / 8)
    }
  })
})
