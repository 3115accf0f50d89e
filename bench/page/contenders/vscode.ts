/** xterm.js with the flow control of VS Code's terminal: text, acknowledged every 5000 characters that were parsed. */
import { openSocket, sized, type Mount } from './mount.ts'
import { openXterm } from './xterm.ts'

const ACKNOWLEDGE_EVERY = 5000

export const mount: Mount = async (around) => {
  const terminal = openXterm(around)
  const socket = await openSocket(sized('/peer/vscode', around.size))
  let unsaid = 0
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    around.output.take(data)
    terminal.write(data, () => {
      for (unsaid += data.length; unsaid > ACKNOWLEDGE_EVERY; unsaid -= ACKNOWLEDGE_EVERY)
        socket.send(new Uint32Array([ACKNOWLEDGE_EVERY]))
    })
  })
  terminal.onData((data) => socket.send(data))
  return { type: (text) => socket.send(text), focus: () => terminal.focus() }
}
