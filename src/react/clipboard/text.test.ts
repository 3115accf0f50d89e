/** What is copied has no blanks at its ends, and what is dropped means what it says. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { copied, quoted } from './text.ts'

test('a copied selection loses the blanks at the ends of its lines, and no others', () => {
  expect(copied('  a b   \n\tc\t\n   \nd  ')).toBe('  a b\n\tc\n\nd')
  expect(copied('a  \r\nb')).toBe('a\r\nb')
})

test('dropped paths reach a program as they are', () => {
  const paths = [
    '/tmp/a.txt',
    '/tmp/my file',
    "it's",
    '$(touch x)',
    '`id`',
    'a;b&c|d',
    '-rf',
    'ünï/漢字',
    '"',
    '\\',
    '*',
    '~',
    '',
  ]
  const words = quoted(paths)
  const heard = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${words}`], { encoding: 'utf8' })
  // The same file by a name that is no option.
  expect(heard.split('\n').slice(0, -1)).toEqual(paths.map((path) => (path === '-rf' ? './-rf' : path)))
  expect(quoted(['/tmp/a.txt'])).toBe('/tmp/a.txt ')
  expect(quoted(['-rf', '-a b'])).toBe("./-rf './-a b' ")
})
