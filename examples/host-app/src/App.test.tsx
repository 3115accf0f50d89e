/** The app's own test of its terminal, under jsdom. */
import { createMockServer, findTerminalText, standInForBrowser, typeIntoTerminal } from '@nimbus/terminal/testing'
import { terminalHandlers } from '@nimbus/terminal/testing/msw'
import { render, screen, waitFor } from '@testing-library/react'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { App } from './App.tsx'

const network = setupServer(...terminalHandlers(createMockServer()))
beforeAll(() => (standInForBrowser(), network.listen()))
afterAll(() => network.close())

test('people can type into the shell of a build', async () => {
  render(<App />)
  const shell = screen.getByRole('region', { name: 'Shell of build 7' })
  await waitFor(() => expect(shell.dataset['state']).toBe('ready'))
  typeIntoTerminal(shell, 'hello')
  await findTerminalText(shell, 'hello')
})
