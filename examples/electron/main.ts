/** The main process: a scheme of its own, one window without Node or preload, and nothing that leaves it. */
import { join } from 'node:path'
import { app, BrowserWindow, protocol } from 'electron'
import { ptyBackend } from '@nimbus/terminal/server/pty'
import { startService } from './service.ts'
import { answer } from './site.ts'

/** Standard: it has an origin and relative addresses. Secure: a page of it may use what only secure pages may. */
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])
app.enableSandbox()

/** A person copies; the page reaches the service on loopback, and by its policy no other address. */
const GRANTED = new Set(['clipboard-sanitized-write', 'local-network-access'])

app.on('web-contents-created', (_event, contents) => {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.session.setPermissionRequestHandler((_contents, permission, decide) => decide(GRANTED.has(permission)))
})
app.on('window-all-closed', () => app.quit())

await app.whenReady()
const service = await startService('app://terminal', ptyBackend())
app.on('will-quit', () => void service.close())
protocol.handle('app', (request) => answer(request, join(import.meta.dirname, '../page'), service))

const window = new BrowserWindow({
  width: 1000,
  height: 640,
  webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
})
await window.loadURL('app://terminal/')
