/** Builds the package into dist/: modules by Vite, types by tsc, and one style sheet with xterm's own inside. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { writeStyles } from './styles.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

process.chdir(root)
rmSync(dist, { recursive: true, force: true })
await build({ logLevel: 'warn' })
writeStyles(join(root, 'src/react/styles.css'), join(dist, 'styles.css'))
emitTypes()

function emitTypes(): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
  for (const path of declarations()) writeFileSync(path, importsOfJs(readFileSync(path, 'utf8')))
  if (status !== 0) process.exit(1)
}

function declarations(): string[] {
  const names = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.d.ts')).map((name) => join(dist, name))
}

/** tsc leaves `./file.ts` in declarations; consumers have `./file.js` with its `.d.ts` beside it. */
function importsOfJs(declaration: string): string {
  return declaration.replace(/((?:from |import\(|import )['"]\.[^'"\n]*)\.tsx?(['"])/g, '$1.js$2')
}
