/** The floor under every echo: a text field whose keys go to the server and back on a bare socket, without terminal and PTY. */
import { bytesOf, openSocket, type Mount } from './mount.ts'

export const mount: Mount = async ({ host, output }) => {
  const socket = await openSocket('/raw')
  const field = document.createElement('textarea')
  host.append(field)
  socket.addEventListener('message', (event) => {
    const bytes = bytesOf(event)
    output.take(bytes)
    output.parse(output.received, bytes.length)
  })
  // As many bytes as a letter of ours is on the wire.
  const send = (code: number): void => socket.send(new Uint8Array([1, 0, 0, 0, 1, code]))
  field.addEventListener('keydown', (event) => {
    if (event.key.length !== 1) return
    send(event.key.charCodeAt(0))
    event.preventDefault()
  })
  return { type: (text) => send(text.charCodeAt(0)), focus: () => field.focus() }
}
