/** The sources keep the layer rule, and the rule's checker sees planted violations. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, layerViolations } from './layers.ts'

const root = join(import.meta.dirname, '..')

function sources(folder: string) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

function complaints(path: string, text: string) {
  return layerViolations([{ path, text }])
}

describe('the layer rule', () => {
  it.each(['src', 'mock-server'])('holds for every import in %s/', (folder) => {
    const files = sources(folder)
    expect(files.length).toBeGreaterThan(5)
    expect(layerViolations(files)).toEqual([])
  })

  it.each([
    ['src/protocol/credit.ts', `import type { Clock } from '../client/ports.ts'`],
    ['src/client/machine.ts', `import { session } from '../server/session.ts'`],
    ['src/server/session.ts', `export { connect } from '../client/index.ts'`],
    ['src/server/session.ts', `export * from '../react/index.ts'`],
    ['src/client/machine.ts', `const later = () => import('../react/panel.tsx')`],
    ['src/server/session.ts', `let x: import('../client/api.ts').Channel`],
    ['src/react/panel.tsx', `import { createServer } from '../server/index.ts'`],
    ['src/server/session.ts', `import { clock } from '../testing/virtualClock.ts'`],
    ['src/protocol/credit.ts', `import { x } from '../elsewhere/y.ts'`],
    ['src/elsewhere/y.ts', `import { x } from '../protocol/messages.ts'`],
    ['mock-server/mockServer.ts', `import { TerminalPanel } from '../src/react/index.ts'`],
    ['mock-server/mockServer.ts', `import { x } from '../stories/Stage.tsx'`],
    ['mock-server/mockServer.ts', `import { x } from '../src/gateway/node.ts'`],
    ['mock-server/mockServer.ts', `import { createServer } from 'node:http'`],
    ['mock-server/entries/index.ts', `export { http } from 'msw'`],
  ])('is broken by %s with %s', (path, text) => {
    expect(complaints(path, text)).toHaveLength(1)
  })

  it.each(['mock-server/index.ts', 'stories/panel.stories.tsx', 'e2e/panel.ts'])('lets nothing in src/ import %s', (target) => {
    expect(complaints('src/react/panel.tsx', `import '../../${target}'`)).toHaveLength(1)
    expect(complaints('src/react/panel.test.tsx', `import '../../${target}'`)).toHaveLength(1)
  })

  it.each([
    ['src/server/session.ts', `import { randomBytes } from 'node:crypto'`],
    ['src/protocol/credit.ts', `import fs from 'node:fs'`],
    ['src/client/machine.ts', `import { create } from 'zustand'`],
    ['src/server/connection.ts', `import type { WebSocket } from 'ws'`],
    ['src/react/panel.tsx', `import { Terminal } from '@xterm/xterm'`],
    ['src/react/gpu/xtermlike/panel.ts', `import { WebglAddon } from '@xterm/addon-webgl'`],
    ['src/react/panel.tsx', `import { readFile } from 'node:fs/promises'`],
    ['src/testing/serverPeer.ts', `import { randomBytes } from 'node:crypto'`],
    ['src/client/machine.ts', `import { leftPad } from 'left-pad'`],
  ])('keeps packages where they belong: %s with %s', (path, text) => {
    expect(complaints(path, text)).toHaveLength(1)
  })

  it('keeps platforms out of the pure files of their own folder', () => {
    expect(complaints('src/server/session.ts', `import { clock } from './nodeClock.ts'`)).toHaveLength(1)
    expect(complaints('src/server/session.ts', `import { store } from './stores/memory.ts'`)).toHaveLength(1)
    expect(complaints('src/client/machine.ts', `import { page } from './browserPage.ts'`)).toHaveLength(1)
  })

  it.each([
    ['src/client/machine.ts', `import { credit } from '../protocol/credit.ts'; import './state.ts'`],
    ['src/client/index.ts', `export { connect } from './browser.ts'`],
    ['src/server/runtimes/node.ts', `import { createServer } from 'node:http'; import { WebSocketServer } from 'ws'`],
    ['src/server/backends/pty.ts', `import { spawn } from '@lydell/node-pty'; import { session } from '../session.ts'`],
    ['src/gateway/node.ts', `import { session } from '../server/session.ts'; import tls from 'node:tls'`],
    ['src/react/xterm.ts', `import { Terminal } from '@xterm/xterm'`],
    ['src/react/xterm/widths.ts', `import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'`],
    ['src/react/xterm/gpu/lease.ts', `import { WebglAddon } from '@xterm/addon-webgl'`],
    ['src/react/look.ts', `import type { ITheme } from '@xterm/xterm'`],
    [
      'src/react/panel.tsx',
      `import { useMemo } from 'react'; import { connect } from '../client/browser.ts'; import './xterm.ts'`,
    ],
    ['src/server/session.test.ts', `import { virtualClock } from '../testing/virtualClock.ts'; import fc from 'fast-check'`],
    ['mock-server/entries/index.ts', `export { standIn } from '../../src/react/pageStandIns.ts'`],
    ['mock-server/node/port.ts', `import { createServer } from 'node:http'; import { createMockServer } from '../mockServer.ts'`],
    ['mock-server/mounts/msw.ts', `import { http } from 'msw'; import type { TerminalHost } from '../../src/server/host.ts'`],
    ['src/testing/serverPeer.ts', `import { memoryTokenStore } from '../server/stores/memory.ts'`],
    ['src/testing/node/faultLink.ts', `import net from 'node:net'; import type { ServerSocket } from '../../server/ports.ts'`],
  ])('allows %s with %s', (path, text) => {
    expect(complaints(path, text)).toEqual([])
  })

  it('reads words in comments and strings as words', () => {
    expect(importsOf({ path: 'src/a/b.ts', text: `/* import 'x' */ const s = "import 'y'"; export {}` })).toEqual([])
  })

  it('says so when a file does not parse', () => {
    expect(() => importsOf({ path: 'src/a/b.ts', text: 'import {' })).toThrow('src/a/b.ts does not parse')
  })
})
