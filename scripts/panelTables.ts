/** Writes the tables of docs/panel.md: what a panel takes, tells and can be asked for, from its types and their sentences. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'

const root = join(import.meta.dirname, '..')
export const panelPage = join(root, 'docs/panel.md')

export interface Member {
  readonly name: string
  /** As it is written in the source. */
  readonly type: string
  /** The sentence above it; empty where there is none. */
  readonly doc: string
}

/** The members of an interface, in the order of the file. */
function membersOf(path: string, name: string): readonly Member[] {
  const text = readFileSync(join(root, path), 'utf8')
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} does not parse.`)
  for (const statement of program.body) {
    const found = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (found?.type !== 'TSInterfaceDeclaration' || found.id.name !== name) continue
    return found.body.body.flatMap((member) => {
      if (member.type !== 'TSPropertySignature' && member.type !== 'TSMethodSignature') return []
      const doc = comments.findLast(({ end }) => end <= member.start && text.slice(end, member.start).trim() === '')
      const written = text
        .slice(member.start, member.end)
        .replace(/^readonly /, '')
        .replace(/\s+/g, ' ')
      const key = text.slice(member.key.start, member.key.end)
      const type = member.type === 'TSMethodSignature' ? written : written.slice(written.indexOf(':') + 2)
      return [{ name: key, type, doc: doc === undefined ? '' : sentenceOf(doc.value) }]
    })
  }
  throw new Error(`${path} has no interface ${name}.`)
}

const sentenceOf = (comment: string): string =>
  comment
    .replace(/^\*|^\s*\* ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim()

const isEvent = ({ name }: Member): boolean => /^on[A-Z]/.test(name)
const handlers = (): readonly Member[] => [
  ...membersOf('src/react/session/handlers.ts', 'PanelHandlers'),
  ...membersOf('src/react/addons/addons.ts', 'AddonOptions'),
]

/** The tables, by the name that marks their place. */
export const tables: Readonly<Record<string, () => readonly Member[]>> = {
  identity: () => membersOf('src/react/store.ts', 'PanelTarget'),
  settings: () => [
    ...membersOf('src/react/terminal/options.ts', 'TerminalOptions'),
    ...handlers().filter((one) => !isEvent(one)),
    ...membersOf('src/react/TerminalPanel.tsx', 'TerminalPanelProps'),
  ],
  events: () => handlers().filter(isEvent),
  handle: () => membersOf('src/react/terminal/handle.ts', 'TerminalPanelHandle'),
  terminal: () => membersOf('src/react/terminal/useTerminal.tsx', 'Terminal'),
  parts: () => membersOf('src/react/terminal/useTerminal.tsx', 'TerminalParts'),
  slots: () => membersOf('src/react/TerminalPanel.tsx', 'TerminalSlots'),
}

/** The page with its tables as they are now. */
export function withTables(page: string): string {
  return page.replace(/<!-- (\w+) -->\n[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const members = tables[name]?.()
    if (members === undefined) throw new Error(`docs/panel.md asks for a table ${name} that there is not.`)
    return `<!-- ${name} -->\n${tableOf(members)}\n<!-- end -->`
  })
}

function tableOf(members: readonly Member[]): string {
  const rows = members.map(({ name, type, doc }) => {
    const code = type.startsWith(`${name}(`) ? [`\`${type}\``] : [`\`${name}\``, `\`${type}\``]
    return `| ${[...code, doc].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  const head = members[0]?.type.startsWith(`${members[0].name}(`) ? ['call', 'what it does'] : ['name', 'type', 'what it does']
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows].join('\n')
}

if (import.meta.main) writeFileSync(panelPage, withTables(readFileSync(panelPage, 'utf8')))
