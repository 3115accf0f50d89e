/** Time as a page has it, and Node where no other clock is given. */
import type { Clock } from '../src/server/ports.ts'

export const platformClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  soon: hop(),
}

/** A turn of the event loop without the 4 ms that browsers add to nested timers. */
function hop(): Clock['soon'] {
  // An open message port would keep Node from ending.
  if (typeof setImmediate === 'function') return immediate
  const { port1, port2 } = new MessageChannel()
  const waiting: { callback: (() => void) | null }[] = []
  port1.onmessage = () => waiting.shift()?.callback?.()
  return (callback) => {
    const entry: { callback: (() => void) | null } = { callback }
    waiting.push(entry)
    port2.postMessage(null)
    return () => {
      entry.callback = null
    }
  }
}

function immediate(callback: () => void): () => void {
  const turn = setImmediate(callback)
  return () => clearImmediate(turn)
}
