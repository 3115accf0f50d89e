/** The app's own test of its terminal, under jsdom. */
import {
  createMockServer,
  findTerminalState,
  findTerminalText,
  standInForBrowser,
  typeIntoTerminal,
} from '@nimbus/terminal/testing'
import { terminalHandlers } from '@nimbus/terminal/testing/msw'
import { render, screen } from '@testing-library/react'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, test } from 'vitest'
import { App } from './App.tsx'

const network = setupServer(...terminalHandlers(createMockServer()))
beforeAll(() => (standInForBrowser(), network.listen()))
afterAll(() => network.close())

test('people can type into the shell of a build', async () => {
  render(<App />)
  const shell = screen.getByRole('region', { name: 'Shell of build 7' })
  await findTerminalState(shell, 'ready')
  typeIntoTerminal(shell, 'hello')
  await findTerminalText(shell, 'hello')
})
