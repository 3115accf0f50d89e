/** A forbidden module is found however deep in the chunks it lies. */
import { expect, it } from 'vitest'
import { type Chunk, contentsOf } from './contents.ts'

const chunk = (
  fileName: string,
  moduleIds: readonly string[],
  imports: readonly string[] = [],
  more: Partial<Chunk> = {},
): Chunk => ({
  fileName,
  isEntry: false,
  moduleIds: moduleIds.map((id) => `/repo/${id}`),
  imports,
  dynamicImports: [],
  ...more,
})

it('follows imports of both kinds, in circles too', () => {
  const chunks = [
    chunk('react/index.js', ['src/react/index.ts'], ['shared/a.js', 'react'], { isEntry: true }),
    chunk('shared/a.js', ['src/protocol/messages.ts'], ['react/index.js'], { dynamicImports: ['shared/b.js'] }),
    chunk('shared/b.js', ['src/server/session.ts', 'mock-server/index.ts'], ['node:fs']),
    chunk('client/index.js', ['src/client/index.ts'], [], { isEntry: true }),
  ]
  expect(contentsOf(chunks, '/repo')).toEqual(
    new Map([
      ['react/index.js', { folders: ['mock-server/index.ts', 'protocol', 'react', 'server'], packages: ['node:fs', 'react'] }],
      ['client/index.js', { folders: ['client'], packages: [] }],
    ]),
  )
})
