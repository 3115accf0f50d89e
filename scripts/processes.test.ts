/** A process that outlives the command that started it is seen, also when it hides from its parent. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { canSeeProcesses, watchDescendants } from './processes.ts'

/** Starts a sleeper, detached and with no environment of ours, tells its number, waits for a line, and goes. */
const starter = `
  const child = require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: { PATH: process.env.PATH } })
  child.unref()
  console.log(child.pid)
  process.stdin.once('data', () => process.exit())
`

describe.runIf(canSeeProcesses)('watching processes', () => {
  it('sees a child that got away', async () => {
    const parent = spawn(process.execPath, ['-e', starter], { stdio: ['pipe', 'pipe', 'inherit'] })
    const [line] = await once(parent.stdout, 'data')
    const sleeper = Number(String(line))
    const watch = watchDescendants(parent.pid ?? 0, 'NO_SUCH_MARK=1', 300)
    parent.stdin.write('go\n')
    await once(parent, 'exit')
    try {
      expect(await watch.survivors()).toEqual([{ pid: sleeper, command: 'sleep 600' }])
    } finally {
      process.kill(sleeper, 'SIGKILL')
    }
  })

  it('has nothing to say of a command that cleans up', async () => {
    const parent = spawn(process.execPath, ['-e', `require('node:child_process').spawnSync('sleep', ['0.3'])`])
    const watch = watchDescendants(parent.pid ?? 0, 'NO_SUCH_MARK=1')
    await once(parent, 'exit')
    expect(await watch.survivors()).toEqual([])
  })
})
