/** Real programs on a real terminal behind a line that breaks: their whole output, then their exit; their whole input, in order. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ptyBackend } from '../../src/server/backends/pty.ts'
import { encodeUtf8 } from '../../src/protocol/utf8.ts'
import { seededRandom } from '../../src/testing/seededRandom.ts'
import { LENGTH } from '../length.ts'
import { cutByTheClock, planCuts, stopCutting } from './cutting.ts'
import { startSite, type Site } from './site.ts'
import { until } from './until.ts'
import type { Visitor } from './visitor.ts'
import { sumOf } from './witness.ts'

const { real } = LENGTH

let site: Site | null = null
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torture-'))
})

afterEach(async () => {
  stopCutting()
  await site?.close()
  site = null
  rmSync(folder, { recursive: true, force: true })
})

/** A site whose program is a line of bash. */
async function bash(line: string): Promise<Site> {
  const backend = (env: Readonly<Record<string, string>>) =>
    ptyBackend({ graceMs: 500, command: () => ({ file: '/bin/bash', args: ['--norc', '-c', line], cwd: folder, env }) })
  site = await startSite({ backend })
  return site
}

function file(name: string): string {
  return join(folder, name)
}

describe('the output of a program (invariant 1, the rows "flood" and "exit while away")', () => {
  test(`seq 1 ${real.count} under cuts is what it is without, and its exit status comes after its last byte`, async () => {
    // What the terminal makes of it: its driver ends lines with CR LF.
    const direct = sumOf(
      Buffer.from(
        execFileSync('seq', ['1', String(real.count)], { maxBuffer: 2 ** 30, encoding: 'latin1' }).replaceAll('\n', '\r\n'),
      ),
    )
    const at = await bash(`seq 1 ${real.count}; exit 7`)
    const random = seededRandom('seq')
    planCuts(at.link, random, { count: 20, most: direct.bytes / 12, direction: 'down' })
    at.link.throttle(4 * 1024 * 1024)
    const stop = cutByTheClock(at.link, random)
    const visitor = at.visit({ keepText: false })
    await visitor.until(() => visitor.end !== null, 'the program ends', 600_000)
    stop()
    expect(visitor.output.sum()).toEqual(direct)
    expect(visitor.end).toMatchObject({ reason: 'shell_exit', exit: { code: 7 } })
    expect(visitor.outputAtEnd).toBe(direct.bytes)
    expect(visitor.missing).toBe(0)
    expect(visitor.reconnects).toBeGreaterThanOrEqual(5)
    expect(at.seen).toHaveLength(1)
  })

  const PRINTED = 2 * 1024 * 1024
  /** 2 MiB without a line end, so that the driver changes nothing. */
  const PRINTS = `head -c ${PRINTED / 2} /dev/zero | tr '\\0' a; head -c ${PRINTED / 2} /dev/zero | tr '\\0' b; exit 9`

  function printed(): ReturnType<typeof sumOf> {
    return sumOf(Buffer.concat([Buffer.alloc(PRINTED / 2, 'a'), Buffer.alloc(PRINTED / 2, 'b')]))
  }

  test(`${real.exits} exits with 2 MiB that the page has not drawn: all of it, then the status`, async () => {
    const at = await bash(PRINTS)
    const random = seededRandom('unread')
    for (let i = 0; i < real.exits; i++) {
      const waiting: (() => void)[] = []
      let lazy = true
      const visitor = at.visit({
        allocationId: `box${i}`,
        keepText: false,
        draw: (output, channel) => (lazy ? waiting.push(() => channel.consumed(output.end)) : channel.consumed(output.end)),
      })
      await visitor.until(() => visitor.output.bytes >= 256 * 1024, 'the window is full')
      if (i % 2 === 0) {
        // The line breaks while the program waits for a page that draws.
        at.link.cut({ after: random.int(0, 500), direction: 'up' })
        visitor.channel.resize({ cols: 81, rows: 25 })
      }
      expect(visitor.end).toBeNull()
      lazy = false
      for (const draw of waiting) draw()
      await visitor.until(() => visitor.end !== null, 'the program ends')
      expect(visitor.output.sum()).toEqual(printed())
      expect(visitor.end).toMatchObject({ reason: 'shell_exit', exit: { code: 9 } })
      visitor.leave()
      at.link.restore()
    }
  })

  test(`${real.exits} exits while the page is away: all output, then the status`, async () => {
    const at = await bash(`stty -echo; printf ready; while [ ! -e go ]; do sleep 0.01; done; ${PRINTS}`)
    for (let i = 0; i < real.exits; i++) {
      rmSync(file('go'), { force: true })
      const visitor = at.visit({ allocationId: `box${i}` })
      await visitor.reads('ready')
      at.link.refuse(true)
      at.link.cut()
      await visitor.until(() => at.server.stats().attached === 0, 'the server knows that the page is away')
      writeFileSync(file('go'), '')
      await visitor.until(() => at.seen.every(({ exit }) => exit !== null), 'the program exits by itself, with nobody there')
      expect(at.server.stats().held).toBeGreaterThanOrEqual(PRINTED)
      expect(visitor.end).toBeNull()
      at.link.refuse(false)
      await visitor.until(() => visitor.end !== null, 'the page hears of the end')
      expect(visitor.output.bytes).toBe('ready'.length + PRINTED)
      expect(visitor.output.sum()).toEqual(at.seen[i]?.output.sum())
      expect(visitor.outputAtEnd).toBe('ready'.length + PRINTED)
      expect(visitor.end).toMatchObject({ reason: 'shell_exit', exit: { code: 9 } })
      visitor.leave()
    }
  })

  test('stty size follows the page over cuts, also when it was resized while away', async () => {
    const at = await bash('stty -echo; echo ready; while read -r _; do stty size; done')
    const random = seededRandom('sizes')
    const visitor = at.visit()
    await visitor.reads('ready')
    for (let i = 0; i < 12; i++) {
      const size = { cols: 80 + i * 3, rows: 20 + i }
      if (i % 3 === 1) at.link.cut({ how: random.pick(['rst', 'fin'] as const) })
      if (i % 3 === 2) {
        at.link.refuse(true)
        at.link.cut()
        await visitor.until(() => visitor.connection.snapshot().status.phase === 'lost', 'the page is away')
      }
      visitor.channel.resize({ cols: 5, rows: 5 })
      visitor.channel.resize(size)
      at.link.refuse(false)
      await visitor.ready()
      visitor.type('\n')
      await visitor.reads(`\r\n${size.rows} ${size.cols}\r\n`)
    }
    // Neither a second answer nor the size in between.
    expect(visitor.text.match(/\d+ \d+\r\n/g)).toHaveLength(12)
    expect(visitor.text).not.toContain('5 5\r\n')
  })
})

