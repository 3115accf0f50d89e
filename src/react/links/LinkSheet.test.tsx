/** The question before a link: what it shows, and that it is not answered by accident. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { english } from '../words/english.ts'
import LinkList from './LinkList.tsx'
import LinkSheet from './LinkSheet.tsx'
import { follow, type LinkQuestion } from './question.ts'

afterEach(cleanup)

function question(address: string, text = address): LinkQuestion {
  const step = follow({ address, text }, 'touch')
  if (step.kind !== 'ask') throw new Error('It would open.')
  return { id: 1, at: 'top', room: 10, ...step }
}

function ask(address: string, text?: string) {
  const onAnswer = vi.fn()
  render(<LinkSheet question={question(address, text)} words={english} onAnswer={onAnswer} />)
  return onAnswer
}

describe('a link that asks', () => {
  test('shows its whole address with the true host in bold, and what the text hid', () => {
    const onAnswer = ask('https://docs.example.com/a?b=1', 'rollback guide')
    const sheet = screen.getByRole('dialog', { name: 'Open this address?' })
    expect(sheet.textContent).toContain('The text shows only “rollback guide”.')
    expect(sheet.querySelector('.nt-addr')?.textContent).toBe('https://docs.example.com/a?b=1')
    expect(sheet.querySelector('b')?.textContent).toBe('docs.example.com')
    fireEvent.click(screen.getByRole('button', { name: 'Open in new tab' }))
    expect(onAnswer.mock.calls).toEqual([['open']])
  })

  test('is not answered by an Enter that was still held', () => {
    ask('https://docs.example.com/', 'guide')
    const button = screen.getByRole('button', { name: 'Open in new tab' })
    expect(document.activeElement).toBe(button)
    expect(fireEvent.keyDown(button, { key: 'Enter' })).toBe(false)
    expect(fireEvent.keyDown(button, { key: 'Enter', repeat: true })).toBe(false)
  })

  test('can only be copied where its scheme never opens', () => {
    const onAnswer = ask('javascript:alert(1)')
    expect(screen.getAllByRole('button').map((button) => button.textContent)).toEqual(['Copy', 'Cancel'])
    expect(document.activeElement?.textContent).toBe('Copy')
    fireEvent.keyDown(document.activeElement!, { key: 'Escape' })
    expect(onAnswer.mock.calls).toEqual([['cancel']])
  })

  test('says what could be mistaken', () => {
    ask('https://google.com@evil.example/')
    expect(screen.getByRole('dialog').textContent).toContain('What stands before the @ is not the host.')
  })
})

test('the list of links is walked through with arrows, and follows the one with the focus', () => {
  const links = ['https://a.example/', 'https://b.example/', 'https://c.example/'].map((address, row) => ({
    address,
    text: address,
    row,
  }))
  const onFollow = vi.fn()
  const onFocus = vi.fn()
  render(<LinkList links={links} at="top" words={english} onFollow={onFollow} onFocus={onFocus} onCancel={() => {}} />)
  expect(onFocus).toHaveBeenLastCalledWith(links[0])
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) fireEvent.keyDown(document.activeElement!, { key })
  expect(onFocus).toHaveBeenLastCalledWith(links[1])
  fireEvent.keyDown(document.activeElement!, { key: 'End' })
  fireEvent.click(document.activeElement!)
  expect(onFollow.mock.calls).toEqual([[links[2]]])
})
