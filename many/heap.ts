/** What is alive in a page: its objects by the name of their class, after everything that can be collected was. */
import type { CDPSession } from 'playwright'

/** The parts of a heap snapshot that are read here. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[], ...unknown[]] }
  }
  readonly nodes: readonly number[]
  readonly strings: readonly string[]
}

/** Collects garbage, takes a heap snapshot and counts the objects of these classes. An element goes by its tag and its classes as they stand there: `section.nt`. */
export async function countAlive(session: CDPSession, classes: readonly string[]): Promise<Record<string, number>> {
  await session.send('HeapProfiler.collectGarbage')
  const chunks: string[] = []
  const collect = ({ chunk }: { chunk: string }): void => void chunks.push(chunk)
  session.on('HeapProfiler.addHeapSnapshotChunk', collect)
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  session.off('HeapProfiler.addHeapSnapshotChunk', collect)
  return count(JSON.parse(chunks.join('')) as Snapshot, classes)
}

function count({ snapshot, nodes, strings }: Snapshot, classes: readonly string[]): Record<string, number> {
  const { node_fields: fields, node_types: types } = snapshot.meta
  const typeAt = fields.indexOf('type')
  const nameAt = fields.indexOf('name')
  // Elements and sockets are `native`, the rest are `object`.
  const kinds = new Set(['object', 'native'].map((kind) => types[0].indexOf(kind)))
  const found: Record<string, number> = Object.fromEntries(classes.map((name) => [name, 0]))
  for (let node = 0; node < nodes.length; node += fields.length) {
    if (!kinds.has(nodes[node + typeAt] ?? -1)) continue
    const name = classOf(strings[nodes[node + nameAt] ?? 0] ?? '')
    if (Object.hasOwn(found, name)) found[name] = (found[name] ?? 0) + 1
  }
  return found
}

/** Elements are written out in a snapshot: `<section class="nt" lang="en">`. */
function classOf(name: string): string {
  const element = /^<(?<tag>[\w-]+)(?: class="(?<classes>[^"]*)")?/.exec(name)?.groups
  return element ? [element['tag'], ...(element['classes']?.split(' ') ?? [])].join('.') : name
}
