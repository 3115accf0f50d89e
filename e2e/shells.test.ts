/** The lines of the documentation, as a person copies them, in the real shells of this machine: what each tells of its commands. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { NO_COMMANDS, stepCommands, type Command } from '../src/react/commands/commands.ts'
import { readShellMark } from '../src/react/commands/shellMarks.ts'
import { folderOfAddress, folderOfPath } from '../src/react/folder/folder.ts'
import { ptyBackend } from '../src/server/backends/pty.ts'
import type { Program } from '../src/server/ports.ts'
import { until } from '../src/testing/page/until.ts'

interface Shell {
  readonly name: 'bash' | 'zsh' | 'fish'
  /** Where the lines belong, below the home. */
  readonly rc: string
  /** What a person has there already: a prompt, and things that get in the way. */
  readonly before: string
  readonly twoRows: string
  /** It tells what was typed; the screen need not be read. */
  readonly tellsText: boolean
}

const shells: readonly Shell[] = [
  {
    name: 'bash',
    rc: '.bashrc',
    before: `mine() { PS1='$ '; }\nPROMPT_COMMAND='mine;'\n`,
    twoRows: 'for i in 1 2; do\n(exit $i); done',
    tellsText: false,
  },
  {
    name: 'zsh',
    rc: '.zshrc',
    before: `mine() { PS1='$ ' }\nprecmd_functions=(mine)\n`,
    twoRows: 'for i in 1 2; do\n(exit $i); done',
    tellsText: true,
  },
  {
    name: 'fish',
    rc: '.config/fish/config.fish',
    before: `function fish_greeting; end\nfunction fish_prompt; echo -n '$ '; end\n`,
    twoRows: 'for i in 1 2\nsh -c "exit $i"; end',
    tellsText: true,
  },
]

/** Blanks, and every character that one of the marks has a use for. */
const FOLDER = 'a;b %41\\x5c ü'

let homes = ''
const running = new Set<Program>()
beforeAll(async () => {
  homes = await realpath(await mkdtemp(join(tmpdir(), 'terminal-shells-')))
})
afterEach(() => {
  for (const program of running) program.kill()
  running.clear()
})
afterAll(() => rm(homes, { recursive: true, force: true }))

/** Everything that a shell with these lines in its settings has told. */
class Told {
  #program: Program
  #bytes = Buffer.alloc(0)

  constructor(file: string, home: string) {
    const backend = ptyBackend({
      command: () => ({ file, args: ['-i'], cwd: home, env: { HOME: home, HISTFILE: '' } }),
      graceMs: 100,
    })
    this.#program = backend.open(
      { allocation: 'shell', principal: { id: 'ana' }, target: { allocation: 'shell' }, size: { cols: 80, rows: 24 }, env: {} },
      {
        opened: () => {},
        failed: (_, message) => (this.#bytes = Buffer.from(message)),
        output: (_, bytes) => (this.#bytes = Buffer.concat([this.#bytes, bytes])),
        took: () => {},
        exited: () => {},
      },
    )
    running.add(this.#program)
  }

  type(keys: string): void {
    this.#program.write(new TextEncoder().encode(keys))
  }

  text(): string {
    return this.#bytes.toString()
  }

  /** Its commands as the panel knows them, and the folders it was in. */
  commands(): { readonly commands: readonly Command[]; readonly folders: readonly (string | null)[] } {
    let list = NO_COMMANDS
    const folders: (string | null)[] = []
    // oxlint-disable-next-line no-control-regex -- that is how such a sequence begins and ends
    for (const [, ident, data = ''] of this.text().matchAll(/\u001b\](7|133|633);([^\u0007\u001b]*)\u0007/g)) {
      const mark = ident === '7' ? null : readShellMark(ident === '133' ? 133 : 633, data)
      if (ident === '7') folders.push(folderOfAddress(data))
      else if (mark?.kind === 'folder') folders.push(folderOfPath(mark.path))
      else if (mark !== null) list = stepCommands(list, { mark, at: null, typed: () => '(read from the screen)' }).list
    }
    return { commands: list.commands, folders }
  }

  /** The last command is over, and the shell waits for the next one. */
  async over(count: number): Promise<readonly Command[]> {
    await until(
      `${count} commands that are over and a prompt`,
      () => this.commands().commands.map(({ phase }) => phase),
      (phases) => phases.filter((phase) => phase === 'done').length === count && phases.at(-1) === 'prompt',
    )
    return this.commands().commands.filter(({ phase }) => phase === 'done')
  }
}

const find = (name: string): string | undefined =>
  ['/bin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].map((folder) => join(folder, name)).find((file) => existsSync(file))

for (const { name, rc, before, twoRows, tellsText } of shells) {
  const file = find(name)
  const missing = file === undefined ? ` (${name} is not installed here)` : ''
  describe.skipIf(file === undefined)(`the lines for ${name}${missing}`, () => {
    async function start(times = 1): Promise<Told> {
      const docs = await readFile(new URL('../docs/shell-integration.md', import.meta.url), 'utf8')
      const lines = new RegExp(`\`\`\`${name}\\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1] ?? ''
      const home = await mkdtemp(join(homes, `${name}-`))
      await mkdir(join(home, rc, '..'), { recursive: true })
      await mkdir(join(home, FOLDER))
      await writeFile(join(home, rc), before + lines.repeat(times))
      const told = new Told(file ?? '', home)
      await told.over(0)
      return told
    }

    it('tell where each command begins, what it was and how it ended', async () => {
      const told = await start()
      const typed = ['true', 'sh -c "exit 3"', 'echo "x;\\\\y" ü', twoRows]
      for (const [index, command] of typed.entries()) {
        told.type(`${command.replaceAll('\n', '\r')}\r`)
        await told.over(index + 1)
      }
      const commands = await told.over(4)
      expect(commands.map(({ exitCode }) => exitCode)).toEqual([0, 3, 0, 2])
      if (tellsText)
        expect(commands.map(({ text }) => text.replaceAll(/\s+/g, ' '))).toEqual(typed.map((one) => one.replaceAll(/\s+/g, ' ')))
    })

    it('make no command of an empty line, and tell an interrupt', async () => {
      const told = await start()
      told.type('\r')
      told.type('sh -c "echo beg""un; sleep 60"\r')
      await until(
        'the command',
        () => told.text(),
        (text) => text.includes('begun\r\n'),
      )
      told.type('\u0003')
      expect((await told.over(1))[0]?.exitCode).toBe(130)
    })

    it('tell the folder, whatever its name is', async () => {
      const told = await start()
      told.type('cd a*\r')
      await told.over(1)
      expect(told.commands().folders.at(-1)?.split('/').at(-1)).toBe(FOLDER)
    })

    it('do the same when they are read twice', async () => {
      const told = await start(2)
      told.type('sh -c "exit 3"\r')
      await told.over(1)
      // oxlint-disable-next-line no-control-regex -- that is how such a sequence begins
      expect(
        told
          .text()
          .match(/\u001b\]133;[CD]/g)
          ?.slice(-2),
      ).toEqual(['\u001b]133;C', '\u001b]133;D'])
      // oxlint-disable-next-line no-control-regex -- that is how such a sequence begins
      expect(told.text().match(/\u001b\]133;C/g)).toHaveLength(1)
    })
  })
}
