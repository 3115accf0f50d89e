/** The programs of the scripted shell. Each is a generator: it yields what it prints and what it waits for, and returns its exit code. */
import type { TerminalSize } from '../../src/protocol/messages.ts'
import type { ProgramExit } from '../../src/server/ports.ts'
import type { SeededRandom } from '../../src/testing/seededRandom.ts'
import { cellsOf } from './cells.ts'
import { lookUp, resolvePath } from './files.ts'
import type { Key } from './keys.ts'

/** What a program asks of the shell: text to print, with CR LF at the ends of its lines, or something to wait for. */
export type Wish =
  | string
  | { readonly sleepMs: number }
  /** A key, or the news that the size has changed; null if none comes in time. */
  | { readonly key: true; readonly withinMs?: number }
  /** The shell itself ends. */
  | { readonly exit: ProgramExit }

export type Heard = Key | 'resized' | null
export type Running = Generator<Wish, number, Heard>

/** What a program may know and change. */
export interface World {
  cwd: string
  /** Exit code of the command before. */
  readonly status: number
  readonly size: TerminalSize
  readonly random: SeededRandom
  readonly env: Readonly<Record<string, string>>
}

export interface Command {
  /** Behind the name, as `help` shows it. */
  readonly usage: string
  readonly does: string
  run(world: World, args: readonly string[]): Running
}

const ESC = '\x1b'
const BEL = '\x07'
const NL = '\r\n'

const osc = (text: string): string => `${ESC}]${text}${BEL}`
const sgr = (code: string, text: string): string => `${ESC}[${code}m${text}${ESC}[0m`

/** Lines of a file, as a terminal wants them. */
const lines = (text: string): string => text.replaceAll('\n', NL)

function* fail(name: string, sentence: string, code = 1): Running {
  yield `${name}: ${sentence}${NL}`
  return code
}

/** A number that an argument names, or null. */
function numberOf(word: string | undefined, absent: number): number | null {
  if (word === undefined) return absent
  return /^-?\d{1,9}(?:\.\d{1,3})?$/.test(word) ? Number(word) : null
}

function* echo(_: World, args: readonly string[]): Running {
  const flags = args.slice(0, args.findIndex((arg) => !/^-[neE]+$/.test(arg)) >>> 0)
  const has = (letter: string): boolean => flags.some((flag) => flag.includes(letter))
  const text = args.slice(flags.length).join(' ')
  const { printed, stopped } = has('e') ? unescaped(text) : { printed: text, stopped: false }
  yield lines(printed) + (has('n') || stopped ? '' : NL)
  return 0
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: ESC,
  f: '\f',
  v: '\v',
  '\\': '\\',
}

/** What `echo -e` makes of backslashes; `\c` ends the output at once. */
function unescaped(text: string): { readonly printed: string; readonly stopped: boolean } {
  let printed = ''
  let end = 0
  for (const { 0: whole, 1: name, 2: hex, 3: octal, index } of text.matchAll(
    /\\(?:([ntrabefv\\c])|x([0-9a-fA-F]{1,2})|0([0-7]{1,3}))/g,
  )) {
    printed += text.slice(end, index)
    if (name === 'c') return { printed, stopped: true }
    if (name !== undefined) printed += ESCAPES[name] ?? ''
    else printed += String.fromCharCode(hex === undefined ? parseInt(octal ?? '0', 8) % 256 : parseInt(hex, 16))
    end = index + whole.length
  }
  return { printed: printed + text.slice(end), stopped: false }
}

