/** One terminal of a page: joins a connection, an emulator and the status line, and keeps what a person sees in a store. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Channel, ChannelEvents, Connection, Diagnostic, End, Paste, Snapshot } from '../client/api.ts'
import type { TerminalSize } from '../protocol/messages.ts'
import { Feed, type Scheduler } from './feed.ts'
import { glyphs, heldText } from './held.ts'
import { estimateSize, makeProbe, measureCell, readLook } from './look.ts'
import { encodePaste, readPaste, type PasteText } from './paste.ts'
import { FIRST_PAINT, firstMemory, step, type ActionKind, type Facts, type Memory, type StatusLine } from './status.ts'
import { english, type Words } from './words.ts'
import type { Emulator, EmulatorEvents, EmulatorOptions } from './xterm.ts'

/** Everything that the panel draws besides the grid. Changes only when a person would see it. */
export interface PanelView {
  readonly line: StatusLine
  /** What the live regions hold. */
  readonly polite: string
  readonly alert: string
  readonly question: PasteQuestion | null
  readonly focused: boolean
  readonly bell: boolean
  /** The details were just copied. */
  readonly copied: boolean
}

export const EMPTY_VIEW: PanelView = {
  line: FIRST_PAINT,
  polite: '',
  alert: '',
  question: null,
  focused: false,
  bell: false,
  copied: false,
}

/** A paste that waits for the person's word. */
export interface PasteQuestion {
  /** Another number for each question. */
  readonly id: number
  readonly kind: 'lines' | 'hidden'
  readonly raw: string
  readonly text: PasteText
  /** The edge of the view that is farther from the cursor. */
  readonly at: 'top' | 'bottom'
}

export type PasteAnswer = 'paste' | 'join' | 'cancel'

/** What the host of a panel hears. The newest props are asked at each event. */
export interface PanelHandlers {
  readonly words?: Partial<Words>
  readonly onReady?: (event: { readonly resumed: boolean }) => void
  /** Output as it comes, drawn or not. The bytes are the panel's own: copy what is kept. */
  readonly onData?: (bytes: Uint8Array<ArrayBuffer>) => void
  readonly onClose?: (end: End) => void
  readonly onError?: (error: Error) => void
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void
  readonly onPolicy?: (diagnostic: Diagnostic) => void
  readonly onSignIn?: () => void
  readonly onTitle?: (title: string) => void
  readonly autoFocus?: boolean
  /** Lines kept above the screen. */
  readonly scrollback?: number
}

/** What a session needs besides a document. */
export interface SessionPorts {
  /** Opens the connection; called once. */
  readonly connect: () => Connection
  readonly loadEmulator: (options: EmulatorOptions, events: EmulatorEvents) => Promise<Emulator>
  readonly scheduler: Scheduler
  /** Other panels of the page. */
  readonly neighbours: () => number
}

const ENTER_AFTER_MS = 600
/** A paste up to this size is typed at once and may be held; a longer one flows. */
const TYPED_PASTE = 4096
const SETTLE_MS = 40
const REPLAY_IDLE_MS = 100
const REPLAY_MOST_MS = 5000
const CAUGHT_UP_MS = 150
const BELL_FRAME_MS = 200

export class Session {
  readonly store: StoreApi<PanelView> = createStore(() => EMPTY_VIEW)
  readonly allocationId: string
  #ports: SessionPorts
  #handlers: PanelHandlers
  #host: HTMLElement
  #connection: Connection
  #channel: Channel
  #feed: Feed
  #emulator: Emulator | null = null
  #loading: Facts['emulator'] = 'loading'
  #memory: Memory
  #alarms = new Map<string, ReturnType<typeof setTimeout>>()
  #cleanups: (() => void)[] = []
  #disposed = false

