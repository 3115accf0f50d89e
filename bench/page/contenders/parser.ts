/** The floor under every throughput: the emulator's own synchronous write from memory, without queue, timer or socket. */
import type { Mount } from './mount.ts'
import { openXterm } from './xterm.ts'

const BUDGET_MS = 10
const SLICE = 64 * 1024

export const mount: Mount = async (around) => {
  const terminal = openXterm(around)
  // Not in the public types, because it is only for those who know that no asynchronous handler is registered.
  const { _core: core } = terminal as unknown as { _core: { writeSync(data: Uint8Array): void } }
  const payloads = new Map<string, Uint8Array>()

  async function print(payload: string, most: number): Promise<number> {
    const all = payloads.get(payload) ?? new Uint8Array(await (await fetch(`/payload/${payload}`)).arrayBuffer())
    payloads.set(payload, all)
    const bytes = all.subarray(0, most)
    const begun = performance.now()
    for (let at = 0; at < bytes.length;) {
      for (const since = performance.now(); at < bytes.length && performance.now() - since < BUDGET_MS; at += SLICE)
        core.writeSync(bytes.subarray(at, at + SLICE))
      await nextTask()
    }
    return performance.now() - begun
  }
  return { type: () => undefined, focus: () => terminal.focus(), print }
}

/** A message to oneself: a task as soon as the browser has time, and never a timer. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.addEventListener('message', () => resolve(), { once: true })
    port1.start()
    port2.postMessage(null)
  })
}