function* ls(world: World, args: readonly string[]): Running {
  const path = resolvePath(world.cwd, args.find((arg) => !arg.startsWith('-')) ?? '.')
  const entry = lookUp(path)
  if (entry === null) return yield* fail('ls', `${args.at(-1)}: there is no such file`)
  if ('text' in entry) {
    yield `${path.split('/').at(-1)}${NL}`
    return 0
  }
  const names = Object.keys(entry.entries).sort()
  const isFolder = (name: string): boolean => 'entries' in (entry.entries[name] ?? {})
  const shown = names.map((name) => (isFolder(name) ? sgr('1;34', `${name}/`) : name))
  const widths = names.map((name) => cellsOf(name) + (isFolder(name) ? 1 : 0))
  yield args.includes('-1') ? shown.map((name) => name + NL).join('') : inColumns(shown, widths, world.size.cols)
  return 0
}

/** As many columns as fit, filled row by row. */
function inColumns(shown: readonly string[], widths: readonly number[], cols: number): string {
  const width = Math.max(0, ...widths) + 2
  const perRow = Math.max(1, Math.floor(cols / width))
  return shown
    .map((name, i) => {
      const isLast = i % perRow === perRow - 1 || i === shown.length - 1
      return name + (isLast ? NL : ' '.repeat(width - (widths[i] ?? 0)))
    })
    .join('')
}

function* cat(world: World, args: readonly string[]): Running {
  if (args.length === 0) return yield* fail('cat', 'say a file', 2)
  let status = 0
  for (const arg of args) {
    const entry = lookUp(resolvePath(world.cwd, arg))
    if (entry !== null && 'text' in entry) yield lines(entry.text)
    else status = yield* fail('cat', `${arg}: ${entry === null ? 'there is no such file' : 'that is a folder'}`)
  }
  return status
}

function* cd(world: World, [path = '~']: readonly string[]): Running {
  const target = resolvePath(world.cwd, path)
  const entry = lookUp(target)
  if (entry === null) return yield* fail('cd', `${path}: there is no such folder`)
  if ('text' in entry) return yield* fail('cd', `${path}: that is no folder`)
  world.cwd = target
  return 0
}

