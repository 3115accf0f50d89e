/** What is typed comes into the field for screen readers, and no key puts it there itself: the echo would wait for a frame. */
import { Terminal } from '@xterm/xterm'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { lastFrame, standIn } from '../pageStandIns.ts'
import { typedField } from './typedField.ts'

beforeAll(standIn)
afterAll(lastFrame)

const open: (() => void)[] = []
afterEach(() => open.splice(0).forEach((close) => close()))

/** `shown`: the row of the cursor shows what is typed. */
function field(shown = true) {
  const terminal = new Terminal({ allowProposedApi: true, logLevel: 'off' })
  const host = document.createElement('div')
  document.body.append(host)
  terminal.open(host)
  const abort = new AbortController()
  const typed = typedField(terminal, abort.signal, () => row.shown)
  const row = { shown }
  const sent: string[] = []
  terminal.onData((data) => sent.push(data))
  terminal.attachCustomKeyEventHandler((event) => event.type !== 'keydown' || !typed.key(event))
  open.push(() => (abort.abort(), terminal.dispose(), host.remove()))
  const element = terminal.textarea!
  /** False: the browser puts nothing into the field. */
  const press = (key: string, init: KeyboardEventInit = {}): boolean => {
    const options = { key, charCode: key.charCodeAt(0), keyCode: key.charCodeAt(0), bubbles: true, cancelable: true, ...init }
    element.dispatchEvent(new KeyboardEvent('keydown', options))
    return element.dispatchEvent(new KeyboardEvent('keypress', options))
  }
  const echo = (text: string): Promise<void> => new Promise((done) => terminal.write(text, done))
  return { element, typed, press, echo, sent, row }
}

test('a key puts nothing into the field; its echo does, and the program gets it once', async () => {
  const { element, press, echo, sent } = field()
  expect(press('a')).toBe(false)
  expect(element.value).toBe('')
  expect(sent).toEqual(['a'])
  await echo('a')
  expect(element.value).toBe('a')
  press('b')
  press('c')
  await echo('bc')
  expect(element.value).toBe('abc')
  expect(sent).toEqual(['a', 'b', 'c'])
})

test('what has no echo never comes into it, as it may be a password', async () => {
  vi.useFakeTimers()
  try {
    const { element, press, row, sent } = field(false)
    for (const key of 'hunter2') press(key)
    vi.advanceTimersByTime(5000)
    press('3')
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', ctrlKey: true, bubbles: true }))
    row.shown = true
    press('l')
    vi.advanceTimersByTime(1000)
    expect(element.value).toBe('l')
    expect(sent.join('')).toContain('hunter23')
  } finally {
    vi.useRealTimers()
  }
})

test('what was erased leaves it', async () => {
  const { element, press, echo, typed } = field()
  press('a')
  press('b')
  typed.key(new KeyboardEvent('keydown', { key: 'Backspace' }))
  press('c')
  await echo('x')
  expect(element.value).toBe('ac')
})

test('an emoji is erased whole', async () => {
  const { element, echo, typed } = field()
  element.value = 'a😀'
  typed.key(new KeyboardEvent('keydown', { key: 'Backspace' }))
  await echo('x')
  expect(element.value).toBe('a')
})

test('Enter and Ctrl-C empty it, and nothing comes into it afterwards', async () => {
  for (const end of [
    { key: 'Enter', keyCode: 13 },
    { key: 'c', keyCode: 67, ctrlKey: true },
  ]) {
    const { element, press, echo } = field()
    press('a')
    element.dispatchEvent(new KeyboardEvent('keydown', { ...end, bubbles: true, cancelable: true }))
    await echo('\r\n')
    expect(element.value).toBe('')
  }
})

test('an input method finds what was typed before it', () => {
  const { element, press } = field()
  press('a')
  element.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
  expect(element.value).toBe('a')
})

test('keys that are no text are left to the browser and to xterm.js', () => {
  const { press } = field()
  expect(press('x', { metaKey: true })).toBe(true)
})
