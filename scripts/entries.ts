/** The modules that users import, by their place in dist/. package.json's `exports` names the same ones; a test compares the two. */
export const entries: Readonly<Record<string, string>> = {
  'react/index': 'src/react/index.ts',
  'react/words/de': 'src/react/words/de.ts',
  'react/details/index': 'src/react/details/index.ts',
  'client/index': 'src/client/index.ts',
  'protocol/index': 'src/protocol/index.ts',
  'server/index': 'src/server/index.ts',
  'server/runtimes/node': 'src/server/runtimes/node.ts',
  'server/backends/echo': 'src/server/backends/echo.ts',
  'server/backends/pty': 'src/server/backends/pty.ts',
  'testing/index': 'mock-server/entries/index.ts',
  'testing/msw': 'mock-server/entries/msw.ts',
  'testing/mswPage': 'mock-server/entries/mswPage.ts',
  'testing/node': 'mock-server/entries/node.ts',
  'testing/playwright': 'mock-server/entries/playwright.ts',
}

/** The programs of package.json's `bin`, by their place in dist/. */
export const programs: Readonly<Record<string, string>> = {
  'client/node/cli': 'src/client/node/cli.ts',
}

/** Where the declarations of an entry lie in dist/: as the sources do, since entries come from several folders. */
export function typesOf(source: string): string {
  return `types/${source.replace(/\.tsx?$/, '.d.ts')}`
}
