/** Full-screen programs over a line that breaks: the screen is, cell by cell, the one of the same program without a line. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TerminalSize } from '../../src/protocol/messages.ts'
import { encodeUtf8 } from '../../src/protocol/utf8.ts'
import { ptyBackend, type PtyCommand } from '../../src/server/backends/pty.ts'
import type { Backend, Program } from '../../src/server/ports.ts'
import { seededRandom, type SeededRandom } from '../../src/testing/seededRandom.ts'
import { LENGTH } from '../length.ts'
import { difference, Emulator } from './emulator.ts'
import { startSite, type Site } from './site.ts'
import { until } from './until.ts'
import type { Visitor } from './visitor.ts'

/** Keys and what they bring to the screen, or a new size. */
type Step = { readonly keys: string; readonly shows: string } | { readonly size: TerminalSize; readonly shows?: string }

interface FullScreen {
  readonly name: string
  /** The programs that it needs. */
  readonly needs: readonly string[]
  readonly command: (folder: string) => PtyCommand
  /** On the screen once it has started. */
  readonly shows: string
  readonly steps: readonly Step[]
  /** Keys that end it. */
  readonly quit: string
  /** Whatever it leaves behind by its nature. */
  readonly after?: (folder: string) => void
}

const START: TerminalSize = { cols: 80, rows: 24 }
const WIDE: TerminalSize = { cols: 113, rows: 37 }
const SMALL: TerminalSize = { cols: 61, rows: 18 }
const LAST: TerminalSize = { cols: 90, rows: 30 }

/** Lines with words, colours, wide characters and numbers of their own. */
function sample(colours: boolean): string {
  const lines = Array.from({ length: 800 }, (_, i) => {
    const words = `line ${i} int value${i} = ${i * 7}; /* 漢字 ${'word '.repeat(i % 23)}é */`
    return colours ? `\x1b[3${i % 8}m${words}\x1b[0m \x1b[1;4m${i}\x1b[0m` : words
  })
  return `${lines.join('\n')}\n`
}

const VIM: FullScreen = {
  name: 'vim',
  needs: ['vim'],
  command: (folder) => {
    writeFileSync(join(folder, 'text.c'), sample(false))
    return {
      file: 'vim',
      args: ['-u', 'NONE', '-i', 'NONE', '-nN', '-c', 'syntax on', '-c', 'set number hlsearch mouse=a', 'text.c'],
    }
  },
  shows: 'text.c',
  steps: [
    { keys: '/value77 \r', shows: 'value77 ' },
    { size: WIDE },
    { keys: ':split\r:7\r', shows: 'value6 ' },
    { keys: 'Oinserted 漢字 \u{1f600} here\x1b', shows: 'inserted' },
    { size: SMALL },
    { keys: 'V4j', shows: 'VISUAL LINE' },
    { keys: 'd:echo "the " . "mark"\r', shows: 'the mark' },
    { size: START },
    { keys: 'G', shows: 'value799 ' },
  ],
  quit: '\x1b:qa!\r',
}

const LESS: FullScreen = {
  name: 'less',
  needs: ['less'],
  command: (folder) => {
    writeFileSync(join(folder, 'text'), sample(true))
    return { file: 'less', args: ['-R', '-S', '-N', 'text'], env: { LESS: '', LESSHISTFILE: '-', LESSCHARSET: 'utf-8' } }
  },
  shows: 'value3 ',
  steps: [
    { keys: ' ', shows: 'value28 ' },
    { keys: '/value333 \r', shows: 'value333 ' },
    { size: WIDE },
    { keys: 'G', shows: 'value799 ' },
    { size: SMALL },
    { keys: '50g', shows: 'value49 ' },
    { keys: 'dd', shows: 'value76 ' },
  ],
  quit: 'q',
}

