/** `react-xtermjs`: its hook, and a bare socket written into its instance. */
import { useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { useXTerm } from 'react-xtermjs'
import type { Terminal } from '@xterm/xterm'
import { bytesOf, openSocket, sized, type Mount } from './mount.ts'
import { watchWrites, xtermOptions } from './xterm.ts'

type Options = ReturnType<typeof xtermOptions>

export const mount: Mount = async (around) => {
  const terminal = await new Promise<Terminal>((resolve) =>
    createRoot(around.host).render(<View options={xtermOptions(around)} onInstance={resolve} />),
  )
  watchWrites(terminal, around.output)
  const socket = await openSocket(sized('/peer/bare', around.size))
  socket.addEventListener('message', (event) => {
    const bytes = bytesOf(event)
    around.output.take(bytes)
    terminal.write(bytes)
  })
  terminal.onData((data) => socket.send(data))
  return { type: (text) => socket.send(text), focus: () => terminal.focus() }
}

function View({ options, onInstance }: { options: Options; onInstance: (terminal: Terminal) => void }) {
  const { ref, instance } = useXTerm({ options })
  useEffect(() => {
    if (instance !== null) onInstance(instance)
  }, [instance, onInstance])
  return <div ref={ref} style={{ width: '100%', height: '100%' }} />
}
