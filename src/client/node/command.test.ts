/** The command, as somebody types it. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { world } from '../../testing/clientWorld.ts'
import { VERSION } from '../version.ts'
import { runCli } from './command.ts'

let folder = ''
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'terminal-replay-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

function report(): string {
  const w = world()
  w.ready()
  w.socket.events.closed(1006, '')
  return JSON.stringify(w.runner.report())
}

test('replays a report and says that it did the same', async () => {
  const { lines, code } = await runCli(['replay', await file('good.json', report())])
  expect(code).toBe(0)
  expect(lines[0]).toContain(`Bug report of @nimbus/terminal ${VERSION}`)
  expect(lines.at(-1)).toContain('The machine did the same')
})

test('leaves 1 where the machine does something else', async () => {
  const path = await file('changed.json', report().replace('"code":1006,"epoch"', '"code":4004,"epoch"'))
  const { lines, code } = await runCli(['replay', path])
  expect(code).toBe(1)
  expect(lines.join('\n')).toContain('The machine did something else at event')
})

test.each([
  ['no file', async () => join(folder, 'absent.json'), /There is no file/],
  ['a folder', async () => folder, /is a folder/],
  ['half a file', () => file('half.json', report().slice(0, 500)), /cannot be replayed. It is not JSON/],
  ['another JSON', () => file('other.json', '{}'), /no bug report of this terminal/],
] as const)('leaves 2 and a sentence for %s', async (_, path, sentence) => {
  const { lines, code } = await runCli(['replay', await path()])
  expect([code, lines.length]).toEqual([2, 1])
  expect(lines[0]).toMatch(sentence)
})

test.each([[[]], [['replay']], [['replay', 'a', 'b']], [['replay', 'a', '--fast']], [['paint', 'a']]])(
  'leaves 2 and says how to use it for %j',
  async (args) => {
    const { lines, code } = await runCli(args)
    expect(code).toBe(2)
    expect(lines.join('\n')).toContain('replay <report.json>')
  },
)

test('says its version and its use', async () => {
  expect(await runCli(['--version'])).toEqual({ lines: [VERSION], code: 0 })
  expect((await runCli(['--help'])).code).toBe(0)
})

test('as a process it prints and exits with the code', async () => {
  const path = await file('process.json', report())
  const run = (...args: string[]) =>
    new Promise<{ code: unknown; out: string; err: string }>((resolve) =>
      execFile(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args], (error, out, err) =>
        resolve({ code: error === null ? 0 : error.code, out, err }),
      ),
    )
  const good = await run('replay', path)
  expect([good.code, good.out]).toEqual([0, expect.stringContaining('The machine did the same')])
  const bad = await run('replay', `${path}x`)
  expect([bad.code, bad.out, bad.err]).toEqual([2, '', `There is no file ${path}x.\n`])
}, 60_000)
