/** A row that shows what is typed, told from those that hide it. */
import { Terminal } from '@xterm/headless'
import { expect, test } from 'vitest'
import { echoWatch } from './echoWatch.ts'

function shell() {
  const terminal = new Terminal({ allowProposedApi: true, rows: 4, scrollback: 8 })
  // The headless terminal has of the other one what is asked for here.
  const watch = echoWatch(terminal as unknown as Parameters<typeof echoWatch>[0])
  const print = (text: string): Promise<void> => new Promise((done) => terminal.write(text, () => (watch.look(), done())))
  return { watch, print }
}

test.each([
  ['the next row', ''],
  ['the next row of a full scrollback', '\r\n'.repeat(20)],
])('a row shows what is typed once a key came back, and %s not yet', async (_, before) => {
  const { watch, print } = shell()
  await print(`${before}$ `)
  expect(watch.echoed()).toBe(false)
  watch.expect('l')
  await print('l')
  expect(watch.echoed()).toBe(true)
  await print('\r\nPassword: ')
  expect(watch.echoed()).toBe(false)
  watch.expect('l')
  await print('')
  expect(watch.echoed()).toBe(false)
})

test('the first row of a cleared screen is another one', async () => {
  const { watch, print } = shell()
  await print('$ ')
  watch.expect('l')
  await print('l')
  await print('\u001b[H\u001b[2JPassword: ')
  expect(watch.echoed()).toBe(false)
})
