/** When a link asks, and with what reason. */
import { expect, test } from 'vitest'
import { follow, mayOpen } from './question.ts'

const link = (address: string, text = address) => ({ address, text })

test('a web address that its text tells opens with a click, and is shown first to a finger', () => {
  expect(follow(link('https://example.com/a'), 'click').kind).toBe('open')
  expect(follow(link('https://example.com/a'), 'touch')).toMatchObject({ kind: 'ask', why: 'touch' })
})

test.each([
  ['https://example.com/a', 'guide', 'text'],
  ['https://google.com@evil.example/', 'https://google.com@evil.example/', 'person'],
  ['https://аррӏе.com/', 'https://аррӏе.com/', 'letters'],
  ['mailto:ana@example.com', 'mailto:ana@example.com', 'mail'],
  ['javascript:alert(1)', 'https://example.com', 'scheme'],
  ['file:///etc/passwd', 'passwd', 'scheme'],
] as const)('%s behind “%s” asks', (address, text, why) => {
  expect(follow(link(address, text), 'click')).toMatchObject({ kind: 'ask', why })
  expect(mayOpen(why)).toBe(why !== 'scheme')
})

test("what the host's list leaves out can only be copied", () => {
  const step = follow(link('https://example.com/'), 'click', ['docs.example.com'])
  expect(step).toMatchObject({ kind: 'ask', why: 'policy' })
  expect(mayOpen('policy')).toBe(false)
})

test('the text in the question is short and has nothing hidden', () => {
  expect(follow(link('https://example.com/', `a\u202e${'b'.repeat(100)}`), 'click')).toMatchObject({
    text: `a${'b'.repeat(38)}…`,
  })
})
