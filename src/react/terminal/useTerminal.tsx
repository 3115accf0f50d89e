'use client'
/** A terminal without a frame: its session, its line as data, what can be asked of it, and its parts, ready to be placed. */
import {
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefCallback,
} from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { loadedRest, loadRest, type Rest } from '../loading.ts'
import type { Session } from '../session/session.ts'
import { EMPTY_VIEW, type PanelView } from '../session/view.ts'
import { Middle, StatusBar, type StatusContent } from '../StatusBar.tsx'
import { failedLine, loadingLine } from '../status/beginning.ts'
import { sentence, type ActionKind, type StatusLine } from '../status/line.ts'
import type { Claim, PanelTarget } from '../store.ts'
import { useEarlyField } from '../typing/useEarlyField.ts'
import { useReport } from '../tabs/panelReport.ts'
import { first } from '../words/first.ts'
import type { PanelWords, SomeWords } from '../words/words.ts'
import { idleHandle, type TerminalPanelHandle } from './handle.ts'
import type { TerminalOptions } from './options.ts'
import { useSettings } from './TerminalProvider.tsx'

/** For the outermost element of a frame: the class that its style sheet speaks of, and what it depends on. */
export interface FrameProps {
  readonly className: string
  readonly lang: string
  readonly 'aria-label': string
  readonly 'data-state': StatusLine['id']
  readonly 'data-theme': 'dark' | 'light' | undefined
  readonly 'data-contrast': 'normal' | 'more' | undefined
  readonly 'data-soft-keys': 'auto' | 'always' | 'never' | undefined
  readonly 'data-focus': '' | undefined
  readonly 'data-bell': 'on' | undefined
  /** Shortcuts work anywhere in the frame. */
  readonly onKeyDown: ((event: KeyboardEvent) => void) | undefined
}

/** For the element that the grid fills. It must have a size of its own. */
export interface GridProps {
  readonly className: string
  /** Nobody knows what language a program speaks. */
  readonly lang: ''
  readonly ref: RefCallback<HTMLElement>
  readonly 'data-described-by': string
  /** Names the field that takes keys. */
  readonly 'data-label': string
}

/** The panel's own parts. A frame may leave each of them out, but for `speech`: without it people who do not see the terminal are told nothing. */
export interface TerminalParts {
  /** The line: sign, sentence, buttons, tools; or `content`, made of them. */
  readonly status: (content?: StatusContent) => ReactNode
  /** The sentence in the middle, where nothing was ever drawn; null at all other times. */
  readonly middle: ReactNode
  /** Marks of commands, beside the grid. */
  readonly gutter: ReactNode
  /** Sheets, menus, details and shortcuts, over the view. */
  readonly overlays: ReactNode
  /** Extra keys under fingers. */
  readonly softKeys: ReactNode
  /** Both live regions, and how to leave the grid. */
  readonly speech: ReactNode
}

export interface Terminal {
  /** Props of the outermost element. */
  readonly frame: FrameProps
  /** Props of the element that the grid fills, with its ref. */
  readonly grid: GridProps
  /** The panel's own parts, ready to be placed. */
  readonly parts: TerminalParts
  /** The line as data: state, sentence, sign, tone, buttons. Changes only when a person would see it. */
  readonly line: StatusLine
  /** The grid has the focus. */
  readonly focused: boolean
  /** Does what a button of the line does: `act(line.action.kind)`. */
  readonly act: (kind: ActionKind) => void
  /** The same object as the ref of a panel. */
  readonly handle: TerminalPanelHandle
  /** Names of the frame, in the language of the settings. */
  readonly words: PanelWords
}

/** Before a session exists, and on a server: the frame in its final size. */
const unborn = createStore<PanelView>(() => EMPTY_VIEW)

/**
 * The session lives as long as the component that calls this, once `grid.ref` has had an element; the grid moves wherever that
 * ref goes.
 */
export function useTerminal(allocationId: string, options: TerminalOptions = {}): Terminal {
  const settings = useSettings(options)
  const { session, rest, broken, setBrokenFor, late, ref, mount, target } = useSession(allocationId, settings)
  const view = useStore(session?.store ?? unborn)
  const hint = useId()
  const panelWords: PanelWords = { ...first.panel, ...settings.words?.panel }
  const words = useMemo(() => rest?.wordsOf(settings.words), [rest, settings.words])
  const early = useEarlyField(mount, target, view.grid ? session : null, settings.autoFocus)
  const handle = useMemo(() => (rest && session ? rest.handleOf(session, early) : idleHandle(early)), [rest, session, early])

  const line = broken || (late && !session) ? beginning(broken, settings.words) : view.line
  const act = useCallback((kind: ActionKind) => (broken ? setBrokenFor('') : session?.act(kind)), [broken, setBrokenFor, session])
  useReport(reportOf(line, session))
  const live = session && words && rest?.slots({ session, view, words })
  return {
    frame: {
      className: 'nt',
      lang: panelWords.lang,
      'aria-label': settings.label ?? panelWords.terminal,
      'data-state': line.id,
      'data-theme': settings.theme,
      'data-contrast': settings.contrast,
      'data-soft-keys': settings.softKeys,
      'data-focus': view.focused ? '' : undefined,
      'data-bell': view.bell ? 'on' : undefined,
      onKeyDown: live?.onKeyDown,
    },
    grid: { className: 'nt-mount', lang: '', ref, 'data-described-by': hint, 'data-label': panelWords.terminal },
    parts: {
      status: (content) => (
        <StatusBar
          bar={live?.bar}
          line={line}
          words={panelWords}
          onAction={act}
          onHover={(on) => session?.hover(on)}
          tools={live?.tools}
          onDetails={live?.onDetails}
          content={content}
        />
      ),
      middle: line.where === 'middle' ? <Middle line={line} onAction={act} /> : null,
      gutter: live?.gutter,
      overlays: live?.over,
      softKeys: live?.keys,
      speech: <Speech polite={view.polite} alert={broken ? sentence(line) : view.alert} hint={hint} words={panelWords} />,
    },
    line,
    focused: view.focused,
    act,
    handle,
    words: panelWords,
  }
}

