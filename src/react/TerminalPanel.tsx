'use client'
/** A terminal for an allocation: the frame, the grid, and one line that says what the connection is doing. */
import {
  forwardRef,
  lazy,
  Suspense,
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
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { connect as connectClient } from '../client/index.ts'
import type { CommandInfo } from './commands/controller.ts'
import { Overlays } from './Overlays.tsx'
import type { SearchCount, SearchOptions } from './search/find.ts'
import type { PanelHandlers } from './session/handlers.ts'
import type { Session } from './session/session.ts'
import { EMPTY_VIEW, type PanelView } from './session/view.ts'
import { Tools } from './more/Tools.tsx'
import { Middle, StatusBar } from './StatusBar.tsx'
import { failedLine, type ActionKind } from './status/status.ts'
import { claim, type Connect, type PanelConnectOptions, type PanelTarget } from './store.ts'
import { english } from './words/english.ts'
import { withWords, type Words } from './words/words.ts'

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
  /** Opens the find bar with this text, and tells how often it is there. The focus stays where it is. */
  search(text: string, options?: SearchOptions): Promise<SearchCount>
  clearSearch(): void
  /** Shows the command before the one that was shown last. False if there is none. */
  previousCommand(): boolean
  /** Shows the next command, and after the last one the end of the output. False if none is shown. */
  nextCommand(): boolean
  /** Copies what the last finished command has printed. False if there is nothing to copy. */
  copyLastOutput(): boolean
  /** The commands of a shell with shell integration whose rows are still there, oldest first. */
  commands(): readonly CommandInfo[]
}

const FindBar = lazy(() => import('./search/FindBar.tsx'))
const SoftKeys = lazy(() => import('./touch/SoftKeys.tsx').then(({ SoftKeys }) => ({ default: SoftKeys })))
const Marks = lazy(() => import('./commands/Marks.tsx').then(({ Marks }) => ({ default: Marks })))

/** Before a session exists, and on a server: the frame in its final size. */
const unborn = createStore<PanelView>(() => EMPTY_VIEW)

/** `<TerminalPanel allocationId="…"/>` works with no other prop on the origin that serves the terminal. */
export const TerminalPanel = forwardRef(function TerminalPanel(
  props: TerminalPanelProps,
  ref: ForwardedRef<TerminalPanelHandle>,
): ReactNode {
  const mount = useRef<HTMLDivElement>(null)
  const { session, broken, again } = useSession(props, mount)
  const view = useStore(session?.store ?? unborn)
  const hint = useId()
  const words = useMemo(() => withWords(english, props.words), [props.words])
  useImperativeHandle(ref, () => handleOf(session), [session])
  const { theme, contrast } = props
  useEffect(() => session?.restyle(`${theme} ${contrast}`), [session, theme, contrast])

  const line = broken ? failedLine(words) : view.line
  const act = (kind: ActionKind): void => (broken ? again() : session?.act(kind))
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- shortcuts work anywhere in the panel
    <section
      className={props.className === undefined ? 'nt' : `nt ${props.className}`}
      style={props.style}
      aria-label={props.label ?? words.panel.terminal}
      data-state={line.id}
      data-theme={theme}
      data-contrast={contrast}
      data-focus={view.focused ? '' : undefined}
      data-bell={view.bell ? 'on' : undefined}
      onKeyDown={(event) => {
        // What the grid has taken comes by here too.
        if (!event.isDefaultPrevented() && session?.features.keys.outside(event.nativeEvent)) event.preventDefault()
      }}
    >
      <div className="nt-frame">
        <div className="nt-view">
          <div className="nt-stage">
            <div className="nt-mount" ref={mount} data-described-by={hint} />
            <div className="nt-gutter">
              {view.marks && (
                <Suspense fallback={null}>
                  <Marks marks={view.marks} words={words.commands} />
                </Suspense>
              )}
            </div>
          </div>
          {line.where === 'middle' && <Middle line={line} words={words} copied={view.copied} onAction={act} />}
          {session && <Overlays session={session} view={view} words={words} />}
        </div>
        <StatusBar
          bar={
            line.finding && view.find && session ? (
              <Suspense fallback={<div className="nt-find" />}>
                <FindBar find={session.features.find} words={words} />
              </Suspense>
            ) : undefined
          }
          line={line}
          words={words}
          copied={view.copied}
          onAction={act}
          onHover={(on) => session?.hover(on)}
          tools={
            session && (
              <Tools
                words={words}
                canFind={line.level !== 'needsYou'}
                menuOpen={view.more !== undefined}
                onFind={session.features.find.open}
                onMore={session.features.more.toggle}
              />
            )
          }
          onDetails={() => session?.features.details.toggle()}
        />
        <div className="nt-keys">
          {session?.features.touch.coarse && <TouchRow session={session} view={view} words={words} />}
        </div>
        {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output element is the result of a form */}
        <p className="nt-vh" role="status" aria-atomic="true">
          {view.polite}
        </p>
        <p className="nt-vh" role="alert">
          {view.alert}
        </p>
        <p className="nt-vh" id={hint}>
          {words.panel.leaveHint}
        </p>
      </div>
    </section>
  )
})

interface TouchRowProps {
  readonly session: Session
  readonly view: PanelView
  readonly words: Words
}

/** Where nothing can be typed only Escape acts, or no key at all. */
function TouchRow({ session, view, words }: TouchRowProps): ReactNode {
  const { touch, clipboard } = session.features
  const { ctrl, alt, selected } = view.softKeys
  const isAsking = view.paste ?? view.link ?? view.links ?? view.guide ?? view.outputText ?? (view.line.finding || undefined)
  const off = view.line.level === 'needsYou' ? 'all' : isAsking === undefined ? 'none' : 'all-but-escape'
  return (
    <Suspense fallback={null}>
      <SoftKeys
        ctrl={ctrl}
        alt={alt}
        off={off}
        copy={selected}
        words={words.touch}
        onKey={touch.press}
        onModifier={touch.modifier}
        onCopy={clipboard.copy}
      />
    </Suspense>
  )
}

interface Held {
  readonly session: Session | null
  /** The connection could not even be made. */
  readonly broken: boolean
  readonly again: () => void
}

/** The session of a mounted panel; null on a server and in the first render. */
function useSession(props: TerminalPanelProps, mount: { readonly current: HTMLDivElement | null }): Held {
  const [session, setSession] = useState<Session | null>(null)
  const [broken, setBroken] = useState(false)
  const newest = useRef(props)
  const { allocationId, endpoint, panelKey, storage, hidden, profile, url } = props

  useEffect(() => {
    newest.current = props
    session?.handlers(props)
  })

  useEffect(() => {
    if (mount.current === null || broken) return
    const { requestToken, connect } = newest.current
    const target = { allocationId, endpoint, panelKey, storage, hidden, profile, url }
    try {
      const claimed = claim({
        target,
        requestToken,
        handlers: newest.current,
        mount: mount.current,
        connect: connect ?? connectClient,
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
  }, [allocationId, endpoint, panelKey, storage, hidden, profile, url, mount, broken])

  return { session, broken, again: () => setBroken(false) }
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
    search: async (text, options) =>
      (await session?.features.find.search(text, options)) ?? { current: 0, total: 0, more: false },
    clearSearch: () => session?.features.find.close(),
    previousCommand: () => session?.features.marks.marks.previousCommand() ?? false,
    nextCommand: () => session?.features.marks.marks.nextCommand() ?? false,
    copyLastOutput: () => session?.features.marks.marks.copyLastOutput() ?? false,
    commands: () => session?.features.marks.marks.commands() ?? [],
  }
}
