/** Titles and folders are shown without what cannot be seen. */
import { describe, expect, test } from 'vitest'
import { cleanTitle, folderOf } from './title.ts'

describe('a title', () => {
  test('has no control or bidi characters and at most 256 characters', () => {
    expect(cleanTitle('ba\u0007s\u202eh\u2066')).toBe('bash')
    expect(cleanTitle('x'.repeat(10_000))).toHaveLength(256)
  })

  test('of a folder is its path', () => {
    expect(folderOf('file://host/home/ana/my%20shop')).toBe('/home/ana/my shop')
    expect(folderOf('https://host/home')).toBe('')
    expect(folderOf('file://host/%')).toBe('')
  })
})
