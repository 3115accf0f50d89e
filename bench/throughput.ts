/** Throughput of three payloads through a PTY, against the emulator alone in the same page. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Parse } from './page/api.ts'
import { PAYLOADS, writePayload, type PayloadName } from './payloads.ts'
import { MiB, mib, range, spread, type Result, type Row } from './report.ts'
import { openTerminal, type Stage, type TerminalDriver } from './stage.ts'

type Way = 'parser' | 'feed' | 'pty'
const WAYS: readonly Way[] = ['parser', 'feed', 'pty']
/** Stands behind each payload and in none: the emulator draws nothing for it. */
const END = 0x01

interface Run extends Parse {
  readonly payload: PayloadName
  readonly way: Way
  readonly framesPerMiB?: number
  readonly flowsPerMiB?: number
  readonly serverMsPerMiB?: number
  readonly window?: number
}

export async function throughput(stage: Stage): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'terminal-bench-'))
  stage.later(() => rm(folder, { recursive: true, force: true }))
  const names = Object.keys(PAYLOADS) as PayloadName[] // the keys of a literal
  const share = stage.scale.quick ? 1 / 8 : 1
  for (const name of names) await writePayload(folder, name, share)
  const server = await stage.server({ payloads: folder })
  const page = await (await stage.browser()).newPage({ viewport: { width: 820, height: 640 } })
  const terminal = await openTerminal(page, server)
  await terminal.run('true')

  async function run(payload: PayloadName, way: Way): Promise<Run> {
    if (way !== 'pty') return { payload, way, ...(await parse(terminal, payload, way)) }
    const before = { counts: await terminal.ask((bench) => bench.counts()), usage: await server.usage() }
    const parsed = await print(terminal, `cat ${join(folder, payload)}.lf`)
    const after = { counts: await terminal.ask((bench) => bench.counts()), usage: await server.usage() }
    const size = parsed.bytes / MiB
    return {
      payload,
      way,
      ...parsed,
      framesPerMiB: (after.counts.frames - before.counts.frames) / size,
      flowsPerMiB: (after.counts.flows - before.counts.flows) / size,
      serverMsPerMiB: (after.usage.cpuMs - before.usage.cpuMs) / size,
      window: (await terminal.ask((bench) => bench.stats())).outputWindow,
    }
  }

  const runs: Run[] = []
  for (const payload of names) {
    await run(payload, 'pty') // everything is compiled once
    for (let round = 0; round < stage.scale.rounds; round++) for (const way of WAYS) runs.push(await run(payload, way))
    stage.note(`${payload}: ${stage.scale.rounds} rounds`)
  }
  return {
    method: `${names.map((name) => `${name} ${mib(PAYLOADS[name].mebibytes * share * MiB)}`).join(', ')}, ${stage.scale.rounds} rounds each, the three ways by turns: the emulator's synchronous write for 10 ms a task; the panel's feed from memory; cat on a PTY through server, socket and panel, from Enter until the last byte is parsed. DOM renderer.`,
    rows: names.flatMap((name) => rowsOf(name, runs)),
    raw: { runs },
  }
}

function rowsOf(name: PayloadName, runs: readonly Run[]): Row[] {
  const of = (way: Way): Run[] => runs.filter((run) => run.payload === name && run.way === way)
  const rate = (way: Way) => spread(of(way).map(({ bytes, ms }) => (bytes / MiB / ms) * 1000))
  const speed = (value: number): string => `${value.toFixed(1)} MiB/s`
  const feed = ratio(rate('feed').median, rate('parser').median)
  const pty = of('pty')
  const median = (key: 'framesPerMiB' | 'flowsPerMiB' | 'serverMsPerMiB'): string =>
    spread(pty.map((run) => run[key] ?? NaN)).median.toFixed(1)
  return [
    { name: `${name}: parser alone`, value: range(rate('parser'), speed) },
    { name: `${name}: feed`, value: range(rate('feed'), speed) },
    { name: `${name}: feed against parser`, value: feed.toFixed(2), goal: '≥ 0.95', met: feed >= 0.95 },
    {
      name: `${name}: worst frame gap of the feed`,
      value: `${Math.max(...of('feed').map((run) => run.worstGapMs)).toFixed(0)} ms`,
    },
    { name: `${name}: PTY`, value: range(rate('pty'), speed) },
    { name: `${name}: PTY against parser`, value: ratio(rate('pty').median, rate('parser').median).toFixed(2) },
    {
      name: `${name}: frames · flows · server ms a MiB`,
      value: `${median('framesPerMiB')} · ${median('flowsPerMiB')} · ${median('serverMsPerMiB')}`,
    },
    { name: `${name}: output window at the end`, value: `${((pty.at(-1)?.window ?? NaN) / 1024).toFixed(0)} KiB` },
  ]
}

const ratio = (a: number, b: number): number => a / b

function parse(terminal: TerminalDriver, payload: string, how: 'parser' | 'feed'): Promise<Parse> {
  return terminal.ask((bench, [payload, how]) => bench.parse(payload, how), [payload, how] as const)
}

/** Runs a command that prints much, from Enter to the last byte parsed. */
function print(terminal: TerminalDriver, command: string): Promise<Parse> {
  return terminal.ask(
    async (bench, [command, end]) => {
      const before = bench.counts().bytes
      const since = performance.now()
      const done = bench.mark(end)
      bench.type(`${command}; printf '\\001'\r`)
      const { parsedAt } = await done
      return { bytes: bench.counts().bytes - before, ms: parsedAt - since, worstGapMs: 0 }
    },
    [command, END] as const,
  )
}