interface SpeechProps {
  readonly polite: string
  readonly alert: string
  readonly hint: string
  readonly words: PanelWords
}

/** Both regions are there and empty from the first paint: one that comes with its sentence is not always read. */
function Speech({ polite, alert, hint, words }: SpeechProps): ReactNode {
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output element is the result of a form */}
      <p className="nt-vh" role="status" aria-atomic="true">
        {polite}
      </p>
      <p className="nt-vh" role="alert">
        {alert}
      </p>
      <p className="nt-vh" id={hint}>
        {words.leaveHint}
      </p>
    </>
  )
}

function reportOf(line: StatusLine, session: Session | null): Parameters<typeof useReport>[0] {
  const share = line.id.startsWith('progress') && line.progress?.share
  return {
    icon: line.icon,
    tone: line.tone,
    percent: typeof share === 'number' ? Math.round(share * 100) : null,
    exitCode: session?.exitCode() ?? null,
  }
}

function beginning(broken: boolean, words: SomeWords | undefined): StatusLine {
  if (!broken) return loadingLine(words?.start?.loading ?? first.loading)
  return failedLine(words?.ended?.failed ?? first.failed, words?.buttons?.tryAgain ?? first.tryAgain)
}

interface Held {
  readonly session: Session | null
  /** What comes after the first paint; null until it is loaded. */
  readonly rest: Rest | null
  /** What the terminal needs could not be loaded, or the connection could not even be made. */
  readonly broken: boolean
  /** With no name all of it is tried again. */
  readonly setBrokenFor: (name: string) => void
  /** It takes long enough to say so. */
  readonly late: boolean
  readonly ref: RefCallback<HTMLElement>
  /** The element that the grid fills. */
  readonly mount: HTMLElement | undefined
  /** What names the session. */
  readonly target: string
}

const WORDS_MS = 400

/**
 * React remembers where the last event of a page was, with that element's ref, after both are gone. Whatever the ref leads to stays
 * alive until something else happens, so it is made apart from the session, and leads to no element.
 */
const refFor =
  (found: (element: WeakRef<HTMLElement>) => void): RefCallback<HTMLElement> =>
  (element) => {
    // React takes the element away while a part of the tree waits for something, and gives it back; that is no reason to let go.
    if (element) found(new WeakRef(element))
  }

/** What names a session. */
const TARGET = ['allocationId', 'endpoint', 'panelKey', 'storage', 'hidden', 'profile', 'url'] satisfies (keyof PanelTarget)[]

/** The session of a mounted terminal; null on a server and until what it needs is loaded. */
function useSession(allocationId: string, options: TerminalOptions): Held {
  const [rest, setRest] = useState(loadedRest)
  const [held, hold] = useState<Claim>()
  const session = held?.session ?? null
  const [brokenFor, setBrokenFor] = useState('')
  const [late, setLate] = useState(false)
  const [place, setPlace] = useState<WeakRef<HTMLElement>>()
  const [ref] = useState(() => refFor(setPlace))
  const mount = place?.deref()
  // Holds the element, too.
  const newest = useRef({ options, mount })
  const mountedAt = useRef(0)
  const placed = !!mount
  const name = JSON.stringify({ ...options, allocationId }, TARGET)
  // What could not work for one session says nothing of another one.
  const broken = brokenFor === name

  useEffect(() => {
    newest.current = { options, mount }
    session?.handlers(options)
    session?.restyle(`${options.theme} ${options.contrast}`)
    if (mount) session?.attach(mount)
  })

  useEffect(() => {
    mountedAt.current ||= performance.now()
    if (rest || broken) return
    let wanted = true
    const timer = setTimeout(() => setLate(true), WORDS_MS)
    loadRest().then(
      (loaded) => wanted && setRest(loaded),
      (cause: unknown) => {
        if (!wanted) return
        setBrokenFor(name)
        newest.current.options.onError?.(new Error('The terminal could not be loaded.', { cause }))
      },
    )
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [rest, broken, name])

  useEffect(() => {
    const { options, mount } = newest.current
    if (!placed || !mount || broken || !rest) return
    try {
      const claim = rest.claim({
        // What was written there.
        target: JSON.parse(name) as PanelTarget,
        handlers: options,
        mount,
        connect: options.connect,
        waitedMs: performance.now() - mountedAt.current,
      })
      hold(claim)
      return () => {
        hold(undefined)
        claim.release()
      }
    } catch (cause) {
      // Options that cannot work: the terminal says so in its own place, and the host hears why.
      setBrokenFor(name)
      options.onError?.(cause as Error) // `claim` throws nothing else
    }
  }, [name, placed, broken, rest])

  return { session, rest, broken, setBrokenFor, late, ref, mount, target: name }
}
