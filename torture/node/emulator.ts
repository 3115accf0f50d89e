/** An emulator without a screen: fed by a page's channel or straight by a program, and compared cell by cell. */
import headless from '@xterm/headless'
import type { Channel } from '../../src/client/index.ts'
import { Feed, Scheduler } from '../../src/react/feed.ts'
import type { TerminalSize } from '../../src/protocol/messages.ts'
import { encodeUtf8 } from '../../src/protocol/utf8.ts'
import type { Backend, Program, ProgramEvents } from '../../src/server/ports.ts'

const scheduler = new Scheduler({ now: () => performance.now(), hop: (task) => void setImmediate(task) })

export class Emulator {
  readonly #terminal: headless.Terminal
  readonly #feed: Feed
  #consumed: (offset: number) => void = () => undefined
  #answer: (data: string, at: number) => void = () => undefined
  #parsed = 0
  /** What it answered by itself. */
  answers = 0

  constructor({ cols, rows }: TerminalSize) {
    this.#terminal = new headless.Terminal({ cols, rows, scrollback: 5000, allowProposedApi: true })
    this.#feed = new Feed(scheduler, (offset) => {
      this.#parsed = offset
      this.#consumed(offset)
    })
    this.#feed.attach({ write: (bytes, done) => this.#terminal.write(bytes, done) })
    // Nobody types into this one: whatever it says is an answer to what it parses now.
    this.#terminal.onData((data) => {
      const parsing = this.#feed.parsing()
      if (parsing === null || parsing.answered) return
      this.answers += 1
      this.#answer(data, parsing.at)
    })
  }

  /** Shows what a page gets, and answers for it. */
  show(channel: Channel): void {
    this.#consumed = (offset) => channel.consumed(offset)
    this.#answer = (data, at) => channel.reply(data, at)
    channel.on('data', (output) => this.#feed.push(output))
    channel.on('gap', ({ end }) => this.#feed.push({ bytes: new Uint8Array(), end, answered: true }))
    channel.on('reset', ({ size, modes = '' }) => {
      this.#feed.act((done) => {
        this.#terminal.reset()
        if (size) this.#terminal.resize(size.cols, size.rows)
        if (modes === '') done()
        else this.#terminal.write(modes, done)
      })
    })
  }

  /** Shows what a program prints, with nothing in between. */
  run(backend: Backend, size: TerminalSize): Program {
    let at = 0
    const events: ProgramEvents = {
      opened: () => undefined,
      failed: (reason, message) => this.#feed.push({ bytes: encodeUtf8(`${reason}: ${message}`), end: 0, answered: false }),
      took: () => undefined,
      exited: () => (this.exited = true),
      output: (_stream, bytes) => this.#feed.push({ bytes: bytes.slice(), end: (at += bytes.length), answered: false }),
    }
    const program = backend.open(
      { allocation: 'direct', principal: { id: 'direct' }, target: { allocation: 'direct' }, size, env: {} },
      events,
    )
    this.#answer = (data) => program.write(encodeUtf8(data))
    return program
  }

  exited = false

  resize({ cols, rows }: TerminalSize): void {
    this.#feed.between(() => this.#terminal.resize(cols, rows))
  }

  /** Everything that it was given is parsed. */
  get isIdle(): boolean {
    return this.#feed.idle()
  }

  get parsed(): number {
    return this.#parsed
  }

  /** The characters of the screen, without attributes. */
  text(): string {
    const buffer = this.#terminal.buffer.active
    const rows = Array.from(
      { length: this.#terminal.rows },
      (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '',
    )
    return rows.join('\n')
  }

  /** Every cell of the screen and of what scrolled out of it, the cursor and the modes; one line of text each. */
  cells(): readonly string[] {
    const { buffer, cols, rows, modes } = this.#terminal
    const { active } = buffer
    // Of the alternate screen only what is seen: xterm.js keeps rows above it that nobody can scroll to after some resizes, and
    // then counts too few.
    const first = active.type === 'alternate' ? active.baseY : 0
    const head = `${active.type} ${cols}x${rows} cursor ${active.cursorX},${active.cursorY} above ${active.baseY - first} ${JSON.stringify(modes)}`
    const cell = active.getNullCell()
    const lines: string[] = [head]
    for (let y = first; y < active.baseY + rows; y++) {
      const line = active.getLine(y)
      let text = ''
      for (let x = 0; x < cols; x++) text += line?.getCell(x, cell) ? describe(cell) : '?'
      lines.push(text)
    }
    return lines
  }

  dispose(): void {
    this.#feed.dispose()
    this.#terminal.dispose()
  }
}

type Cell = ReturnType<headless.Terminal['buffer']['active']['getNullCell']>

/** A plain cell as its character, any other with all that it has. */
function describe(cell: Cell): string {
  const flags = [
    cell.isBold(),
    cell.isItalic(),
    cell.isDim(),
    cell.isUnderline(),
    cell.isBlink(),
    cell.isInverse(),
    cell.isInvisible(),
    cell.isStrikethrough(),
    cell.isOverline(),
  ].map((flag) => (flag ? 1 : 0))
  const chars = cell.getChars() || ' '
  if (cell.isAttributeDefault() && cell.getWidth() === 1) return chars
  const colours = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()]
  return `{${chars}|${cell.getWidth()}|${flags.join('')}|${colours.join(',')}}`
}

/** The first lines in which two screens differ, for a person; empty if they are equal. */
export function difference(one: readonly string[], other: readonly string[]): string {
  const lines: string[] = []
  for (let y = 0; y < Math.max(one.length, other.length) && lines.length < 12; y++) {
    if (one[y] !== other[y]) lines.push(`line ${y - 1}`, `  - ${excerpt(one[y])}`, `  + ${excerpt(other[y])}`)
  }
  return lines.join('\n')
}

function excerpt(line = 'none'): string {
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}
