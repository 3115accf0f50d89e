/** The little of Electron that this example uses. Its package downloads a browser when it is installed, and its types come with it. */
declare module 'electron' {
  interface WebContents {
    setWindowOpenHandler(handler: () => { action: 'deny' }): void
    on(event: 'will-navigate' | 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): void
    readonly session: {
      setPermissionRequestHandler(
        handler: (contents: WebContents, permission: string, answer: (granted: boolean) => void) => void,
      ): void
    }
  }

  export const app: {
    whenReady(): Promise<void>
    on(event: 'window-all-closed' | 'will-quit', listener: () => void): void
    on(event: 'web-contents-created', listener: (event: unknown, contents: WebContents) => void): void
    enableSandbox(): void
    quit(): void
  }

  export const protocol: {
    registerSchemesAsPrivileged(
      schemes: readonly {
        scheme: string
        privileges: { standard?: boolean; secure?: boolean; supportFetchAPI?: boolean; codeCache?: boolean }
      }[],
    ): void
    handle(scheme: string, handler: (request: Request) => Promise<Response>): void
  }

  export class BrowserWindow {
    constructor(options: {
      width: number
      height: number
      show?: boolean
      webPreferences: {
        contextIsolation: boolean
        sandbox: boolean
        nodeIntegration: boolean
        webSecurity: boolean
        webviewTag: boolean
      }
    })
    loadURL(url: string): Promise<void>
  }
}