  #drawn = false
  #lookName = ''
  #questions = 0
  #title = ''
  #folder = ''
  #hover = false
  #sentSize: TerminalSize | null = null
  #replay: { readonly until?: number } | null = null
  #masked = true
  #heldTyped = ''
  #unsentTyped = ''
  #unsentShown = false
  #catchingUpSince: number | null = null
  #hiddenPause = false
  #gapSeenAt: number | null = null
  #gapDismissedAt: number | null = null
  #retriedAt: number | null = null
  #paste: { readonly paste: Paste; readonly since: number } | null = null
  #pasteStopped: Facts['pasteStopped'] = null
  #bellAt: number | null = null

  constructor(allocationId: string, ports: SessionPorts, handlers: PanelHandlers, mount: HTMLElement) {
    this.allocationId = allocationId
    this.#ports = ports
    this.#handlers = handlers
    this.#host = mount.ownerDocument.createElement('div')
    this.#host.className = 'nt-grid'
    mount.append(this.#host)
    this.#connection = ports.connect()
    this.#memory = firstMemory(this.#connection.now())
    const size = this.#estimate()
    this.#sentSize = size
    this.#channel = this.#connection.open(size === null ? {} : { size })
    this.#feed = new Feed(
      ports.scheduler,
      (offset) => this.#consumed(offset),
      () => this.#quiet(),
    )
    this.#listen()
    this.#load()
    this.#look()
  }

