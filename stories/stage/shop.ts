/** The program in the stories: a shell in a little shop, with the screens of the panel's design and no process behind them. */
import type { CloseReason } from '../../src/protocol/closeReasons.ts'
import type { Backend, OpenRequest, Program, ProgramEvents, ProgramExit } from '../../src/server/ports.ts'

/** What one command prints, and how it goes on. */
interface Command {
  /** Lines, with `{green|…}` for colours. */
  readonly prints?: readonly string[]
  /** How the command ends; without it, it goes on running. */
  readonly exit?: number
  /** Asks for a password behind this, and echoes none of it. */
  readonly asks?: string
  /** The shell ends with it. */
  readonly ends?: true
}

const COMMANDS: Readonly<Record<string, Command>> = {
  'npm test': {
    prints: [
      '',
      ' {green|✓} cart adds an item {grey|(4 ms)}',
      ' {green|✓} cart keeps the price of the day {grey|(2 ms)}',
      ' {yellow|!} checkout is slow on a cold cache {grey|(1 204 ms)}',
      ' {green|3 passed}, {yellow|1 slow}, 0 failed',
    ],
    exit: 0,
  },
  'npm test -- checkout': {
    prints: [
      ' {green|✓} cart adds an item',
      ' {red|✗} checkout rounds to cents',
      '   {red|expected 19.99, got 19.990000000000002}',
    ],
    exit: 1,
  },
  'make deploy': {
    prints: [
      '{grey|12:04:31} build   {cyan|image} shop:41f9 ready',
      '{grey|12:04:33} push    layer 3 of 9 {grey|18.2 MB}',
      '{grey|12:04:35} push    layer 4 of 9 {grey|2.1 MB}',
      '{grey|12:04:36} {yellow|warn}    eu-2 answers slowly',
      '{grey|12:04:38} rollout {magenta|blue} → {green|green} 40%',
    ],
  },
  'make deploy --quiet': {
    prints: [
      '{grey|12:04:31} warn  2 packages are old',
      '{grey|12:04:33} push  layer 3 of 9',
      '{grey|12:04:36} warn  eu-2 answers slowly',
      '{grey|12:04:38} rollout {magenta|blue} → {green|green} 40%',
      '{grey|12:04:41} warn  eu-2 answers slowly',
    ],
  },
  'sudo make deploy': { asks: '[sudo] password for ana: ' },
  'npm install': { prints: ['{grey|fetching} 214 packages', '{grey|linking}  shop → node_modules'] },
  'git pull': { prints: ['Already up to date.'], exit: 0 },
  'git push': { prints: ['Everything up-to-date'], exit: 0 },
  'git status': { prints: ['nothing to commit, working tree clean'], exit: 0 },
  'node report.js': { prints: ['reading 48 files', '{red|Killed}'], exit: 137, ends: true },
  'deploy --status': {
    prints: [
      '{green|live}  shop:41f9 since 12:06',
      'How to go back: \x1b]8;;https://docs.example.com/deploy/rollback\x1b\\rollback guide\x1b]8;;\x1b\\',
    ],
    exit: 0,
  },
}

const COLOURS: Readonly<Record<string, number>> = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90 }

function painted(line: string): string {
  return line.replaceAll(
    /\{(\w+)\|([^}]*)\}/g,
    (_, colour: string, text: string) => `\x1b[${COLOURS[colour] ?? 39}m${text}\x1b[39m`,
  )
}

export interface ShopOptions {
  /** Commands that were run before anybody looked. */
  readonly history?: readonly string[]
  /** Printed behind all of that, as it is. */
  readonly then?: string
  /** It is asked to start and does not say that it has. */
  readonly neverStarts?: boolean
  /** It cannot be started, for this reason. */
  readonly fails?: CloseReason
  /** It cannot be paused, as some producers are. */
  readonly cannotWait?: boolean
}

/** The shells of a story, and what can be done to the youngest of them from behind. */
export interface Shops extends Backend {
  /** The program prints this by itself. */
  print(text: string): void
  /** It ends in a way that it did not choose. */
  exit(exit: ProgramExit): void
}