describe('the input of a program (invariants 1 and 6, the row "paste of 10 MB")', () => {
  /** Lines of base64, shorter than the 4096 bytes that a terminal's line may have. */
  function lines(bytes: number, seed: string): Uint8Array<ArrayBuffer> {
    const random = seededRandom(seed)
    const raw = Buffer.from(random.bytes(Math.ceil((bytes * 3) / 4))).toString('base64')
    return encodeUtf8(raw.replace(/.{2000}/g, '$&\n') + '\n')
  }

  /** What it says once it reads, so that nothing is typed into a shell that is not that far. */
  const READS = 'stty -echo; printf reading; cat > got'

  async function reading(line: string): Promise<{ readonly at: Site; readonly visitor: Visitor }> {
    const at = await bash(line)
    const visitor = at.visit()
    await visitor.reads('reading')
    return { at, visitor }
  }

  test(`${real.pasteBytes} bytes into cat > file, in lines, while cuts happen`, async () => {
    const { at, visitor } = await reading(`${READS}; exit 3`)
    const random = seededRandom('paste')
    const bytes = lines(real.pasteBytes, 'paste')
    planCuts(at.link, random, { count: 20, most: bytes.length / 12, direction: 'up' })
    at.link.cut({ direction: 'up', after: random.int(1, bytes.length / 12) })
    const stop = cutByTheClock(at.link, random)
    const paste = await visitor.paste(bytes)
    await visitor.until(() => paste.sent() === bytes.length, 'the paste is handed over', 600_000)
    expect(await paste.done).toEqual({ sent: bytes.length, complete: true })
    await visitor.ready()
    visitor.type('\x04')
    await visitor.until(() => visitor.end !== null, 'cat has read the end', 600_000)
    stop()
    expect(visitor.end).toMatchObject({ exit: { code: 3 } })
    expect(sumOf(readFileSync(file('got')))).toEqual(sumOf(bytes))
    expect(visitor.unsentBytes).toBe(0)
    expect(visitor.reconnects).toBeGreaterThanOrEqual(5)
  })

  test(`${real.pasteBytes} bytes of anything into a raw terminal while cuts happen`, async () => {
    const random = seededRandom('raw')
    const bytes = random.bytes(real.pasteBytes)
    const { at, visitor } = await reading(`stty raw -echo; printf reading; head -c ${bytes.length} > got; exit 4`)
    planCuts(at.link, random, { count: 20, most: bytes.length / 12, direction: 'up' })
    at.link.cut({ direction: 'up', after: random.int(1, bytes.length / 12) })
    await visitor.paste(bytes)
    await visitor.until(() => visitor.end !== null, 'head has read all', 600_000)
    expect(visitor.end).toMatchObject({ exit: { code: 4 } })
    expect(sumOf(readFileSync(file('got')))).toEqual(sumOf(bytes))
    expect(visitor.unsentBytes).toBe(0)
    expect(visitor.reconnects).toBeGreaterThanOrEqual(5)
  })

  test('a cancelled paste leaves a clean beginning of itself', async () => {
    const { at, visitor } = await reading('stty raw -echo; printf reading; cat > got')
    const bytes = seededRandom('cancelled').bytes(real.pasteBytes)
    const paste = await visitor.paste(bytes)
    await visitor.until(() => paste.sent() > bytes.length / 4, 'a part of it is on its way')
    at.link.cut()
    paste.cancel()
    const { sent, complete } = await paste.done
    expect(complete).toBe(false)
    expect(sent).toBeLessThan(bytes.length)
    await visitor.ready()
    visitor.type('and a key')
    const wanted = Buffer.concat([bytes.subarray(0, sent), Buffer.from('and a key')])
    await visitor.until(() => existsSync(file('got')) && readFileSync(file('got')).length >= wanted.length, 'cat has written it')
    expect(sumOf(readFileSync(file('got')))).toEqual(sumOf(wanted))
    expect(visitor.unsentBytes).toBe(0)
  })

  test('a key typed during a paste goes ahead of the rest of it', async () => {
    const bytes = seededRandom('overtaken').bytes(real.pasteBytes)
    const { at, visitor } = await reading(`stty raw -echo; printf reading; head -c ${bytes.length + 1} > got`)
    // A byte that stands nowhere else in the paste, as ^C would in a paste of text.
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === 3) bytes[i] = 4
    const paste = await visitor.paste(bytes)
    await visitor.until(() => paste.sent() > bytes.length / 4, 'a part of it is on its way')
    const before = paste.sent()
    expect(before).toBeLessThan(bytes.length)
    const queued = before - visitor.connection.stats().written
    visitor.type('\x03')
    at.link.cut()
    await visitor.until(() => visitor.end !== null, 'head has read all', 600_000)
    const got = readFileSync(file('got'))
    expect(got.indexOf(3)).toBe(before)
    expect(sumOf(Buffer.concat([got.subarray(0, before), got.subarray(before + 1)]))).toEqual(sumOf(bytes))
    // Ahead of it were the window and two slices, whatever the size of the paste.
    expect(queued).toBeLessThanOrEqual(64 * 1024 + 2 * 16 * 1024)
  })

  test('^C ends a program in the middle of a paste', async () => {
    const { visitor } = await reading('stty -echo; printf reading; exec cat > got')
    const bytes = lines(real.pasteBytes, 'interrupted')
    const paste = await visitor.paste(bytes)
    await visitor.until(() => paste.sent() > bytes.length / 4, 'a part of it is on its way')
    visitor.type('\x03')
    await visitor.until(() => visitor.end !== null, 'cat dies of it')
    expect(visitor.end).toMatchObject({ reason: 'shell_exit', exit: { sig: 'INT' } })
    const { sent, complete } = await paste.done
    expect(complete).toBe(false)
    const got = readFileSync(file('got'))
    expect(sumOf(got)).toEqual(sumOf(bytes.subarray(0, got.length)))
    expect(got.length).toBeLessThanOrEqual(sent)
  })
})

test('a person who leaves for good takes every process of the session along', async () => {
  const at = await bash('sleep 1000 & (trap "" HUP; sleep 1000) & printf ready; cat')
  const visitor = at.visit()
  await visitor.reads('ready')
  visitor.connection.disconnect()
  await until(() => at.server.stats().programs === 0, 'no program runs')
  expect(at.server.stats()).toMatchObject({ sessions: 0, programs: 0, attached: 0 })
  // That their processes are gone is what closing the site looks at.
})
