/** The document of close reasons is that of the tables. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { closeReasons } from '../src/protocol/closeReasons.ts'
import { closeReasonsDocument, closeReasonsPath } from './closeReasons.ts'

it('is what `node scripts/closeReasons.ts` would write', () => {
  expect(readFileSync(closeReasonsPath, 'utf8')).toBe(closeReasonsDocument())
})

it('has a row for each reason, and none without words', () => {
  const lines = closeReasonsDocument().split('\n')
  for (const reason of Object.keys(closeReasons)) {
    const cells = lines.find((line) => line.split(' | ')[1] === `\`${reason}\``)?.split(' | ')
    expect({ reason, words: cells?.[2] }).toEqual({ reason, words: expect.stringMatching(/^[A-Z].*\.$/) })
  }
})
