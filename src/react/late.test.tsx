/** What cannot be loaded is heard of, harms nothing, and comes at the next try. */
import { act, cleanup, render } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { comeAhead, Failures, late } from './late.tsx'

afterEach(cleanup)

const Hello = ({ name }: { readonly name: string }) => <p>Hello {name}</p>

test('a component is loaded once, when it is first shown', async () => {
  const load = vi.fn(async () => Hello)
  const Late = late(load)
  expect(load).not.toHaveBeenCalled()
  const { container, rerender } = render(<Late name="Ana" />)
  await act(async () => {})
  expect(container.textContent).toBe('Hello Ana')
  rerender(<Late key="another" name="Ben" />)
  expect(container.textContent).toBe('Hello Ben')
  expect(load).toHaveBeenCalledTimes(1)
})

test('a component that was loaded ahead is there at once', async () => {
  const Late = late(async () => Hello)
  comeAhead()
  await act(async () => {})
  expect(render(<Late name="Ana" />).container.textContent).toBe('Hello Ana')
})

test('a component that cannot be loaded is reported, not thrown, and tried again', async () => {
  const broken = new Error('no network')
  const load = vi.fn(async () => Hello).mockRejectedValueOnce(broken)
  const Late = late(load)
  const failed = vi.fn()
  const show = (key: string) => (
    <Failures.Provider value={failed}>
      <Late key={key} name="Ana" />
    </Failures.Provider>
  )
  const { container, rerender } = render(show('first'))
  await act(async () => {})
  expect(container.textContent).toBe('')
  expect(failed.mock.calls.map(([error]) => error.cause)).toEqual([broken])
  rerender(show('second'))
  await act(async () => {})
  expect(container.textContent).toBe('Hello Ana')
})
