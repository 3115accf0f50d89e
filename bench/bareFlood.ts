/** The floor under every stream: frames of 64 KiB on a bare socket, as many as the network takes. */
import type { WebSocket } from 'ws'

const FRAME = new Uint8Array(64 * 1024).fill(0x61)
/** Waiting in the socket at most, so that the kernel always has something to take. */
const AHEAD = 512 * 1024

/** Sends from the first message on until the socket is gone. */
export function bareFlood(socket: WebSocket): void {
  const fill = (error?: Error): void => {
    // A socket that is broken fails each send at once, long before it says that it is closed.
    if (error !== undefined) return
    while (socket.readyState === socket.OPEN && socket.bufferedAmount < AHEAD) socket.send(FRAME, OPTIONS, fill)
  }
  socket.once('message', () => fill())
}

const OPTIONS = { binary: true, compress: false }
