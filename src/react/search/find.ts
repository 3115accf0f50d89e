/** The find bar of a session: what is asked for, what was found, and the marks in the grid for as long as it is open. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Feature, PanelContext } from '../session/context.ts'
import type { SearchPart, SearchResult } from '../xterm/search.ts'
import { makeFinder, type Fault, type Query } from './finder.ts'
import { CLOSED, SETTLE_MS, type FindView } from './matches.ts'

/** What a host searches with; all of them are off if absent. */
export type SearchOptions = Partial<Pick<Query, 'matchCase' | 'wholeWord' | 'regex'>>

export interface SearchCount {
  /** The number of the match that is shown, from 1; 0 where there is none. */
  readonly current: number
  /** At most 20 000 are counted. */
  readonly total: number
  /** There are more than `total`. */
  readonly more: boolean
}

export interface Find extends Feature {
  readonly store: StoreApi<FindView>
  /** Opens the bar and gives it the focus; a short selection becomes the query. */
  open(): void
  /** The query is kept for the next time; the focus goes back to the grid. */
  close(): void
  ask(query: Query): void
  /** The focus that was asked for is in the field. */
  focusGiven(): void
  /** The focus is in the bar, or has left it. */
  inBar(on: boolean): void
  step(by: 1 | -1): void
  /** Opens the bar with a query and leaves the focus where it is. */
  search(text: string, options?: SearchOptions): Promise<SearchCount>
}

type Outcome = SearchResult | Fault | null

const NOTHING: SearchCount = { current: 0, total: 0, more: false }
const SELECTION_CHARS = 200

export function find(context: PanelContext): Find {
  const { alarms, emulator, handlers, show, look, say, focus, words } = context
  const store = createStore<FindView>(() => CLOSED)
  let part: SearchPart | null = null
  /** Another number for each search: what an older one brings is not wanted any more. */
  let turn = 0
  let outcome: Outcome = null
  let settled = true
  let hasFocus = false
  let waiting: ((count: SearchCount) => void)[] = []

  function change(view: Partial<FindView>): void {
    store.setState(view)
    look()
  }

  async function begin(): Promise<void> {
    const mine = ++turn
    const { query } = store.getState()
    const [finder, { searchPart }] = await Promise.all([makeFinder(query), import('../xterm/search.ts')])
    const grid = emulator()
    if (mine !== turn || grid === null) return
    part = grid.part(searchPart)
    if (typeof finder === 'function') return part.start(finder, heard)
    part.stop()
    heard(finder)
  }

  /** Its parts are loaded late, and the network may be gone. */
  function broken(cause: unknown): void {
    handlers().onError?.(new Error('Find could not be loaded.', { cause }))
    alarms.stop('find')
    settled = true
    outcome = null
    publish()
  }

  function heard(result: Outcome): void {
    outcome = result
    if (settled) publish()
  }

  function publish(): void {
    const before = store.getState().state
    const view = viewOf(outcome)
    change(view)
    if (view.state !== before && view.state === 'invalid') say(words().find.mistake)
    if (view.state !== before && view.state === 'unsupported') say(words().find.tooMuch)
    for (const answer of waiting.splice(0)) answer({ current: view.at, total: view.count, more: view.more })
  }

  function settle(): void {
    alarms.stop('find')
    settled = true
    if (outcome !== null || store.getState().query.text === '') publish()
  }

  function ask(query: Query): void {
    outcome = null
    settled = false
    alarms.set('find', SETTLE_MS, settle)
    change({ query })
    void begin().catch(broken)
  }

  function open(asked: number): void {
    change({ open: true, asked })
    show({ find: true })
  }

  /** The query again, with what the buffer holds now. */
  function repeat(): void {
    if (store.getState().query.text !== '') void begin().catch(broken)
  }

  return {
    store,
    open() {
      open(store.getState().asked + 1)
      const selection = emulator()?.early.clipboard.selection() ?? ''
      const { query } = store.getState()
      if (selection !== '' && selection.length <= SELECTION_CHARS && !selection.includes('\n')) ask({ ...query, text: selection })
      else repeat()
    },
    close() {
      if (!store.getState().open) return
      turn++
      alarms.stop('find')
      settled = true
      outcome = null
      part?.stop()
      store.setState({ ...CLOSED, query: store.getState().query })
      for (const answer of waiting.splice(0)) answer(NOTHING)
      show({ find: undefined })
      focus()
      look()
    },
    ask,
    focusGiven: () => store.setState({ asked: 0 }),
    inBar(on) {
      if (on === hasFocus) return
      hasFocus = on
      look()
    },
    step(by) {
      settle()
      part?.step(by)
    },
    search(text, options = {}) {
      if (!store.getState().open) open(0)
      const { matchCase = false, wholeWord = false, regex = false } = options
      const count = new Promise<SearchCount>((resolve) => (waiting = [...waiting, resolve]))
      ask({ text, matchCase, wholeWord, regex })
      return count
    },
    ready() {
      part = null
      if (store.getState().open) repeat()
    },
    facts() {
      const { open: isOpen, state, at, count, more } = store.getState()
      if (!isOpen) return { find: null }
      return { find: { current: at, total: count, more, settled: state === 'found' || state === 'none', focused: hasFocus } }
    },
    dispose() {
      turn++
      for (const answer of waiting.splice(0)) answer(NOTHING)
    },
  }
}

function viewOf(outcome: Outcome): Pick<FindView, 'state' | 'at' | 'count' | 'more'> {
  if (outcome === null) return { state: 'idle', at: 0, count: 0, more: false }
  if (typeof outcome === 'string') return { state: outcome, at: 0, count: 0, more: false }
  const { at, count, more } = outcome
  return { state: count === 0 ? 'none' : 'found', at: at + 1, count, more }
}
