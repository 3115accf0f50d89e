/** The project `react18` runs on React 18 throughout: elements, DOM, store and testing library share one copy. */
import { render } from '@testing-library/react'
import { version } from 'react'
import { version as domVersion } from 'react-dom'
import { expect, test } from 'vitest'
import { create } from 'zustand'

const useNumber = create(() => ({ number: 5 }))

function Panel() {
  return <b>{useNumber((state) => state.number)}</b>
}

test('runs on React 18', () => {
  expect([version, domVersion]).toEqual(['18.3.1', '18.3.1'])
  expect(render(<Panel />).container.innerHTML).toBe('<b>5</b>')
})
