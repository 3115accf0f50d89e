/** What it costs that a client records what happened to it: a flood through the client with its recorder and without, by turns. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Recorder } from '../src/client/recording/recorder.ts'
import { nimbusV1 } from '../src/protocol/profiles/nimbusV1.ts'
import { world } from '../src/testing/clientWorld.ts'
import { MiB, range, spread, type Result, type Spread } from './report.ts'
import type { Stage } from './stage.ts'

/** Output of a fast program comes in frames of this size. */
const FRAME_BYTES = 16 * 1024
const FRAMES = 40_000

const METHODS = ['take', 'taken', 'note'] as const

/** Runs `act` with a recorder that does nothing. */
function without<T>(act: () => T): T {
  const own = METHODS.map((name) => Object.getOwnPropertyDescriptor(Recorder.prototype, name))
  for (const name of METHODS) Object.defineProperty(Recorder.prototype, name, { value: () => undefined, configurable: true })
  try {
    return act()
  } finally {
    METHODS.forEach((name, i) => Object.defineProperty(Recorder.prototype, name, own[i] ?? {}))
  }
}

/** Milliseconds for the frames, each of which is drawn at once: two events a frame, and a grant now and then. */
function flood(): number {
  const w = world()
  const channel = w.ready()
  channel.on('data', ({ end }) => channel.consumed(end))
  const frame = nimbusV1.encodeData(1, 1, new Uint8Array(FRAME_BYTES))
  const { socket } = w
  const since = performance.now()
  for (let i = 0; i < FRAMES; i++) {
    socket.events.message(frame)
    socket.wires.length = 0
  }
  const ms = performance.now() - since
  w.runner.dispose()
  return ms
}

/** Bytes that stay in memory for the recording of a flood. */
function retained(): number {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void // the flag makes it one
  const heap = (): number => (gc(), process.memoryUsage().heapUsed)
  const w = world()
  const channel = w.ready()
  channel.on('data', ({ end }) => channel.consumed(end))
  const frame = nimbusV1.encodeData(1, 1, new Uint8Array(FRAME_BYTES))
  const before = heap()
  for (let i = 0; i < 5000; i++) w.socket.events.message(frame)
  w.socket.wires.length = 0
  const bytes = heap() - before
  w.runner.dispose()
  return bytes
}

export async function recorder(stage: Stage): Promise<Result> {
  flood()
  without(flood)
  const recording: number[] = []
  const silent: number[] = []
  // One run is short, and the machine has other things to do.
  for (let round = 0; round < 4 * stage.scale.rounds; round++) {
    recording.push(flood())
    silent.push(without(flood))
  }
  const perEvent = (values: readonly number[]): Spread => spread(values.map((ms) => (ms * 1e6) / (2 * FRAMES)))
  const [on, off] = [perEvent(recording), perEvent(silent)]
  const cost = on.median - off.median
  // The emulator takes 30 MiB a second at best; both events of a frame must vanish in that.
  const share = (2 * cost) / ((FRAME_BYTES / (30 * MiB)) * 1e9)
  const ns = (value: number): string => `${value.toFixed(0)} ns`
  const kept = retained()
  return {
    method: `${FRAMES} frames of ${FRAME_BYTES / 1024} KiB through the client in Node, each drawn at once (two events a frame), with the recorder and with one that does nothing, by turns.`,
    rows: [
      { name: 'an event, recorded', value: range(on, ns) },
      { name: 'an event, not recorded', value: range(off, ns) },
      { name: 'recorded against not recorded', value: (on.median / off.median).toFixed(2) },
      { name: 'share of a second of flood', value: `${(100 * share).toFixed(2)} %`, goal: '≤ 0.5 %', met: share <= 0.005 },
      {
        name: 'memory that a recorded flood keeps',
        value: `${(kept / MiB).toFixed(2)} MiB`,
        goal: '≤ 2 MiB',
        met: kept <= 2 * MiB,
      },
    ],
    raw: { recording, silent, kept },
  }
}