  /** Moves the grid into another element; the same one again changes nothing. */
  attach(mount: HTMLElement): void {
    if (this.#host.parentElement !== mount) mount.append(this.#host)
  }

  /** The newest props. */
  handlers(handlers: PanelHandlers): void {
    this.#handlers = handlers
  }

  // ---- what a person asks for ----

  act(kind: ActionKind): void {
    switch (kind) {
      case 'cancel':
        return this.#connection.disconnect()
      case 'retry':
        this.#retriedAt = this.#connection.now()
        this.#connection.retry()
        return this.#look()
      case 'restart':
        this.#connection.dismissUnsent()
        this.#connection.restart()
        return this.focus()
      case 'take-over':
        this.#connection.takeOver()
        return this.focus()
      case 'reload':
        return this.#load()
      case 'sign-in':
        return this.#handlers.onSignIn?.()
      case 'copy-details':
        return this.#copyDetails()
      case 'copy-unsent':
        copyText(this.#host, this.#unsentTyped)
        this.#connection.dismissUnsent()
        return this.focus()
      case 'dismiss-unsent':
        this.#connection.dismissUnsent()
        return this.focus()
      case 'show-gap':
        this.#gapDismissedAt = this.#connection.now()
        this.#emulator?.showGap()
        return this.#look()
      case 'stop-paste':
        return this.#paste?.paste.cancel()
      default:
        return unreachable(kind)
    }
  }

  hover(on: boolean): void {
    if (on === this.#hover) return
    this.#hover = on
    this.#look()
  }

  /** Typed text from the host, as if a person had typed it. */
  write(text: string): void {
    this.#typed(text)
  }

  pasted(raw: string): void {
    const text = readPaste(raw)
    if (text.clean === '' && !text.hidden) return
    const bracketed = this.#emulator?.bracketedPaste() ?? false
    if (text.hidden) return this.#ask({ kind: 'hidden', raw, text, at: this.#farEdge() })
    if (text.lines.length > 1 && !bracketed) return this.#ask({ kind: 'lines', raw, text, at: this.#farEdge() })
    this.#deliver(text.clean)
  }

  answerPaste(answer: PasteAnswer): void {
    const { question } = this.store.getState()
    if (question === null) return
    this.#show({ question: null })
    this.focus()
    if (answer === 'join') return this.#deliver(question.text.lines.map((line) => line.trim()).join(' '))
    if (answer === 'cancel') return
    // What was hidden is gone; what is left may still be several lines.
    const { text } = question
    const asksAgain = question.kind === 'hidden' && text.lines.length > 1 && !(this.#emulator?.bracketedPaste() ?? false)
    if (asksAgain) this.#ask({ ...question, kind: 'lines', raw: text.clean })
    else this.#deliver(text.clean)
  }

  focus(): void {
    this.#emulator?.focus()
  }

  fit(): void {
    this.#fit()
  }

  /** The panel's own look changed; the same name again changes nothing. */
  restyle(look: string): void {
    if (look === this.#lookName) return
    this.#lookName = look
    this.#emulator?.restyle()
  }

  reconnect(): void {
    const { status } = this.#connection.snapshot()
    if (status.phase === 'ended') this.act('restart')
    else this.act('retry')
  }

  takeOver(): void {
    this.#connection.takeOver()
  }

  disconnect(): void {
    this.#connection.disconnect()
  }

  /** The screen with its scrollback as text. */
  text(): string {
    return this.#emulator?.text() ?? ''
  }

  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    for (const alarm of this.#alarms.values()) clearTimeout(alarm)
    for (const cleanup of this.#cleanups) cleanup()
    this.#feed.dispose()
    this.#connection.dispose()
    this.#emulator?.dispose()
    this.#host.remove()
  }

  // ---- the connection ----

  #listen(): void {
    const handlers = (): PanelHandlers => this.#handlers
    this.#cleanups.push(
      this.#connection.subscribe(() => this.#look()),
      this.#connection.on('ready', (event) => handlers().onReady?.(event)),
      this.#connection.on('close', (end) => handlers().onClose?.(end)),
      this.#connection.on('error', (error) => handlers().onError?.(error)),
      this.#connection.on('diagnostic', (diagnostic) => handlers().onDiagnostic?.(diagnostic)),
      this.#connection.on('policy', (diagnostic) => handlers().onPolicy?.(diagnostic)),
      this.#channel.on('data', (output) => {
        // First the screen: a host that throws must not cost it bytes.
        this.#feed.push(output)
        handlers().onData?.(output.bytes)
      }),
      this.#channel.on('reset', (reset) => this.#feed.act((done) => (this.#reset(reset), done()))),
      this.#channel.on('gap', (gap) => this.#feed.act((done) => this.#gap(gap, done))),
      this.#channel.on('unsent', (unsent) => this.#unsent(unsent)),
      this.#watchVisibility(),
    )
  }

  #watchVisibility(): () => void {
    const document = this.#host.ownerDocument
    const listener = (): void => this.#visibility()
    document.addEventListener('visibilitychange', listener)
    return () => document.removeEventListener('visibilitychange', listener)
  }

  #consumed(offset: number): void {
    this.#channel.consumed(offset)
    if (!this.#drawn) {
      this.#drawn = true
      this.#look()
    }
    if (this.#replay?.until !== undefined && offset >= this.#replay.until) this.#endReplay()
  }

  #quiet(): void {
    if (this.#replay !== null && this.#replay.until === undefined)
      this.#alarm('replay-idle', REPLAY_IDLE_MS, () => this.#feed.idle() && this.#endReplay())
    if (this.#catchingUpSince !== null) this.#alarm('caught-up', CAUGHT_UP_MS, () => this.#feed.idle() && this.#caughtUp())
  }

  /**
   * A new screen. The replay was made for the program's size, so the grid takes that size until the replay is drawn: up to
   * `until`, or where that is unknown until nothing came for a moment. Then it fits its box again and the program is told.
   */
  #reset({ size, until }: ChannelEvents['reset']): void {
    this.#emulator?.reset()
    this.#title = ''
    this.#folder = ''
    if (size === undefined) return this.#endReplay()
    this.#replay = until === undefined ? {} : { until }
    this.#emulator?.resize(size)
    this.#alarm('replay', REPLAY_MOST_MS, () => this.#endReplay())
  }

  #endReplay(): void {
    this.#replay = null
    this.#stop('replay')
    this.#stop('replay-idle')
    this.#fit()
  }

