/** The servers of the terminals that ours is compared with: a shell on a PTY, a socket, and at most VS Code's flow control. */
import type { IncomingMessage } from 'node:http'
import { spawn, type IPty } from '@lydell/node-pty'
import type { RawData, WebSocket } from 'ws'
import { SHELL } from './shell.ts'

/** What to do with a socket that comes to a path, or undefined for paths that are none of these. */
export function peerAt(request: IncomingMessage): ((socket: WebSocket) => void) | undefined {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const size = { cols: Number(searchParams.get('cols')), rows: Number(searchParams.get('rows')) }
  if (pathname === '/peer/bare') return (socket) => bare(socket, start(size, null))
  if (pathname === '/peer/vscode') return (socket) => vscode(socket, start(size, 'utf8'))
  return undefined
}

function start(size: { cols: number; rows: number }, encoding: 'utf8' | null): IPty {
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color' }
  return spawn(SHELL.file, [...SHELL.args], { name: 'xterm-256color', ...size, cwd: SHELL.cwd, env, encoding })
}

/** Each read of the PTY is a message, and nobody asks whether the page has taken the last one. */
function bare(socket: WebSocket, pty: IPty): void {
  pty.onData((data) => socket.send(data))
  socket.on('message', (data) => pty.write(text(data)))
  endTogether(socket, pty)
}

/** Characters that are not acknowledged: above the high mark the PTY is paused, below the low one it goes on. */
const HIGH = 100_000
const LOW = 5_000
/** Output is gathered for this long. */
const GATHER_MS = 5

function vscode(socket: WebSocket, pty: IPty): void {
  let unacknowledged = 0
  let paused = false
  let gathered: string[] = []
  const flush = (): void => {
    socket.send(gathered.join(''))
    gathered = []
  }
  pty.onData((data) => {
    unacknowledged += data.length
    if (!paused && unacknowledged > HIGH) {
      paused = true
      pty.pause()
    }
    if (gathered.push(data) === 1) setTimeout(flush, GATHER_MS)
  })
  socket.on('message', (data, isBinary) => {
    if (!isBinary) return pty.write(text(data))
    unacknowledged -= (data as Buffer).readUInt32LE(0) // ws gives a Buffer unless told otherwise
    if (!paused || unacknowledged >= LOW) return
    paused = false
    pty.resume()
  })
  endTogether(socket, pty)
}

const text = (data: RawData): string => (data as Buffer).toString() // ws gives a Buffer unless told otherwise

function endTogether(socket: WebSocket, pty: IPty): void {
  let gone = false
  pty.onExit(() => {
    gone = true
    socket.close()
  })
  socket.on('close', () => {
    if (!gone) pty.kill('SIGKILL')
  })
}