function* seq(_: World, args: readonly string[]): Running {
  const [a, b, c] = args.map((arg) => numberOf(arg, 0))
  const first = b === undefined ? 1 : a
  const step = c === undefined ? 1 : b
  const last = c ?? b ?? a
  if (args.length > 3 || typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number' || step === 0)
    return yield* fail('seq', 'say a last number, a first and a last, or a first, a step and a last', 2)
  for (let n = first; step > 0 ? n <= last : n >= last; n += step) yield `${n}${NL}`
  return 0
}

function* yes(_: World, args: readonly string[]): Running {
  const line = `${args.join(' ') || 'y'}${NL}`
  for (;;) yield line
}

function* sleep(_: World, [seconds]: readonly string[]): Running {
  const time = numberOf(seconds, 1)
  if (time === null || time < 0) return yield* fail('sleep', 'say a number of seconds', 2)
  yield { sleepMs: time * 1000 }
  return 0
}

function* exit(world: World, [code]: readonly string[]): Running {
  const number = numberOf(code, world.status)
  if (number === null) return yield* fail('exit', `${code}: say a number`, 2)
  yield { exit: { code: number & 255 } }
  return 0
}

const SIGNAL = /^-(?:SIG)?(INT|TERM|HUP|QUIT|KILL)$/

function* kill(_: World, [name = '-TERM']: readonly string[]): Running {
  const sig = SIGNAL.exec(name)?.[1]
  if (sig === undefined) return yield* fail('kill', `${name}: say -TERM, -HUP, -INT, -QUIT or -KILL`, 2)
  yield { exit: { sig } }
  return 0
}

function* colours(): Running {
  const cell = (code: string, text: string): string => `${ESC}[${code}m${text}${ESC}[0m`
  for (const base of [40, 100]) yield Array.from({ length: 8 }, (_, i) => cell(`${base + i}`, '    ')).join('') + NL
  for (const base of [30, 90]) yield Array.from({ length: 8 }, (_, i) => cell(`${base + i}`, 'Tea ')).join('') + NL
  for (let row = 0; row < 6; row++)
    yield Array.from({ length: 36 }, (_, i) => cell(`48;5;${16 + row * 36 + i}`, ' ')).join('') + NL
  yield Array.from({ length: 24 }, (_, i) => cell(`48;5;${232 + i}`, ' ')).join('') + NL
  yield Array.from({ length: 48 }, (_, i) => cell(`48;2;${i * 5};${255 - i * 5};${128 + i}`, ' ')).join('') + NL
  const styles = { bold: 1, dim: 2, italic: 3, underlined: 4, inverse: 7, struck: 9 }
  yield (
    Object.entries(styles)
      .map(([name, code]) => cell(`${code}`, name))
      .join(' ') + NL
  )
  return 0
}

/** A program on the whole screen: it shows its size, draws itself again when that changes, and ends with q. */
function* full(world: World): Running {
  yield `${ESC}[?1049h${ESC}[?25l`
  try {
    for (let isOver = false; !isOver;) {
      yield drawing(world.size)
      const heard = yield { key: true }
      isOver = heard !== null && heard !== 'resized' && heard.kind === 'text' && heard.text === 'q'
    }
    return 0
  } finally {
    yield `${ESC}[?25h${ESC}[?1049l`
  }
}

function drawing({ cols, rows }: TerminalSize): string {
  const sides = Math.max(0, cols - 2)
  const row = (left: string, middle: string, right: string): string =>
    cols < 2 ? ' '.repeat(cols) : left + middle.repeat(sides).slice(0, sides) + right
  const word = `${cols} × ${rows}`
  const hint = 'q quits'
  const centred = (text: string, line: number): string =>
    text.length > sides ? '' : `${ESC}[${line};${Math.floor((cols - text.length) / 2) + 1}H${text}`
  const all = Array.from({ length: rows }, (_, i) =>
    i === 0 ? row('┌', '─', '┐') : i === rows - 1 ? row('└', '─', '┘') : row('│', ' ', '│'),
  )
  const middle = Math.max(1, Math.ceil(rows / 2))
  return `${ESC}[H${all.join(NL)}${centred(word, middle)}${rows > 3 ? centred(hint, middle + 1) : ''}`
}

/** Every form of OSC 9;4. */
function* progress(_: World, [form = 'normal', percent]: readonly string[]): Running {
  const value = Math.min(100, Math.max(0, numberOf(percent, 68) ?? 68))
  switch (form) {
    case 'normal':
      for (let done = 0; done <= 100; done += 2) {
        yield `${osc(`9;4;1;${done}`)}\rinstalling tea ${String(done).padStart(3)}%`
        yield { sleepMs: 100 }
      }
      yield `${osc('9;4;0')}${NL}`
      return 0
    case 'set':
      yield osc(`9;4;1;${value}`)
      return 0
    case 'error':
      yield osc(`9;4;2;${value}`)
      return 0
    case 'busy':
      yield osc('9;4;3')
      return 0
    case 'paused':
      yield osc(`9;4;4;${value}`)
      return 0
    case 'off':
      yield osc('9;4;0')
      return 0
    default:
      return yield* fail('progress', `${form}: say normal, set, error, busy, paused or off`, 2)
  }
}

function* link(_: World, args: readonly string[]): Running {
  const [address = 'https://example.com/docs', ...words] = args
  yield `${ESC}]8;;${address}${ESC}\\${words.join(' ') || 'the docs'}${ESC}]8;;${ESC}\\${NL}`
  return 0
}

function* wide(): Running {
  yield `煎茶 300円 한국어 ｆｕｌｌ${NL}`
  yield `🍵 👩‍🌾 👨‍👩‍👧 🇯🇵 ❤️${NL}`
  yield `e\u0301 a\u0308\u0323 ก็ नमस्ते${NL}`
  return 0
}

function* title(_: World, args: readonly string[]): Running {
  yield osc(`2;${args.join(' ')}`)
  return 0
}

function* bell(): Running {
  yield BEL
  return 0
}

function* paste(_: World, [mode = '']: readonly string[]): Running {
  if (mode !== 'on' && mode !== 'off') return yield* fail('paste', 'say on or off', 2)
  yield `${ESC}[?2004${mode === 'on' ? 'h' : 'l'}`
  return 0
}

/** Asks the terminal for its attributes and for the place of its cursor, and shows what it says. */
function* query(): Running {
  yield `${ESC}[c${ESC}[6n`
  for (let answers = 0; answers < 2;) {
    const heard = yield { key: true, withinMs: 2000 }
    if (heard === null) return yield* fail('query', 'no answer')
    if (heard === 'resized' || heard.kind !== 'sequence') continue
    yield `ESC ${heard.text}${NL}`
    answers++
  }
  return 0
}

const SUBJECTS = ['cart', 'payment', 'stock', 'mail', 'search']
const VERBS = ['started', 'took 12 ms', 'took 48 ms', 'is slow', 'failed', 'is back']

/** Lines of a log, by chance from the seed. */
function* logs(world: World, [count]: readonly string[]): Running {
  const many = numberOf(count, 20)
  if (many === null || many < 0) return yield* fail('logs', 'say a number of lines', 2)
  for (let i = 1; i <= many; i++) {
    const verb = world.random.pick(VERBS)
    const level = verb === 'failed' ? sgr('31', 'ERROR') : verb === 'is slow' ? sgr('33', 'WARN ') : sgr('32', 'INFO ')
    yield `${String(i).padStart(5)} ${level} ${world.random.pick(SUBJECTS)} ${verb}${NL}`
  }
  return 0
}

function* env(world: World): Running {
  for (const [name, value] of Object.entries(world.env)) yield `${name}=${value}${NL}`
  return 0
}

function* clear(): Running {
  yield `${ESC}[H${ESC}[2J${ESC}[3J`
  return 0
}

function* pwd(world: World): Running {
  yield `${world.cwd}${NL}`
  return 0
}

function* size(world: World): Running {
  yield `${world.size.cols} x ${world.size.rows}${NL}`
  return 0
}

function* always(code: number): Running {
  yield ''
  return code
}

function* help(): Running {
  for (const [name, { usage, does }] of Object.entries(commands)) yield `${`${name} ${usage}`.trimEnd().padEnd(28)} ${does}${NL}`
  return 0
}

const command = (usage: string, does: string, run: Command['run']): Command => ({ usage, does, run })

/** Every program, by name. */
export const commands: Readonly<Record<string, Command>> = {
  bell: command('', 'rings', bell),
  cat: command('file…', 'prints files', cat),
  cd: command('[folder]', 'goes to a folder', cd),
  clear: command('', 'clears screen and scrollback', clear),
  colours: command('', 'shows 16, 256 and all colours', colours),
  echo: command('[-n] [-e] word…', 'prints words', echo),
  env: command('', 'shows the environment', env),
  exit: command('[n]', 'ends the shell', exit),
  false: command('', 'fails', () => always(1)),
  full: command('', 'fills the screen, follows its size', full),
  help: command('', 'shows this', help),
  kill: command('[-TERM]', 'ends the shell by a signal', kill),
  link: command('[address [words]]', 'prints a link', link),
  logs: command('[n]', 'prints lines of a log', logs),
  ls: command('[-1] [folder]', 'lists a folder', ls),
  paste: command('on | off', 'asks for bracketed pastes, or not', paste),
  progress: command('[normal | set n | error | busy | paused | off]', 'shows progress', progress),
  pwd: command('', 'says where you are', pwd),
  query: command('', 'asks the terminal who it is', query),
  seq: command('[first [step]] last', 'counts', seq),
  size: command('', 'says how large the terminal is', size),
  sleep: command('seconds', 'waits', sleep),
  title: command('words', 'names the window', title),
  true: command('', 'succeeds', () => always(0)),
  wide: command('', 'prints wide characters and emoji', wide),
  yes: command('[words]', 'repeats until Ctrl-C', yes),
}
