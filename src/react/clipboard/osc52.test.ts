/** A program reads nothing from the clipboard, and writes only what it may, while somebody is there. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLIPBOARD_OFF, GESTURE_MS, readOsc52, type ClipboardPolicy } from './osc52.ts'
import { anyText } from '../../testing/anyText.ts'

const ON: ClipboardPolicy = { allowed: true, maxBytes: 1000 }
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const write = (text: string, selectors = 'c') => readOsc52(`${selectors};${base64(text)}`, ON, 0)

describe('a program that asks for the clipboard', () => {
  test('gets nothing unless the host allows it', () => {
    expect(readOsc52(`c;${base64('x')}`, CLIPBOARD_OFF, 0)).toMatchObject({ kind: 'refused', why: 'off' })
  })

  test('never reads it, whatever is allowed', () => {
    for (const policy of [CLIPBOARD_OFF, ON])
      for (const selectors of ['c', '', 'p', 's0'])
        expect(readOsc52(`${selectors};?`, policy, 0)).toMatchObject({ kind: 'refused', why: 'read' })
  })

  test.each(['c', '', 'p', 's', 's0', 'pc', '7'])('writes with the selector “%s”', (selectors) => {
    expect(write('grüße\n漢字', selectors)).toEqual({ kind: 'write', text: 'grüße\n漢字', bytes: 14 })
  })

  test('writes up to the cap and not a byte more', () => {
    expect(write('x'.repeat(1000)).kind).toBe('write')
    expect(write('x'.repeat(1001))).toMatchObject({ kind: 'refused', why: 'size' })
    expect(write('x'.repeat(1_000_000))).toMatchObject({ kind: 'refused', why: 'size', bytes: 1_000_002 })
  })

  test('writes only shortly after a person touched the panel', () => {
    expect(readOsc52(`c;${base64('x')}`, ON, GESTURE_MS).kind).toBe('write')
    expect(readOsc52(`c;${base64('x')}`, ON, GESTURE_MS + 1)).toMatchObject({ kind: 'refused', why: 'gesture' })
    expect(readOsc52(`c;${base64('x')}`, ON, Infinity)).toMatchObject({ kind: 'refused', why: 'gesture' })
  })

  test.each([
    ['no selector field', base64('x')],
    ['an unknown selector', `x;${base64('x')}`],
    ['no base64', 'c;%%%'],
    ['nothing to write', 'c;'],
    ['a wish to clear it', 'c;!'],
    ['no text', `c;${Buffer.from([0xff, 0xfe]).toString('base64')}`],
  ])('with %s is refused', (_name, data) => {
    expect(readOsc52(data, ON, 0)).toMatchObject({ kind: 'refused', why: 'malformed' })
  })

  test('writes nothing that cannot be seen', () => {
    expect(write('ls\u001b[201~; rm\u0003\u009b')).toMatchObject({ kind: 'write', text: 'ls; rm' })
  })

  test('whatever it says, gets a write without control characters or a refusal', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(),
          anyText().map((text) => `;${base64(text)}`),
        ),
        (data) => {
          const request = readOsc52(data, ON, 0)
          if (request.kind === 'write') expect(request.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
        },
      ),
    )
  })
})
