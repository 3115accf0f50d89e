'use client'
/** A terminal for an allocation: the frame, the grid, and one line that says what the connection is doing. */
import {
  forwardRef,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type ForwardedRef,
  type ReactNode,
} from 'react'
import type { BugReport, Facts } from '../client/api.ts'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { RecordOptions, Recording } from './cast/recording.ts'
import type { CommandInfo } from './commands/controller.ts'
import type { SaveFormat } from './save/saving.ts'
import { loadedRest, loadRest, type Rest } from './loading.ts'
import type { SearchCount, SearchOptions } from './search/find.ts'
import type { PanelHandlers } from './session/handlers.ts'
import type { Session } from './session/session.ts'
import { EMPTY_VIEW, type PanelView } from './session/view.ts'
import { Middle, StatusBar } from './StatusBar.tsx'
import { failedLine, loadingLine } from './status/beginning.ts'
import { sentence, type ActionKind, type StatusLine } from './status/line.ts'
import type { Connect, PanelConnectOptions, PanelTarget } from './store.ts'
import { useReport } from './tabs/panelReport.ts'
import { first } from './words/first.ts'
import type { SomeWords } from './words/words.ts'

export interface TerminalPanelProps extends PanelTarget, PanelHandlers {
  /** Asks for a one-time token in the host's own way. The first one given is used. */
  readonly requestToken?: PanelConnectOptions['requestToken']
  /** The page's own colour scheme if absent. */
  readonly theme?: 'dark' | 'light'
  /** What the person asked the system for if absent. */
  readonly contrast?: 'normal' | 'more'
  /** Names the panel for people who do not see it. */
  readonly label?: string
  readonly className?: string
  readonly style?: CSSProperties
  /** Replaces the client, for tests and stories. The first one given is used. */
  readonly connect?: Connect
}

/** What a host can ask a mounted panel for. All of it is harmless at any time. */
export interface TerminalPanelHandle {
  focus(): void
  /** Tries at once while the connection is away; starts a new shell after an end. */
  reconnect(): void
  takeOver(): void
  /** Ends the session and its program. */
  disconnect(): void
  /** Types `text` as a person would: dropped after an end, kept within limits while the connection is away. */
  write(text: string): void
  /** Fits the grid to the box again. The panel does so by itself whenever its box changes. */
  fit(): void
  /** The screen with its scrollback as plain text. */
  serializeText(): string
  /** The bug report of the connection details, with facts of the host's own. Null before there is a connection. */
  bugReport(facts?: Facts): BugReport | null
  /** Opens the find bar with this text, and tells how often it is there. The focus stays where it is. */
  search(text: string, options?: SearchOptions): Promise<SearchCount>
  clearSearch(): void
  /** The screen with its scrollback: as text, or as a page of HTML with its colours. */
  serialize(format: SaveFormat): Promise<string>
  /** Downloads the same, or hands it to `onSaveOutput`. */
  save(format: SaveFormat): Promise<void>
  /** Records output from now on, as an asciicast. Null before there is a connection. */
  record(options?: RecordOptions): Promise<Recording | null>
  /** Shows the command before the one that was shown last. False if there is none. */
  previousCommand(): boolean
  /** Shows the next command, and after the last one the end of the output. False if none is shown. */
  nextCommand(): boolean
  /** Copies what the last finished command has printed. False if there is nothing to copy. */
  copyLastOutput(): boolean
  /** The commands of a shell with shell integration whose rows are still there, oldest first. */
  commands(): readonly CommandInfo[]
}

/** Before a session exists, and on a server: the frame in its final size. */
const unborn = createStore<PanelView>(() => EMPTY_VIEW)

/** `<TerminalPanel allocationId="…"/>` works with no other prop on the origin that serves the terminal. */
export const TerminalPanel = forwardRef(function TerminalPanel(
  props: TerminalPanelProps,
  ref: ForwardedRef<TerminalPanelHandle>,
): ReactNode {
  const mount = useRef<HTMLDivElement>(null)
  const { session, rest, broken, late, again } = useSession(props, mount)
  const view = useStore(session?.store ?? unborn)
  const hint = useId()
  const panelWords = { ...first.panel, ...props.words?.panel }
  const words = useMemo(() => rest?.wordsOf(props.words), [rest, props.words])
  useImperativeHandle(ref, () => handleOf(session), [session])
  const { theme, contrast } = props
  useEffect(() => session?.restyle(`${theme} ${contrast}`), [session, theme, contrast])

  const line = broken || (late && session === null) ? beginning(broken, props.words) : view.line
  const isTask = line.id.startsWith('progress') && line.progress?.share != null
  useReport({
    icon: line.icon,
    tone: line.tone,
    percent: isTask ? Math.round((line.progress?.share ?? 0) * 100) : null,
    exitCode: session?.exitCode() ?? null,
  })
  const act = (kind: ActionKind): void => (broken ? again() : session?.act(kind))
  const slots = rest && session && words && rest.slots({ session, view, words })
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- shortcuts work anywhere in the panel
    <section
      className={props.className === undefined ? 'nt' : `nt ${props.className}`}
      style={props.style}
      aria-label={props.label ?? panelWords.terminal}
      data-state={line.id}
      data-theme={theme}
      data-contrast={contrast}
      data-focus={view.focused ? '' : undefined}
      data-bell={view.bell ? 'on' : undefined}
      onKeyDown={slots?.onKeyDown}
    >
      <div className="nt-frame">
        <div className="nt-view">
          <div className="nt-stage">
            <div className="nt-mount" ref={mount} data-described-by={hint} />
            <div className="nt-gutter">{slots?.gutter}</div>
          </div>
          {line.where === 'middle' && <Middle line={line} onAction={act} />}
          {slots?.over}
        </div>
        <StatusBar
          bar={slots?.bar}
          line={line}
          words={panelWords}
          onAction={act}
          onHover={(on) => session?.hover(on)}
          tools={slots?.tools}
          onDetails={slots?.onDetails}
        />
        <div className="nt-keys">{slots?.keys}</div>
        {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output element is the result of a form */}
        <p className="nt-vh" role="status" aria-atomic="true">
          {view.polite}
        </p>
        <p className="nt-vh" role="alert">
          {broken ? sentence(line) : view.alert}
        </p>
        <p className="nt-vh" id={hint}>
          {panelWords.leaveHint}
        </p>
      </div>
    </section>
  )
})