  #gap({ bytes, end }: ChannelEvents['gap'], done: () => void): void {
    const drawn = (): void => {
      this.#channel.consumed(end)
      done()
    }
    if (this.#emulator === null) drawn()
    else this.#emulator.markGap(this.#words().gapMark(bytes), drawn)
  }

  #visibility(): void {
    const { hidden } = this.#host.ownerDocument
    if (hidden) return
    if (!this.#hiddenPause) return
    this.#hiddenPause = false
    this.#catchingUpSince = this.#connection.now()
    this.#alarm('caught-up', CAUGHT_UP_MS, () => this.#feed.idle() && this.#caughtUp())
    this.#look()
  }

  #caughtUp(): void {
    this.#catchingUpSince = null
    this.#look()
  }

  // ---- the emulator ----

  #load(): void {
    this.#loading = 'loading'
    this.#ports
      .loadEmulator(
        {
          host: this.#host,
          panel: this.#host,
          highContrast: () => isHighContrast(this.#host),
          scrollback: this.#handlers.scrollback ?? 10_000,
          label: this.#words().terminal,
          describedBy: this.#host.parentElement?.getAttribute('data-described-by') ?? '',
        },
        this.#emulatorEvents(),
      )
      .then(
        (emulator) => this.#loaded(emulator),
        (cause: unknown) => this.#loadFailed(cause),
      )
    this.#look()
  }

  #loaded(emulator: Emulator): void {
    if (this.#disposed) return emulator.dispose()
    this.#emulator = emulator
    this.#loading = 'ready'
    this.#fit()
    this.#feed.attach(emulator)
    if (this.#handlers.autoFocus) emulator.focus()
    this.#look()
  }

  #loadFailed(cause: unknown): void {
    if (this.#disposed) return
    this.#loading = 'failed'
    this.#handlers.onError?.(new Error('The terminal emulator could not be loaded.', { cause }))
    this.#look()
  }

  #emulatorEvents(): EmulatorEvents {
    return {
      typed: (text) => this.#typed(text),
      report: (data) => this.#report(data),
      reply: (text) => this.#reply(text),
      pasted: (text) => this.pasted(text),
      title: (title) => this.#titled(title),
      folder: (folder) => {
        this.#folder = folder
        this.#look()
      },
      bell: () => this.#bell(),
      focus: (on) => {
        this.#feed.focus(on)
        this.#show({ focused: on })
        this.#look()
      },
      fitWanted: () => this.#alarm('fit', SETTLE_MS, () => this.#fit()),
      gapVisible: () => this.#gapVisible(),
      enter: () => this.#enter(),
    }
  }

  /** Takes the size of the box, once no write is pending; a hidden box keeps the size that the program has. */
  #fit(): void {
    this.#feed.between(() => {
      const size = this.#replay === null ? this.#emulator?.fitting() : undefined
      if (!size) return
      this.#emulator?.resize(size)
      if (this.#sentSize?.cols === size.cols && this.#sentSize.rows === size.rows) return
      this.#sentSize = size
      this.#channel.resize(size)
    })
  }

  #estimate(): TerminalSize | null {
    const probe = makeProbe(this.#host)
    const look = readLook(probe, false)
    const size = estimateSize(this.#host, measureCell(probe, look), look)
    probe.remove()
    return size
  }

  #titled(title: string): void {
    this.#title = title
    this.#handlers.onTitle?.(title)
    this.#look()
  }

  #bell(): void {
    const now = this.#connection.now()
    if (this.#bellAt !== null && now - this.#bellAt < 1000) return
    this.#bellAt = now
    this.#show({ bell: true })
    this.#alarm('bell', BELL_FRAME_MS, () => this.#show({ bell: false }))
    this.#look()
  }

  #gapVisible(): void {
    if (this.#gapSeenAt !== null && this.#gapSeenAt >= (this.#memory.note?.since ?? 0)) return
    this.#gapSeenAt = this.#connection.now()
    this.#look()
  }

  // ---- typing ----

  #typed(text: string): void {
    const { status } = this.#connection.snapshot()
    if (status.phase === 'ended' || status.phase === 'elsewhere') return
    const echoed = this.#emulator?.echoed() ?? false
    const accepted = this.#channel.write(text)
    if (accepted === 'sent') {
      this.#masked = !echoed
      this.#emulator?.expectEcho(text)
    }
    if (accepted !== 'held') return
    if (this.#heldTyped === '') this.#masked = !echoed
    this.#heldTyped += text
    this.#look()
  }

  /** Mouse and focus reports tell where something is now: kept for later they would be wrong. */
  #report(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#connection.snapshot().status.phase === 'ready') this.#channel.write(data)
  }

  #reply(text: string): void {
    const parsing = this.#feed.parsing()
    if (parsing !== null && !parsing.answered) this.#channel.reply(text, parsing.at)
  }

  #unsent({ bytes }: ChannelEvents['unsent']): void {
    this.#unsentTyped += new TextDecoder().decode(bytes)
    this.#look()
  }

  #enter(): boolean {
    const { line } = this.store.getState()
    if (!line.action?.enter || line.action.busy || this.#connection.now() - this.#memory.shownSince < ENTER_AFTER_MS) return false
    this.act(line.action.kind)
    return true
  }

  // ---- pasting ----

  #ask(question: Omit<PasteQuestion, 'id'>): void {
    this.#show({ question: { ...question, id: ++this.#questions } })
  }

  #farEdge(): 'top' | 'bottom' {
    const { cursor, rows } = this.#emulator?.cursorRow() ?? { cursor: 0, rows: 2 }
    return cursor * 2 < rows ? 'bottom' : 'top'
  }

  #deliver(clean: string): void {
    if (clean === '') return
    const typed = encodePaste(clean, this.#emulator?.bracketedPaste() ?? false)
    if (typed.length <= TYPED_PASTE) return this.#typed(typed)
    const { phase } = this.#connection.snapshot().status
    if (phase === 'ended' || phase === 'elsewhere') return
    const paste = this.#channel.paste(typed)
    this.#paste = { paste, since: this.#connection.now() }
    this.#pasteStopped = null
    this.#look()
    void paste.done.then(({ sent, complete }) => {
      if (this.#disposed || this.#paste?.paste !== paste) return
      this.#paste = null
      if (!complete) this.#pasteStopped = { bytes: paste.bytes, sent, at: this.#connection.now() }
      this.#look()
    })
  }

  // ---- the line ----

  #look(): void {
    if (this.#disposed) return
    const snapshot = this.#connection.snapshot()
    this.#followInput(snapshot)
    if (this.#host.ownerDocument.hidden && snapshot.paused.hidden) this.#hiddenPause = true
    const { memory, line, wakeAt } = step(this.#memory, this.#facts(snapshot), this.#words())
    this.#memory = memory
    this.#show({ line: sameLine(this.store.getState().line, line), polite: memory.polite, alert: memory.alert })
    this.#emulator?.showCursor(line.level !== 'needsYou')
    if (wakeAt === null) this.#stop('look')
    else this.#alarm('look', Math.max(0, wakeAt - this.#connection.now()), () => this.#look())
  }

  #facts(snapshot: Snapshot): Facts {
    const { paste, since } = this.#paste ?? { paste: null, since: 0 }
    return {
      now: this.#connection.now(),
      snapshot,
      emulator: this.#loading,
      drawn: this.#drawn,
      title: this.#title,
      folder: this.#folder,
      speaks: this.store.getState().focused || this.#ports.neighbours() === 0,
      masked: this.#masked,
      hover: this.#hover,
      roundTripMs: this.#hover ? this.#connection.stats().roundTripMs : null,
      catchingUpSince: this.#catchingUpSince,
      gapSeenAt: this.#gapSeenAt,
      gapDismissedAt: this.#gapDismissedAt,
      retriedAt: this.#retriedAt,
      canSignIn: this.#handlers.onSignIn !== undefined,
      paste: paste === null ? null : { bytes: paste.bytes, sent: paste.sent(), since },
      pasteStopped: this.#pasteStopped,
      bellAt: this.#bellAt,
    }
  }

  /** What waits after the cursor follows the snapshot: gone once it was sent, struck through once it was refused. */
  #followInput({ held, unsent }: Snapshot): void {
    if (held.keys === 0) this.#heldTyped = ''
    if (unsent === null && this.#unsentShown) this.#unsentTyped = ''
    this.#unsentShown = unsent !== null
    if (this.#unsentTyped !== '' && held.keys === 0)
      this.#emulator?.showHeld({ kind: 'unsent', text: heldText(this.#unsentTyped, this.#masked) })
    else if (glyphs(this.#heldTyped).length > 0)
      this.#emulator?.showHeld({ kind: 'held', text: heldText(this.#heldTyped, this.#masked) })
    else this.#emulator?.showHeld(null)
  }

  #words(): Words {
    const { words } = this.#handlers
    return words === undefined ? english : { ...english, ...words }
  }

  #copyDetails(): void {
    const { status } = this.#connection.snapshot()
    const stats = this.#connection.stats()
    const end = status.phase === 'ended' ? status.end : null
    const facts = [
      `Terminal: ${this.allocationId}`,
      `State: ${status.phase === 'elsewhere' ? `elsewhere (${status.how})` : status.phase}`,
      ...(end === null ? [] : [`Reason: ${end.reason} (${end.code})`]),
      `Output: ${stats.received} bytes received, ${stats.missing} missing`,
      `Reconnects: ${stats.reconnects}`,
      `Time: ${new Date().toISOString()}`,
      `Page: ${this.#host.ownerDocument.location.origin}`,
    ]
    copyText(this.#host, facts.join('\n'))
    this.#show({ copied: true, polite: this.#words().copied })
    this.#alarm('copied', 2000, () => this.#show({ copied: false }))
  }

  #show(change: Partial<PanelView>): void {
    const view = this.store.getState()
    const next = { ...view, ...change }
    const keys = Object.keys(change) as (keyof PanelView)[] // the keys of a Partial<PanelView>
    if (keys.some((key) => view[key] !== next[key])) this.store.setState(next)
  }

  /** One timer by that name: a new one replaces it. */
  #alarm(name: string, ms: number, run: () => void): void {
    this.#stop(name)
    this.#alarms.set(
      name,
      setTimeout(() => {
        this.#alarms.delete(name)
        run()
      }, ms),
    )
  }

  #stop(name: string): void {
    clearTimeout(this.#alarms.get(name))
    this.#alarms.delete(name)
  }
}

/** The old object if nothing in it changed, so that nothing renders. Lines are small and plain. */
function sameLine(before: StatusLine, after: StatusLine): StatusLine {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after
}

function isHighContrast(host: HTMLElement): boolean {
  const wanted = host.closest<HTMLElement>('.nt')?.dataset['contrast']
  if (matchMedia('(forced-colors: active)').matches || wanted === 'more') return true
  return wanted !== 'normal' && matchMedia('(prefers-contrast: more)').matches
}

/** Copies by the clipboard, or where a page may not use that, by a selection. */
function copyText(host: HTMLElement, text: string): void {
  const document = host.ownerDocument
  const fallback = (): void => {
    const field = document.createElement('textarea')
    field.value = text
    field.className = 'nt-vh'
    host.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
  const clipboard: Clipboard | undefined = document.defaultView?.navigator.clipboard
  if (clipboard === undefined) fallback()
  else clipboard.writeText(text).catch(fallback)
}

function unreachable(value: never): never {
  throw new Error(`A panel knows no action ${String(value)}.`)
}
