/** What the server core needs of the world, as a page has it. */
import type { Clock, Random } from '../src/server/ports.ts'

export const pageClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  soon: hop(),
}

export const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

/** SHA-256 in hexadecimal. Browsers have it on https and on localhost only. */
export async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A turn of the event loop without the 4 ms that browsers add to nested timers. */
function hop(): Clock['soon'] {
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
