/** Lines mean what they mean in every shell, and what this shell does not know it says. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand, parse, quoted } from './parser.ts'

const VALUES: Readonly<Record<string, string>> = { '?': '7', HOME: '/home/ana', EMPTY: '' }
const valueOf = (name: string): string => VALUES[name] ?? ''

/** The words of each command, filled in. */
function words(line: string): readonly (readonly string[])[] | string {
  const parsed = parse(line)
  return parsed.ok ? parsed.commands.map((command) => command.words.map((word) => expand(word, valueOf))) : parsed.problem
}

/** Mostly what means something to a shell. */
const texts = fc.string({
  unit: fc.constantFrom("'", '"', '\\', '$', '?', '{', ' ', ';', '&', '|', '#', 'a', '\n', '煎', '👩', '\ud800'),
})

describe('a line', () => {
  it.each([
    ['echo a  b', [['echo', 'a', 'b']]],
    ["echo 'a  b' c", [['echo', 'a  b', 'c']]],
    ['echo "a  $HOME" \'$HOME\' $HOME', [['echo', 'a  /home/ana', '$HOME', '/home/ana']]],
    ['echo a"b"\'c\'d', [['echo', 'abcd']]],
    ['echo "" \'\'', [['echo', '', '']]],
    ['echo \\$HOME a\\ b \\\\', [['echo', '$HOME', 'a b', '\\']]],
    ['echo "a\\"b\\\\c\\d"', [['echo', 'a"b\\c\\d']]],
    ['echo $?', [['echo', '7']]],
    ['echo ${HOME}x $5', [['echo', '/home/anax', '$5']]],
    ['a;b;', [['a'], ['b']]],
    ['a && b || c', [['a'], ['b'], ['c']]],
    ['a # b', [['a']]],
    ['a#b', [['a#b']]],
    ['', []],
    ['  # only words', []],
    ["echo 'a", 'a quote is not closed'],
    ['echo "a', 'a quote is not closed'],
    ['; a', 'unexpected ";"'],
    ['a ;; b', 'unexpected ";"'],
    ['a &&', 'something is missing at the end'],
    ['a | b', 'this small shell does not know "|"'],
    ['a > b', 'this small shell does not know ">"'],
    ['a &', 'this small shell does not know "&"'],
  ])('%j', (line, expected) => expect(words(line)).toEqual(expected))

  it('reads a quoted word as it is, whatever is in it', () => {
    fc.assert(
      fc.property(texts, (word) => {
        expect(words(`echo ${quoted(word)}`)).toEqual([['echo', word]])
      }),
    )
  })

  it('never throws', () => {
    fc.assert(fc.property(texts, (line) => void parse(line)))
  })
})
