/** xterm.js with `@xterm/addon-attach` on a bare socket: no flow control. */
import { AttachAddon } from '@xterm/addon-attach'
import { bytesOf, openSocket, sized, type Mount } from './mount.ts'
import { openXterm } from './xterm.ts'

export const mount: Mount = async (around) => {
  const terminal = openXterm(around)
  const socket = await openSocket(sized('/peer/bare', around.size))
  socket.addEventListener('message', (event) => around.output.take(bytesOf(event)))
  terminal.loadAddon(new AttachAddon(socket))
  return { type: (text) => socket.send(text), focus: () => terminal.focus() }
}
