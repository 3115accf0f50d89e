/** The scripted shell as a backend: a program without a process that a person can use and a test can predict. */
import { STREAM, type TerminalSize } from '../../src/protocol/messages.ts'
import { encodeUtf8 } from '../../src/protocol/utf8.ts'
import type { Backend, Clock, OpenRequest, Program, ProgramEvents, ProgramExit } from '../../src/server/ports.ts'
import type { SeededRandom } from '../../src/testing/seededRandom.ts'
import type { ProgramPlan } from '../script.ts'
import { commands, type Heard, type Running, type Wish, type World } from './commands.ts'
import { HOME, shortPath } from './files.ts'
import { createKeyReader, type Key } from './keys.ts'
import { edit, EMPTY_LINE, leave, paperBehind, repaint, type Line } from './lineEditor.ts'
import { expand, parse, type SimpleCommand } from './parser.ts'

export interface ShellOptions {
  readonly clock: Pick<Clock, 'soon' | 'after'>
  readonly random: SeededRandom
  readonly plan?: ProgramPlan
}

/** A running shell, with what only its owner may do to it. */
export interface ShellProgram extends Program {
  /** Types into it. */
  type(text: string): void
  /** Prints, as a program in the background does. */
  print(text: string): void
  /** Ends it in a way that it did not choose. */
  finish(exit: ProgramExit): void
}

export interface ScriptedShell {
  readonly backend: Backend
  /** The shells that run, the oldest first. */
  running(): readonly ShellProgram[]
}

/** Starts shells. */
export function scriptedShell(options: ShellOptions): ScriptedShell {
  const running = new Set<Shell>()
  const { start, unpausable } = options.plan ?? {}
  return {
    running: () => [...running],
    backend: {
      pausable: unpausable !== true,
      open(request, events) {
        if (start === 'never') return neverThere(options.clock, events)
        if (start !== undefined) {
          options.clock.soon(() => events.failed(start, 'The script says so.'))
          return { ...NOTHING }
        }
        const shell = new Shell(request, events, options, () => running.delete(shell))
        running.add(shell)
        return shell
      },
    },
  }
}

const nothing = (): void => undefined

/** What is left of a program that could not be started. */
const NOTHING: Program = {
  write: nothing,
  resize: nothing,
  signal: nothing,
  pause: nothing,
  resume: nothing,
  end: nothing,
  kill: nothing,
}

/** A program that is being started for ever. It can only be given up. */
function neverThere(clock: ShellOptions['clock'], events: ProgramEvents): Program {
  let over = false
  const end = (sig: string): void => {
    if (!over) clock.soon(() => events.exited({ sig }))
    over = true
  }
  return {
    ...NOTHING,
    end: () => end('HUP'),
    kill: () => end('KILL'),
  }
}

const CTRL_C = 0x03
const INTERRUPT: Key = { kind: 'key', name: 'ctrl-c' }
const isInterrupt = (key: Key): boolean => key.kind === 'key' && key.name === INTERRUPT.name
/** Keys that wait for the end of a command. */
const MOST_KEYS_AHEAD = 4096
const CHUNK_BYTES = 4096
const ESC = '\x1b'

const osc = (text: string): string => `${ESC}]${text}\x07`
/** Marks of shell integration: A the prompt, B what is typed, C what is printed, D the end and its exit code. */
const mark = (what: string): string => osc(`133;${what}`)

interface Job {
  readonly running: Running
  /** What it waits for; `nothing` while it wants to print. */
  waits: 'nothing' | 'time' | 'key'
  cancelWait: () => void
}

class Shell implements ShellProgram {
  readonly #events: ProgramEvents
  readonly #clock: ShellOptions['clock']
  readonly #chunkBytes: number
  readonly #isPausable: boolean
  readonly #forget: () => void
  readonly #reader = createKeyReader()
  readonly #typist = createKeyReader()
  readonly #input: Uint8Array<ArrayBuffer>[] = []
  /** Keys that are read and not yet used. */
  readonly #keys: Key[] = []
  readonly #world: World & { status: number; size: TerminalSize }
  #line: Line = EMPTY_LINE
  /** What is left of the command line that runs. */
  #todo: SimpleCommand[] = []
  #job: Job | null = null
  /** Text for the next turn that may print. */
  #out: string[] = []
  #outLength = 0
  #opened = false
  #paused = false
  #exit: ProgramExit | null = null
  #cancelTurn: (() => void) | null = null

