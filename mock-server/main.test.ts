/** The command: what it prints, how it fails, and that it goes when it is told to. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { scripts } from './scripts.ts'

// Each starts a process.
vi.setConfig({ testTimeout: 60_000 })

const MAIN = join(import.meta.dirname, 'main.ts')

interface Ran {
  readonly code: number | string | null
  readonly out: string
  readonly problems: string
}

function run(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--no-warnings', MAIN, ...args], (error, out, problems) =>
      resolve({ code: error === null ? 0 : (error.code ?? null), out, problems }),
    )
  })
}

describe('npm run mock-server', () => {
  it('lists every script with its sentence and with who uses it', async () => {
    const { code, out } = await run('--list')
    expect(code).toBe(0)
    for (const { name, sentence } of scripts)
      expect(out).toMatch(new RegExp(`^${name} +${sentence.replaceAll(/[.*+?^$()]/g, '\\$&')}$`, 'm'))
    expect(out).toContain('e2e/scripts.test.ts')
  })

  it('tells of its options', async () => {
    const { code, out } = await run('--help')
    expect(code).toBe(0)
    expect(out).toContain('--script NAME')
  })

  it.each([
    [['--script', 'flod'], 'Did you mean flood?'],
    [['--port', 'x'], '--port must be a number from 0 to 65535; it is "x".'],
    [['--nonsense'], '--script NAME'],
  ])('says what is wrong with %j', async (args, sentence) => {
    const { code, out, problems } = await run(...args)
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(problems).toContain(sentence)
    expect(problems).not.toContain('    at ')
  })

  it('says where it is, answers there, and goes at Ctrl-C', async () => {
    const child = spawn(process.execPath, ['--no-warnings', MAIN, '--port', '0', '--script', 'full-screen'], { stdio: 'pipe' })
    try {
      let out = ''
      child.stdout.setEncoding('utf8')
      const ended = once(child, 'exit')
      for await (const piece of child.stdout) {
        out += piece
        if (out.includes('See what it did')) break
      }
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0]
      const answer: unknown = await (await fetch(`${url}/mock`)).json()
      expect(answer).toMatchObject({ script: { name: 'full-screen' } })
      child.kill('SIGINT')
      expect(await ended).toEqual([0, null])
    } finally {
      child.kill('SIGKILL')
    }
  })
})
