/** xterm.js with `@xterm/addon-attach` on a bare socket that nobody is asked to admit: the least that a terminal can wait for. */
import { AttachAddon } from '@xterm/addon-attach'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { watchStart } from './watch.ts'

const host = document.querySelector<HTMLElement>('#host')!
watchStart(host, '.xterm')
const terminal = new Terminal({ cols: 97, rows: 26, scrollback: 10_000, logLevel: 'off' })
terminal.open(host)
const address = new URL('/peer/bare?cols=97&rows=26', location.href)
address.protocol = 'ws:'
terminal.loadAddon(new AttachAddon(new WebSocket(address)))
