/** Titles that a program names, as a person may see them. */

/** A title as the line may show it: no control or bidi characters, at most 256 characters. */
export function cleanTitle(title: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return title
    .slice(0, 2048)
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '')
    .slice(0, 256)
    .replace(/[\ud800-\udbff]$/, '') // half of what the end has cut
}
