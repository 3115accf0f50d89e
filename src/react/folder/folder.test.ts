/** The path in the address of a folder, and how the line shows it. */
import { expect, test } from 'vitest'
import { folderOfAddress, folderOfPath, shortFolder } from './folder.ts'

test('an address gives its path, whatever its host', () => {
  expect(folderOfAddress('file:///home/ana/my%20shop')).toBe('/home/ana/my shop')
  expect(folderOfAddress('file://build-7/srv/%C3%A4')).toBe('/srv/ä')
  expect(folderOfAddress('file://pc/C:/Users/ana')).toBe('C:/Users/ana')
})

test('what is no address of a folder gives none', () => {
  for (const address of ['', 'file:', 'file://host', 'http://x/y', 'file:///%ff', `file:///${'x'.repeat(9000)}`, '/tmp'])
    expect(folderOfAddress(address)).toBeNull()
})

test('a path loses what could deceive, and is nothing if it is not whole', () => {
  expect(folderOfPath('"C:\\Users\\ana"')).toBe('C:\\Users\\ana')
  expect(folderOfPath('/srv/\u202etxt\u001b[2J')).toBe('/srv/txt[2J')
  expect(folderOfPath('shop')).toBeNull()
  expect(folderOfPath('/x'.repeat(1000))).toHaveLength(256)
})

test('a home is a tilde only where it is known, and only whole names', () => {
  expect(shortFolder('/home/ana/shop', '/home/ana/')).toBe('~/shop')
  expect(shortFolder('/home/ana', '/home/ana')).toBe('~')
  expect(shortFolder('/home/anabel', '/home/ana')).toBe('/home/anabel')
  expect(shortFolder('/home/ana', undefined)).toBe('/home/ana')
  expect(shortFolder('/srv', '/')).toBe('/srv')
})