const TMUX: FullScreen = {
  name: 'tmux',
  needs: ['tmux', 'bash', 'seq'],
  command: (folder) => {
    const lines = [
      'set -g status-right ""',
      'set -g status-left "status "',
      'set -g status-interval 0',
      'set -g automatic-rename off',
      'set -g set-titles off',
      'set -g escape-time 50',
      'bind q kill-server',
      // Keys that come at once are keys, not a paste.
      'set -g assume-paste-time 0',
      // The prompt tells the pane, so that a new one is seen to be ready.
      `set -g default-command 'PS1="$TMUX_PANE> " bash --norc --noprofile'`,
    ]
    writeFileSync(join(folder, 'tmux.conf'), `${lines.join('\n')}\n`)
    return { file: 'tmux', args: ['-S', join(folder, 'socket'), '-f', join(folder, 'tmux.conf'), 'new-session', '-n', 'shell'] }
  },
  shows: '%0> ',
  steps: [
    { keys: 'seq 1 200\r', shows: '200\n%0> ' },
    { keys: '\x02%', shows: '│%1> ' },
    { keys: "printf '\\033[31mred \\033[7m漢字\\033[0m\\n'\r", shows: 'red 漢字\n' },
    { size: WIDE },
    { keys: '\x02"', shows: '│%2> ' },
    { keys: 'echo $((6*7)) panes\r', shows: '42 panes' },
    { size: SMALL },
    { keys: '\x02\x1b[D', shows: '%0> ' },
    { keys: 'echo l$((1))ft\r', shows: 'l1ft' },
    { size: START },
  ],
  quit: '\x02q',
  after: (folder) => {
    try {
      execFileSync('tmux', ['-S', join(folder, 'socket'), 'kill-server'], { stdio: 'ignore' })
    } catch {
      // It is gone, as it should be.
    }
  },
}

/** Frozen: no meter, no column that moves, one process that sleeps. */
function htop(pid: number): FullScreen {
  return {
    name: 'htop',
    needs: ['htop'],
    command: (folder) => {
      const lines = [
        'htop_version=3.2.2',
        'config_reader_min_version=3',
        'fields=0 48 17 18 1',
        'hide_userland_threads=1',
        'highlight_changes=0',
        'header_layout=two_50_50',
        'column_meters_0=Hostname',
        'column_meter_modes_0=2',
        'column_meters_1=',
        'column_meter_modes_1=',
        'screen:Main=PID USER PRIORITY NICE Command',
        '.sort_key=PID',
      ]
      writeFileSync(join(folder, 'htoprc'), `${lines.join('\n')}\n`)
      return { file: 'htop', args: ['-d', '100', '-p', String(pid)], env: { HTOPRC: join(folder, 'htoprc'), LANG: 'C.UTF-8' } }
    },
    shows: 'F10',
    steps: [
      { keys: '/sle', shows: 'Search: sle' },
      { size: WIDE },
      { keys: '\r', shows: 'F5' },
      { keys: 't', shows: 'F5List' },
      { size: SMALL },
      { keys: 'h', shows: 'Hisham' },
      // In there a new size counts as a key.
      { keys: 'h', shows: 'F5' },
      { size: START },
      { keys: '\x1bOQ', shows: 'Categories' },
    ],
    quit: '\x1b[21~q',
  }
}

/** No alternate screen: here what scrolled out is compared as well. */
const SHELL: FullScreen = {
  name: 'bash',
  needs: ['bash', 'seq'],
  command: (folder) => {
    writeFileSync(join(folder, 'rc'), "PS1='\\[\\033[1;32m\\]shell\\[\\033[0m\\]> '\n")
    return { file: 'bash', args: ['--noprofile', '--rcfile', 'rc', '-i'] }
  },
  shows: 'shell> ',
  steps: [
    { keys: 'seq 1 300\r', shows: '300\nshell> ' },
    {
      keys: 'for i in $(seq 40); do printf "\\033[38;5;${i}m$i 漢字 \\033[48;2;1;2;${i}mx\\033[0m"; done\r',
      shows: '40 漢字 xshell> ',
    },
    { keys: 'echo l$((1))st', shows: 'echo l$((1))st' },
    { keys: '\r', shows: 'l1st\nshell> ' },
  ],
  quit: '\x04',
}

