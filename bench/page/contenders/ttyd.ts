/** xterm.js as ttyd's own page feeds it: a pause when more than ten writes of 100 000 bytes wait, on when fewer than four do. */
import { bytesOf, openSocket, type Mount } from './mount.ts'
import { openXterm } from './xterm.ts'

const LIMIT = 100_000
const HIGH_WATER = 10
const LOW_WATER = 4

const encoder = new TextEncoder()
const OUTPUT = 0x30
const PAUSE = encoder.encode('2')
const RESUME = encoder.encode('3')

export const mount: Mount = async (around) => {
  const terminal = openXterm(around)
  const { cols: columns, rows } = around.size
  const socket = await openSocket(around.query.get('ttyd') ?? '', ['tty'])
  let written = 0
  let pending = 0

  function write(bytes: Uint8Array): void {
    written += bytes.length
    if (written <= LIMIT) return terminal.write(bytes)
    written = 0
    pending++
    if (pending > HIGH_WATER) socket.send(PAUSE)
    terminal.write(bytes, () => {
      pending--
      if (pending < LOW_WATER) socket.send(RESUME)
    })
  }

  socket.addEventListener('message', (event) => {
    const message = bytesOf(event)
    if (message[0] !== OUTPUT) return
    around.output.take(message.subarray(1))
    write(message.subarray(1))
  })
  const type = (text: string): void => socket.send(encoder.encode(`0${text}`))
  socket.send(encoder.encode(JSON.stringify({ AuthToken: '', columns, rows })))
  terminal.onData(type)
  return { type, focus: () => terminal.focus() }
}