/** A shop for each terminal. */
export function shopBackend(options: ShopOptions = {}): Shops {
  let youngest: Shop | null = null
  return {
    pausable: options.cannotWait !== true,
    open(request, events) {
      youngest = new Shop(request, events, options)
      return youngest
    },
    print: (text) => youngest?.print(text),
    exit: (exit) => youngest?.exit(exit),
  }
}

const encoder = new TextEncoder()
const PROMPT = '\x1b]133;A\x07\x1b]7;file://shop/home/ana/shop\x07{green|ana@shop} {blue|~/shop} $ \x1b]133;B\x07'

type Mode = 'prompt' | 'running' | 'password'

class Shop implements Program {
  readonly #events: ProgramEvents
  readonly #waiting: string[] = []
  readonly #cannotWait: boolean
  #mode: Mode = 'prompt'
  #line = ''
  #paused = false
  #over = false

  constructor({ env }: OpenRequest, events: ProgramEvents, options: ShopOptions) {
    const { history = [], then = '', neverStarts = false, fails, cannotWait = false } = options
    this.#events = events
    this.#cannotWait = cannotWait
    if (neverStarts) return
    // A session hears nothing from inside its own call.
    queueMicrotask(() => {
      if (fails !== undefined) return events.failed(fails, 'It could not be started.')
      events.opened()
      this.print(`\x1b]0;bash\x07${env['GREETING'] ?? ''}`)
      this.#prompt()
      for (const command of history) this.#typed(`${command}\r`)
      this.print(then)
    })
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#over) return
    this.#typed(new TextDecoder().decode(bytes))
    queueMicrotask(() => this.#events.took(bytes.length))
  }

  resize(): void {}

  signal(signal: string): void {
    if (signal === 'INT') this.#typed('\x03')
    else this.exit({ sig: signal })
  }

  pause(): void {
    this.#paused = !this.#cannotWait
  }

  resume(): void {
    this.#paused = false
    this.#flush()
  }

  end(): void {
    this.exit({ sig: 'HUP' })
  }

  kill(): void {
    this.exit({ sig: 'KILL' })
  }

  #typed(text: string): void {
    for (const key of text) this.#key(key)
  }

  #key(key: string): void {
    if (key === '\x03') {
      this.print('^C\r\n')
      return this.#done(130)
    }
    if (key === '\r') return this.#enter()
    if (key === '\x7f') {
      if (this.#line !== '' && this.#mode !== 'password') this.print('\b \b')
      this.#line = this.#line.slice(0, -1)
    } else if (key >= ' ') {
      this.#line += key
      if (this.#mode !== 'password') this.print(key)
    }
  }

  #enter(): void {
    const line = this.#line.trim()
    this.#line = ''
    this.print('\r\n')
    if (this.#mode === 'running') return
    if (this.#mode === 'password') return this.#done(1)
    if (line === '') return this.#prompt()
    this.print('\x1b]133;C\x07')
    this.#run(line)
  }

  #run(line: string): void {
    this.#mode = 'running'
    const [word, number] = line.split(/\s+/)
    if (word === 'exit') {
      this.print('exit\r\n')
      return this.exit({ code: Number(number ?? 0) & 255 })
    }
    const command = COMMANDS[line] ?? { prints: [`${word}: not sold here; try \`npm test\` or \`exit\``], exit: 127 }
    for (const each of command.prints ?? []) this.print(`${painted(each)}\r\n`)
    if (command.ends) return this.exit({ code: command.exit })
    if (command.asks !== undefined) {
      this.print(command.asks)
      this.#mode = 'password'
    }
    if (command.exit !== undefined) this.#done(command.exit)
  }

  #done(code: number): void {
    this.#line = ''
    if (this.#mode !== 'prompt') this.print(`\x1b]133;D;${code}\x07`)
    this.#prompt()
  }

  #prompt(): void {
    this.#mode = 'prompt'
    this.print(painted(PROMPT))
  }

  print(text: string): void {
    if (text === '' || this.#over) return
    this.#waiting.push(text)
    this.#flush()
  }

  #flush(): void {
    while (!this.#paused && this.#waiting.length > 0) this.#events.output(1, encoder.encode(this.#waiting.shift()))
  }

  exit(exit: ProgramExit): void {
    if (this.#over) return
    this.#paused = false
    this.#flush()
    this.#over = true
    queueMicrotask(() => this.#events.exited(exit))
  }
}
