// @vitest-environment node
/** The panel where there is no page: on a server it is the frame and the line in their final size. */
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { TerminalPanel } from './index.ts'

test('the panel can be imported and rendered without a document, and connects to nothing', () => {
  expect(typeof document).toBe('undefined')
  const html = renderToString(
    <TerminalPanel
      allocationId="a-1"
      connect={() => {
        throw new Error('A server must not connect.')
      }}
    />,
  )
  expect(html).toContain('data-state="first-paint"')
  expect(html).toContain('role="status"')
  expect(html).toContain('role="alert"')
  expect(html).not.toContain('style=')
})