  constructor(request: OpenRequest, events: ProgramEvents, { clock, random, plan = {} }: ShellOptions, forget: () => void) {
    this.#events = events
    this.#clock = clock
    this.#chunkBytes = plan.chunkBytes ?? CHUNK_BYTES
    this.#isPausable = plan.unpausable !== true
    this.#forget = forget
    const env = { HOME, USER: 'ana', SHELL: 'sh', ...request.env }
    this.#world = { cwd: `${HOME}/shop`, status: 0, size: request.size, random: random.fork('programs'), env }
    if (plan.run !== undefined) this.type(`${plan.run}\r`)
    this.#wake()
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#exit !== null || bytes.length === 0) return
    this.#input.push(bytes)
    // ^C overtakes what the command has not read, as it does on a real terminal.
    if (this.#job !== null && bytes.includes(CTRL_C)) this.#takeAll(Infinity)
    this.#wake()
  }

  type(text: string): void {
    if (this.#exit !== null) return
    this.#use(this.#typist.read(encodeUtf8(text)))
    this.#wake()
  }

  print(text: string): void {
    if (this.#exit !== null) return
    this.#say(text.replaceAll('\n', '\r\n'))
    this.#wake()
  }

  resize(size: TerminalSize): void {
    this.#world.size = size
    if (this.#job?.waits === 'key') this.#hear('resized')
    this.#wake()
  }

  signal(signal: string): void {
    if (signal !== 'INT') return this.finish({ sig: signal })
    if (this.#exit !== null) return
    this.#use([INTERRUPT])
    this.#wake()
  }

  pause(): void {
    this.#paused = this.#isPausable
  }

  resume(): void {
    this.#paused = false
    this.#wake()
  }

  end(): void {
    this.finish({ sig: 'HUP' })
  }

  kill(): void {
    this.finish({ sig: 'KILL' })
  }

  finish(exit: ProgramExit): void {
    if (this.#exit !== null) return
    this.#exit = exit
    this.#job?.cancelWait()
    this.#cancelTurn?.()
    this.#forget()
    // The last words of a program come in spite of a pause.
    this.#cancelTurn = this.#clock.soon(() => {
      this.#flush()
      this.#events.exited(exit)
    })
  }

  // Turns

  #wake(): void {
    if (this.#exit !== null || this.#cancelTurn !== null || !this.#hasWork()) return
    this.#cancelTurn = this.#clock.soon(() => {
      this.#cancelTurn = null
      this.#turn()
      this.#wake()
    })
  }

  #hasWork(): boolean {
    if (!this.#opened) return true
    if (this.#input.length > 0 && this.#keys.length < MOST_KEYS_AHEAD) return true
    if (this.#paused) return false
    if (this.#outLength > 0 || this.#job?.waits === 'nothing') return true
    if (this.#job !== null && this.#keys.some(isInterrupt)) return true
    return this.#keys.length > 0 && this.#canUseKey()
  }

  #canUseKey(): boolean {
    return this.#job === null || this.#job.waits === 'key'
  }

  #turn(): void {
    if (!this.#opened) {
      this.#opened = true
      this.#events.opened()
      this.#say(osc('2;sh'))
      return this.#prompt()
    }
    this.#takeAll()
    if (this.#paused) return
    while (this.#exit === null && this.#outLength < this.#chunkBytes && this.#advance());
    this.#flush()
  }

  /** Does the smallest next thing. False if there is none. */
  #advance(): boolean {
    const interrupt = this.#job === null ? -1 : this.#keys.findIndex(isInterrupt)
    if (interrupt >= 0) {
      const behind = this.#keys.slice(interrupt + 1)
      this.#interrupt()
      this.#keys.push(...behind)
      return true
    }
    if (this.#job?.waits === 'nothing') {
      this.#pull(this.#job, null)
      return true
    }
    if (!this.#canUseKey()) return false
    const key = this.#keys.shift()
    if (key === undefined) return false
    if (this.#job === null) this.#press(key)
    else this.#hear(key)
    return true
  }

  #takeAll(mostKeys = MOST_KEYS_AHEAD): void {
    while (this.#keys.length < mostKeys) {
      const bytes = this.#input.shift()
      if (bytes === undefined) return
      this.#use(this.#reader.read(bytes))
      this.#events.took(bytes.length)
    }
  }

  /** Puts keys in line. ^C while a command runs takes those before it away. */
  #use(keys: readonly Key[]): void {
    for (const key of keys) {
      if (this.#job !== null && isInterrupt(key)) this.#interrupt()
      else this.#keys.push(key)
    }
  }

  #say(text: string): void {
    this.#out.push(text)
    this.#outLength += text.length
  }

  #flush(): void {
    if (this.#outLength === 0) return
    const text = this.#out.join('')
    this.#out = []
    this.#outLength = 0
    this.#events.output(STREAM.main, encodeUtf8(text))
  }

  // The prompt

  #promptText(): string {
    return `${shortPath(this.#world.cwd)} $ `
  }

  #prompt(): void {
    const folder = osc(`7;file://demo${encodeURI(this.#world.cwd)}`)
    this.#say(`${folder}${mark('A')}${ESC}[1;32m${shortPath(this.#world.cwd)}${ESC}[0m $ ${mark('B')}`)
  }

  #press(key: Key): void {
    const edited = edit(this.#line, key)
    const before = this.#line
    const paper = paperBehind(this.#promptText(), this.#world.size.cols)
    this.#line = edited.line
    switch (edited.wants) {
      case 'nothing':
        return this.#say(repaint(before, edited.line, paper))
      case 'bell':
        return this.#say(`${repaint(before, edited.line, paper)}\x07`)
      case 'interrupt':
        this.#say(`^C${leave(before, paper)}${mark('D;130')}`)
        this.#world.status = 130
        return this.#prompt()
      case 'clear':
        this.#say(`${ESC}[H${ESC}[2J`)
        this.#prompt()
        return this.#say(repaint({ ...EMPTY_LINE }, edited.line, paper))
      case 'end':
        this.#say(`exit\r\n${mark('C')}${mark('D;0')}`)
        return this.finish({ code: this.#world.status })
      case 'submit':
        this.#say(leave(before, paper))
        return this.#run(edited.text)
    }
  }

  // Commands

  #run(text: string): void {
    if (text.trim() === '') return this.#prompt()
    this.#say(mark('C'))
    const parsed = parse(text)
    if (!parsed.ok) {
      this.#say(`sh: ${parsed.problem}\r\n`)
      this.#world.status = 2
      return this.#done()
    }
    this.#todo = [...parsed.commands]
    this.#next()
  }

  #next(): void {
    for (let command = this.#todo.shift(); command !== undefined; command = this.#todo.shift()) {
      const hasFailed = this.#world.status !== 0
      if (command.runs === 'always' || (command.runs === 'after-failure') === hasFailed) return this.#start(command)
    }
    this.#done()
  }

  #done(): void {
    this.#say(mark(`D;${this.#world.status}`))
    this.#prompt()
  }

  #start({ words }: SimpleCommand): void {
    const [name = '', ...args] = words.map((word) => expand(word, (variable) => this.#valueOf(variable)))
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    this.#job = {
      running: command?.run(this.#world, args) ?? notFound(name),
      waits: 'nothing',
      cancelWait: nothing,
    }
  }

  #valueOf(variable: string): string {
    if (variable === '?') return String(this.#world.status)
    return variable === 'PWD' ? this.#world.cwd : (this.#world.env[variable] ?? '')
  }

  #hear(heard: Heard): void {
    const job = this.#job
    if (job === null) return
    job.cancelWait()
    job.waits = 'nothing'
    this.#pull(job, heard)
  }

  /** Lets the command go on to its next wish. */
  #pull(job: Job, heard: Heard): void {
    const { done, value } = job.running.next(heard)
    if (done === true) this.#ended(value)
    else this.#grant(job, value)
  }

  #ended(status: number): void {
    this.#job = null
    this.#world.status = status
    this.#next()
  }

  #grant(job: Job, wish: Wish): void {
    if (typeof wish === 'string') return this.#say(wish)
    if ('exit' in wish) {
      this.#say(mark(`D;${wish.exit.code ?? 128}`))
      return this.finish(wish.exit)
    }
    job.waits = 'key' in wish ? 'key' : 'time'
    const ms = 'key' in wish ? wish.withinMs : wish.sleepMs
    if (ms === undefined) return
    job.cancelWait = this.#clock.after(ms, () => {
      job.waits = 'nothing'
      job.cancelWait = nothing
      this.#wake()
    })
  }

  #interrupt(): void {
    const job = this.#job
    this.#keys.length = 0
    if (job === null) return
    job.cancelWait()
    this.#job = null
    this.#todo = []
    for (let { done, value } = job.running.return(130); done !== true; { done, value } = job.running.next(null))
      if (typeof value === 'string') this.#say(value)
    this.#say('^C\r\n')
    this.#world.status = 130
    this.#done()
  }
}

function* notFound(name: string): Running {
  yield `${name}: command not found\r\n`
  return 127
}
