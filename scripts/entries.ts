/** The modules that users import, by their place in dist/. package.json's `exports` names the same ones; a test compares the two. */
export const entries: Readonly<Record<string, string>> = {
  'react/index': 'src/react/index.ts',
  'client/index': 'src/client/index.ts',
  'protocol/index': 'src/protocol/index.ts',
  'server/index': 'src/server/index.ts',
  'server/runtimes/node': 'src/server/runtimes/node.ts',
  'server/backends/echo': 'src/server/backends/echo.ts',
  'server/backends/pty': 'src/server/backends/pty.ts',
}
