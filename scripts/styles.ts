/** Writes one style sheet: `@import` of a package's CSS is replaced by what it names, so that users need no bundler for it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'

const importRule = /^@import\s+(?:url\()?['"]([^'"]+)['"]\)?\s*;[ \t]*$/gm

/** Reads `source`, writes `target`; throws where an import cannot be found. */
export function writeStyles(source: string, target: string): void {
  writeFileSync(target, inlined(source))
}

/** The text of a style sheet with all its imports in their places. */
function inlined(path: string): string {
  return readFileSync(path, 'utf8').replace(importRule, (_rule, name: string) => inlined(pathOf(name, path)))
}

function pathOf(name: string, importer: string): string {
  return name.startsWith('.') ? resolve(dirname(importer), name) : createRequire(importer).resolve(name)
}
