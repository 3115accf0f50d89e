/** Any text for property tests: every code point. fast-check's own `unit: 'binary'` needs seconds to be made on a busy machine. */
import fc from 'fast-check'

const LAST_CODE_POINT = 0x10_ffff
const codePoint = fc
  .oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: LAST_CODE_POINT }))
  // Half surrogates alone are no text that UTF-8 could carry.
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))

/** Strings of whole code points, control characters and private ones among them; lengths in code points. */
export function anyText(lengths: { readonly minLength?: number; readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ ...lengths, unit: codePoint })
}
