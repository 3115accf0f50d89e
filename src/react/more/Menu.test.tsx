/** A menu goes when somebody presses beside it, wherever the panel stands. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { Menu } from './Menu.tsx'

afterEach(cleanup)

function opened() {
  const onClose = vi.fn()
  render(
    <div role="treeitem" aria-expanded="true" aria-selected="false" tabIndex={0}>
      <p>beside</p>
      <section className="nt">
        <button aria-expanded="true">opener</button>
        <p>grid</p>
        <Menu label="More" items={[{ id: 'copy', label: 'Copy' }]} onChoose={() => {}} onClose={onClose} />
      </section>
    </div>,
  )
  return { onClose, press: (text: string) => fireEvent.pointerDown(screen.getByText(text)) }
}

test.each(['beside', 'grid'])('closes at a press on the %s, also in something of the page that is expanded', (place) => {
  const { onClose, press } = opened()
  press(place)
  expect(onClose).toHaveBeenCalledOnce()
})

test('leaves the press on its own button to that', () => {
  const { onClose, press } = opened()
  press('opener')
  expect(onClose).not.toHaveBeenCalled()
})
