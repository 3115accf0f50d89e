/** `@wterm/react` on a bare socket. Its write parses before it returns. */
import { Terminal, type TerminalHandle } from '@wterm/react'
import '@wterm/react/css'
import './wterm.css'
import { createRoot } from 'react-dom/client'
import { bytesOf, openSocket, sized, type Mount } from './mount.ts'

export const mount: Mount = async ({ host, size, output }) => {
  let socket: WebSocket | null = null
  let terminal: TerminalHandle | null = null
  await new Promise<void>((resolve) =>
    createRoot(host).render(
      <Terminal
        {...size}
        className="alike"
        onData={(data) => socket?.send(data)}
        onReady={() => resolve()}
        ref={(handle) => {
          terminal = handle
        }}
      />,
    ),
  )
  const opened = await openSocket(sized('/peer/bare', size))
  socket = opened
  opened.addEventListener('message', (event) => {
    const bytes = bytesOf(event)
    output.take(bytes)
    terminal?.write(bytes)
    output.parse(output.received, bytes.length)
  })
  return { type: (text) => opened.send(text), focus: () => terminal?.focus() }
}
