/** What stands in the terminal is told to whoever asks, and to nobody once the emulator is gone. */
import { Terminal } from '@xterm/xterm'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { standIn } from '../pageStandIns.ts'
import { findTerminalText, terminalText, typeIntoTerminal } from '../../testing/page/readTerminal.ts'
import { READ_REQUEST, type ReadRequest } from '../reading/readRequest.ts'
import { answerReads } from './reading.ts'

beforeAll(standIn)

const abort = { now: new AbortController() }
afterEach(() => abort.now.abort())

async function terminalWith(text: string) {
  abort.now = new AbortController()
  const host = document.createElement('div')
  document.body.append(host)
  const terminal = new Terminal({ cols: 10, rows: 3, allowProposedApi: true })
  terminal.open(host)
  answerReads({ terminal, host, signal: abort.now.signal })
  abort.now.signal.addEventListener('abort', () => {
    terminal.dispose()
    host.remove()
  })
  await new Promise<void>((resolve) => terminal.write(text, resolve))
  return { terminal, host }
}

function ask(host: HTMLElement, detail: ReadRequest | null = {}) {
  host.querySelector('.xterm')?.dispatchEvent(new CustomEvent(READ_REQUEST, { bubbles: true, detail }))
  return detail?.text
}

it('tells the rows in view, every line with wrapped ones whole, the cursor and the size', async () => {
  const { host } = await terminalWith('one  \r\ntwo\r\nthree\r\na line of 18 chars\r\n$ ')
  expect(ask(host)).toEqual({
    rows: ['a line of', '18 chars', '$'],
    lines: ['one', 'two', 'three', 'a line of 18 chars', '$'],
    cursor: { row: 2, col: 2 },
    size: { cols: 10, rows: 3 },
  })
})

it('keeps the question inside the panel, and takes one without room for an answer', async () => {
  const { host } = await terminalWith('x')
  let heard = 0
  const hear = () => void heard++
  document.addEventListener(READ_REQUEST, hear)
  expect(ask(host, null)).toBeUndefined()
  expect(ask(host)?.rows[0]).toBe('x')
  document.removeEventListener(READ_REQUEST, hear)
  expect(heard).toBe(0)
})

it('is silent once the emulator is gone', async () => {
  const { host } = await terminalWith('x')
  abort.now.abort()
  expect(ask(host)).toBeUndefined()
})

it('is read and typed into by the helpers for tests', async () => {
  const { host, terminal } = await terminalWith('$ ')
  const typed: string[] = []
  terminal.onData((data) => typed.push(data))
  typeIntoTerminal(document.body, 'ls -a\npwd\n')
  expect(typed.join('')).toBe('ls -a\rpwd\r')
  expect(terminalText(document.body)).toBe('$')
  terminal.write('ls -a')
  expect(await findTerminalText(host, /ls -a$/)).toBe('$ ls -a')
  await expect(findTerminalText(host, 'nothing like it', 50)).rejects.toThrow('Last seen:\n$ ls -a')
  expect(() => typeIntoTerminal(document.createElement('div'), 'x')).toThrow('wait for the first text')
})
