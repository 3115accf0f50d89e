/** The floor under every stream: frames of 64 KiB on a bare socket, as many as the network takes. */
import type { WebSocket } from 'ws'

const FRAME = new Uint8Array(64 * 1024).fill(0x61)
/** Frames that wait in the socket, so that the kernel always has something to take. */
const AHEAD = 8

/** Sends from the first message on until the socket is gone. */
export function bareFlood(socket: WebSocket): void {
  // A socket that is broken fails each send at once, long before it says that it is closed.
  const next = (error?: Error | null): void => {
    if (!error && socket.readyState === socket.OPEN) socket.send(FRAME, OPTIONS, next)
  }
  socket.once('message', () => {
    for (let frame = 0; frame < AHEAD; frame++) next()
  })
}

const OPTIONS = { binary: true, compress: false }