function beginning(broken: boolean, words: SomeWords | undefined): StatusLine {
  if (!broken) return loadingLine(words?.start?.loading ?? first.loading)
  return failedLine(words?.ended?.failed ?? first.failed, words?.buttons?.tryAgain ?? first.tryAgain)
}

interface Held {
  readonly session: Session | null
  /** What comes after the first paint; null until it is loaded. */
  readonly rest: Rest | null
  /** What the panel needs could not be loaded, or the connection could not even be made. */
  readonly broken: boolean
  /** It takes long enough to say so. */
  readonly late: boolean
  readonly again: () => void
}

const WORDS_MS = 400

/** The session of a mounted panel; null on a server and until what it needs is loaded. */
function useSession(props: TerminalPanelProps, mount: { readonly current: HTMLDivElement | null }): Held {
  const [rest, setRest] = useState(loadedRest)
  const [session, setSession] = useState<Session | null>(null)
  const [broken, setBroken] = useState(false)
  const [late, setLate] = useState(false)
  const newest = useRef(props)
  const mountedAt = useRef<number>(null)
  const { allocationId, endpoint, panelKey, storage, hidden, profile, url } = props

  useEffect(() => {
    newest.current = props
    session?.handlers(props)
  })

  useEffect(() => {
    mountedAt.current ??= performance.now()
    if (rest !== null || broken) return
    let wanted = true
    const timer = setTimeout(() => setLate(true), WORDS_MS)
    loadRest().then(
      (loaded) => wanted && setRest(loaded),
      (cause: unknown) => {
        if (!wanted) return
        setBroken(true)
        newest.current.onError?.(new Error('The terminal could not be loaded.', { cause }))
      },
    )
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [rest, broken])

  useEffect(() => {
    if (mount.current === null || broken || rest === null) return
    const { requestToken, connect } = newest.current
    const target = { allocationId, endpoint, panelKey, storage, hidden, profile, url }
    try {
      const claimed = rest.claim({
        target,
        requestToken,
        handlers: newest.current,
        mount: mount.current,
        connect,
        waitedMs: performance.now() - (mountedAt.current ?? performance.now()),
      })
      setSession(claimed.session)
      return () => {
        setSession(null)
        claimed.release()
      }
    } catch (cause) {
      // Options that cannot work: the panel says so in its own place, and the host hears why.
      setBroken(true)
      newest.current.onError?.(cause instanceof Error ? cause : new Error('The terminal could not start.', { cause }))
    }
  }, [allocationId, endpoint, panelKey, storage, hidden, profile, url, mount, broken, rest])

  return { session, rest, broken, late, again: () => setBroken(false) }
}

function handleOf(session: Session | null): TerminalPanelHandle {
  return {
    focus: () => session?.focus(),
    reconnect: () => session?.reconnect(),
    takeOver: () => session?.takeOver(),
    disconnect: () => session?.disconnect(),
    write: (text) => session?.write(text),
    fit: () => session?.fit(),
    serializeText: () => session?.text() ?? '',
    bugReport: (facts) => session?.features.details.connection.report(facts) ?? null,
    search: async (text, options) =>
      (await session?.features.find.search(text, options)) ?? { current: 0, total: 0, more: false },
    clearSearch: () => session?.features.find.close(),
    serialize: async (format) => (await session?.features.save.serialize(format)) ?? '',
    save: async (format) => session?.features.save.save(format),
    record: async (options) => (await session?.features.recordings.record(options)) ?? null,
    previousCommand: () => session?.features.marks.marks.previousCommand() ?? false,
    nextCommand: () => session?.features.marks.marks.nextCommand() ?? false,
    copyLastOutput: () => session?.features.marks.marks.copyLastOutput() ?? false,
    commands: () => session?.features.marks.marks.commands() ?? [],
  }
}