let folder = ''
let site: Site | null = null
let sleeper: ChildProcess | null = null
let running: FullScreen | null = null
const emulators: Emulator[] = []
let direct: { readonly program: Program; readonly emulator: Emulator } | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'screens-'))
  for (const name of ['straight', 'through']) mkdirSync(join(folder, name))
  sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' })
})

afterEach(async () => {
  for (const where of ['straight', 'through']) running?.after?.(join(folder, where))
  direct?.program.kill()
  await until(() => direct === null || direct.emulator.exited, 'the program that was run straight is gone')
  direct = null
  const asleep = sleeper
  if (asleep) {
    const gone = new Promise((resolve) => asleep.once('exit', resolve))
    asleep.kill()
    await gone
  }
  await site?.close()
  site = null
  for (const emulator of emulators.splice(0)) emulator.dispose()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

function missing(needs: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return needs.find((name) => !folders.some((each) => isProgram(join(each, name))))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function backendFor(program: FullScreen, where: 'straight' | 'through', mark: Readonly<Record<string, string>> = {}): Backend {
  const cwd = join(folder, where)
  return ptyBackend({
    graceMs: 300,
    command: () => {
      const command = program.command(cwd)
      return { cwd, ...command, env: { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ...command.env, ...mark } }
    },
  })
}

/** The same program twice: straight into an emulator, and through everything. */
async function startBoth(program: FullScreen, tailBytes?: number): Promise<{ readonly straight: Emulator; readonly at: Site }> {
  running = program
  const straight = emulator()
  direct = { program: straight.run(backendFor(program, 'straight'), START), emulator: straight }
  const limits = tailBytes === undefined ? {} : { tailBytes }
  site = await startSite({ backend: (mark) => backendFor(program, 'through', mark), limits })
  return { straight, at: site }
}

function emulator(): Emulator {
  const one = new Emulator(START)
  emulators.push(one)
  return one
}

/** Waits until both show `shows` and the very same cells. */
async function same(
  straight: Emulator,
  through: Emulator,
  what: string,
  visitor: Visitor,
  shows = '',
  redrawn: () => boolean = () => true,
): Promise<void> {
  await until(
    () =>
      redrawn() &&
      straight.isIdle &&
      through.isIdle &&
      straight.text().includes(shows) &&
      difference(straight.cells(), through.cells()) === '',
    () =>
      `${what}: both show ${JSON.stringify(shows)} and the same.\n${difference(straight.cells(), through.cells())}\n` +
      `${straight.text()}\n${visitor.describe()}`,
    8_000,
  )
}

/** What a line can do around a step. */
const FAULTS = ['none', 'before', 'after', 'away', 'byte'] as const

async function disturb(at: Site, visitor: Visitor, random: SeededRandom, act: () => void): Promise<void> {
  const how = random.pick(['rst', 'fin'] as const)
  switch (random.pick(FAULTS)) {
    case 'none':
      return act()
    case 'before':
      at.link.cut({ how })
      return act()
    case 'after':
      act()
      return at.link.cut({ how })
    case 'byte':
      at.link.cut({ how, direction: random.pick(['up', 'down'] as const), after: random.int(1, 400) })
      return act()
    case 'away':
      at.link.refuse(true)
      at.link.cut({ how })
      await visitor.until(() => !visitor.isReady, 'the page is away')
      act()
      at.link.refuse(false)
  }
}

async function walk(
  program: FullScreen,
  seed: string,
  disturbed: boolean,
  steps = program.steps,
  tailBytes?: number,
): Promise<void> {
  const { straight, at } = await startBoth(program, tailBytes)
  const random = seededRandom(seed)
  const allocationId = `screen ${seed}`.replaceAll(' ', '-')
  const page = { allocationId, storage: 'memory', size: START, draw: () => undefined } as const
  const visitor = at.visit(page)
  const through = emulator()
  through.show(visitor.channel)
  await same(straight, through, 'the start', visitor, program.shows)
  for (const [i, step] of steps.entries()) {
    const parsed = { straight: straight.parsed, through: through.parsed }
    const redrawn = (): boolean => straight.parsed > parsed.straight && through.parsed > parsed.through
    const act = (): void => {
      if ('keys' in step) {
        direct?.program.write(encodeUtf8(step.keys))
        visitor.type(step.keys)
      } else {
        straight.resize(step.size)
        direct?.program.resize(step.size)
        through.resize(step.size)
        visitor.channel.resize(step.size)
      }
    }
    if (disturbed) await disturb(at, visitor, random, act)
    else act()
    // A new size is over when both programs have drawn for it: keys that come in the middle of that get lost in some.
    await same(straight, through, `step ${i} ${JSON.stringify(step)}`, visitor, step.shows, redrawn)
  }
  // Warm: the emulator lives on.
  const before = visitor.reconnects
  at.link.restore()
  at.link.cut()
  await visitor.resumedAfter(before)
  await same(straight, through, 'a warm resume', visitor)
  // Cold: another page with a new emulator and nothing but the token.
  visitor.leave()
  const size = steps.findLast((step) => 'size' in step)
  const again = at.visit({ ...page, size: size && 'size' in size ? size.size : START })
  const anew = emulator()
  anew.show(again.channel)
  await again.ready()
  expect(again.resets).toBe(1)
  await again.until(() => anew.parsed >= through.parsed && anew.isIdle, 'the replay is drawn')
  const sizes = new Set(steps.flatMap((step) => ('size' in step ? [step.size] : [])))
  if (sizes.size > 0) {
    // The bytes were made for several sizes and are replayed in one: what a program drew for another is out of place until
    // it draws again, as it does for the next new size.
    const parsed = { straight: straight.parsed, anew: anew.parsed }
    straight.resize(LAST)
    direct?.program.resize(LAST)
    anew.resize(LAST)
    again.channel.resize(LAST)
    const redrawn = (): boolean => straight.parsed > parsed.straight && anew.parsed > parsed.anew
    await same(straight, anew, 'a cold resume and a new size', again, '', redrawn)
  } else await same(straight, anew, 'a cold resume', again)
  expect(again.missing).toBe(0)
  expect(at.seen).toHaveLength(1)
  again.type(program.quit)
  await again.until(() => again.end !== null, 'it ends on its own key')
  direct?.program.write(encodeUtf8(program.quit))
  await until(() => straight.exited, 'the other one too')
  await same(straight, anew, 'what it leaves', again)
}

describe('the screen of a full-screen program (invariants 1 and 9)', () => {
  const programs = [VIM, LESS, TMUX, SHELL, htop(0)]
  for (const { name, needs, steps } of programs) {
    const sizes = steps.some((step) => 'size' in step) ? ' and with sizes that change' : ''
    const without = missing(needs)
    const title = without === undefined ? '' : ` (skipped: there is no ${without} here)`
    const program = (): FullScreen => {
      const found = name === 'htop' ? htop(sleeper?.pid ?? 0) : programs.find((one) => one.name === name)
      if (found === undefined) throw new Error(`There is no ${name}.`)
      return found
    }
    test.skipIf(without !== undefined)(`${name}, over a line that breaks${sizes}${title}`, async () => {
      for (let round = 0; round < LENGTH.real.screenRounds; round++) {
        await walk(program(), `${name} ${round}`, true)
        await site?.close()
        site = null
      }
    })

    test.skipIf(without !== undefined)(`${name}, restored by another page in one size${title}`, async () => {
      const steady = program().steps.filter((step) => 'keys' in step)
      await walk(program(), `${name} steady`, false, steady)
    })

    // Of what a shell has printed only the end comes back, and a message of vim's is gone whenever it draws anew.
    if (name === SHELL.name || name === VIM.name) continue
    test.skipIf(without !== undefined)(`${name}, restored from the end of its output${title}`, async () => {
      const steady = program().steps.filter((step) => 'keys' in step)
      for (const tailBytes of [0, 100, 1000]) {
        await walk(program(), `${name} end ${tailBytes}`, false, steady, tailBytes)
        await site?.close()
        site = null
      }
    })
  }
})
