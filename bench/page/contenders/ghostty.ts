/** `ghostty-web` on a bare socket. Its write parses before it returns; its callback waits for the next frame. */
import { init, Terminal } from 'ghostty-web'
import { bytesOf, LOOK, openSocket, sized, type Mount } from './mount.ts'

export const mount: Mount = async ({ host, size, output }) => {
  await init()
  const terminal = new Terminal({ ...size, ...LOOK, scrollback: 10_000 })
  terminal.open(host)
  const socket = await openSocket(sized('/peer/bare', size))
  socket.addEventListener('message', (event) => {
    const bytes = bytesOf(event)
    output.take(bytes)
    terminal.write(bytes)
    output.parse(output.received, bytes.length)
  })
  terminal.onData((data) => socket.send(data))
  return { type: (text) => socket.send(text), focus: () => terminal.focus() }
}
