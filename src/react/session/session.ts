/** One terminal of a page: joins a connection, an emulator, the status line and the features, and keeps what a person sees in a store. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BugReport, Channel, Connection, Facts as HostFacts, Snapshot } from '../../client/api.ts'
import { Feed, type Scheduler } from '../feed.ts'
import type { ActionKind, Facts } from '../status/status.ts'
import type { EarlyInput } from '../typing/earlyField.ts'
import { typing, type Typing } from '../typing/typing.ts'
import { english } from '../words/english.ts'
import { withWords, type SomeWords, type Words } from '../words/words.ts'
import type { Emulator, EmulatorEvents } from '../xterm/api.ts'
import type { Hands } from '../xterm/hands.ts'
import { Alarms } from './alarms.ts'
import { buttons, type Buttons } from './buttons.ts'
import { catchingUp, type CatchingUp } from './catchingUp.ts'
import type { Feature, PanelContext } from './context.ts'
import { emulatorOf, type EmulatorOf, type LoadEmulator } from './emulatorOf.ts'
import { coreFeatures, type CoreFeatures } from './coreFeatures.ts'
import type { Features, makeFeatures } from './features.ts'
import { gaps, type Gaps } from './gaps.ts'
import { estimateGrid, grid, type Grid } from './grid.ts'
import { guarded } from './guarded.ts'
import type { PanelHandlers } from './handlers.ts'
import { lateFeatures, type LateFeatures } from './lateFeatures.ts'
import { program, type Program } from './program.ts'
import { sight, type Sight } from './sight.ts'
import { speakingLine, type SpeakingLine } from './speakingLine.ts'
import { changed } from './changed.ts'
import { EMPTY_VIEW, type LateView, type PanelView } from './view.ts'

/** What a session needs besides a document. */
export interface SessionPorts {
  /** Where it goes to, as one string. */
  readonly name: string
  /** Opens the connection; called once. `handlers` are the newest props at any time. */
  readonly connect: (handlers: () => PanelHandlers) => Connection
  readonly loadEmulator: LoadEmulator
  /** What comes after the first screen. */
  readonly loadLate: () => Promise<Late>
  readonly scheduler: Scheduler
  /** Other panels of the page. */
  readonly neighbours: () => number
  /** Milliseconds that the panel has been there already. */
  readonly waitedMs: number
}

type Late = Pick<LateView, 'slots'> & { readonly makeFeatures: typeof makeFeatures }

export class Session {
  readonly store: StoreApi<PanelView> = createStore(() => EMPTY_VIEW)
  readonly allocationId: string
  readonly name: string
  readonly core: CoreFeatures
  #ports: SessionPorts
  /** As the host gave them. */
  #given: PanelHandlers
  #handlers: PanelHandlers
  #host: HTMLElement
  #connection: Connection
  #channel: Channel
  #feed: Feed
  #sight: Sight
  #alarms = new Alarms()
  #context: PanelContext
  #line: SpeakingLine
  #grid: Grid
  #gaps: Gaps
  #catchingUp: CatchingUp
  #typing: Typing
  #program: Program
  #emulator: EmulatorOf
  #late: LateFeatures
  #buttons: Buttons
  #cleanups: (() => void)[] = []
  #disposed = false
  #drawn = false
  #lookName = ''
  /** The words of the newest props. */
  #spoken: { readonly some: SomeWords | undefined; readonly all: Words } = { some: undefined, all: english }

  constructor(allocationId: string, ports: SessionPorts, handlers: PanelHandlers, mount: HTMLElement) {
    this.allocationId = allocationId
    this.name = ports.name
    this.#ports = ports
    this.#given = handlers
    this.#handlers = guarded(handlers)
    this.#host = mount.ownerDocument.createElement('div')
    this.#host.className = 'nt-grid'
    // It may throw: then nothing is left in the page.
    this.#connection = ports.connect(() => this.#handlers)
    mount.append(this.#host)
    const size = estimateGrid(this.#host)
    this.#channel = this.#connection.open(size === null ? {} : { size })
    this.#feed = new Feed(
      ports.scheduler,
      (offset) => this.#consumed(offset),
      () => this.#quiet(),
    )
    this.#sight = sight(this.#host)
    this.#sight.watch(() => this.#seen(this.#sight.inView()))
    const context = this.#makeContext()
    this.#context = context
    this.#emulator = emulatorOf(context, ports.loadEmulator, this.#emulatorEvents(), (emulator) => this.#there(emulator))
    this.#line = speakingLine(context, this.#connection.now() - ports.waitedMs, () => this.#facts())
    this.#grid = grid(context, size)
    this.#gaps = gaps(context, () => this.#line.noteSince())
    this.#catchingUp = catchingUp(context)
    this.#typing = typing(context)
    this.#program = program(context)
    this.core = coreFeatures(context)
    this.#late = lateFeatures(context, () => this.#bringLate())
    this.#buttons = buttons(context, {
      reload: () => this.#emulator.load(),
      showGap: this.#gaps.show,
      stopPaste: this.core.paste.stop,
      unsent: this.#typing.unsent,
    })
    this.#listen()
    this.#emulator.load()
  }

  /** Moves the grid into another element; the same one again changes nothing. */
  attach(mount: HTMLElement): void {
    if (this.#host.parentElement !== mount) mount.append(this.#host)
  }

  /** The newest props. */
  handlers(handlers: PanelHandlers): void {
    if (sameProps(handlers, this.#given)) return
    this.#given = handlers
    this.#handlers = guarded(handlers)
    for (const feature of this.#all()) feature.hostChanged?.()
    this.#look()
  }

  /** Null until they are there, which is soon after the first screen. */
  features(): Features | null {
    return this.#late.now()
  }

  /** Does something with them: at once, or as soon as they are there. */
  later(run: (features: Features) => void): void {
    this.#late.later(run)
  }

  /** The same for what has an answer; null where they do not come. */
  async asked<T>(run: (features: Features) => Promise<T>): Promise<T | null> {
    const features = this.#late.now() ?? (await this.#late.load())
    return features && run(features)
  }

  /** A part of the panel could not be loaded; the same function ever. */
  failed = (error: Error): void => this.#handlers.onError?.(error)

  // ---- what a person asks for ----

  act(kind: ActionKind): void {
    this.#buttons.press(kind)
  }

  hover(on: boolean): void {
    this.#buttons.hover(on)
  }

  /** Typed text from the host, as if a person had typed it. */
  write(text: string): void {
    this.#typing.typed(text)
  }

  focus(): void {
    this.#emulator.now()?.focus()
  }

  /** Takes over from the field that was there before the emulator. */
  goOn(kept: readonly EarlyInput[], focused: boolean): void {
    const emulator = this.#emulator.now()
    if (focused) emulator?.focus()
    for (const input of kept) {
      if ('paste' in input) this.core.paste.pasted(input.paste)
      else emulator?.take(input)
    }
  }

  /** What a person does to the screen without typing; undefined until the emulator is there. */
  hands(): Hands | undefined {
    return this.#emulator.now()?.early.hands
  }

  fit(): void {
    this.#grid.fit()
  }

  /** The panel's own look changed; the same name again changes nothing. */
  restyle(look: string): void {
    if (look === this.#lookName) return
    this.#lookName = look
    this.#emulator.now()?.restyle()
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

  /** The program's, once it has ended with one. */
  exitCode(): number | null {
    const { status } = this.#connection.snapshot()
    return status.phase === 'ended' ? (status.end.exit?.code ?? null) : null
  }

  /** The bug report, with facts of the host's own. */
  report(facts?: HostFacts): BugReport {
    return this.#connection.report(facts)
  }

  /** The screen with its scrollback as text. */
  text(): string {
    return this.#emulator.now()?.text() ?? ''
  }

  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.#alarms.stopAll()
    for (const cleanup of this.#cleanups) cleanup()
    for (const feature of this.#all()) feature.dispose?.()
    this.#late.dispose()
    this.#catchingUp.dispose()
    this.#sight.dispose()
    this.#program.dispose()
    this.#feed.dispose()
    this.#connection.dispose()
    this.#emulator.dispose()
    this.#host.remove()
  }

  // ---- the connection ----

  #listen(): void {
    const handlers = (): PanelHandlers => this.#handlers
    this.#cleanups.push(
      this.#connection.subscribe(() => this.#look()),
      this.#connection.on('ready', (event) => {
        handlers().onReady?.(event)
        // With the connection the network is back.
        if (this.#emulator.now() !== null) void this.#late.load()
      }),
      this.#connection.on('close', (end) => handlers().onClose?.(end)),
      this.#connection.on('error', (error) => handlers().onError?.(error)),
      this.#connection.on('diagnostic', (diagnostic) => handlers().onDiagnostic?.(diagnostic)),
      this.#connection.on('policy', (diagnostic) => handlers().onPolicy?.(diagnostic)),
      this.#channel.on('data', (output) => {
        // First the screen: a host that throws must not cost it bytes.
        this.#feed.push(output)
        handlers().onData?.(output.bytes)
      }),
      this.#channel.on('reset', (reset) =>
        this.#feed.act((done) => {
          this.#program.reset()
          for (const feature of this.#all()) feature.reset?.()
          this.#grid.reset(reset, done)
        }),
      ),
      this.#channel.on('gap', (gap) => this.#feed.act((done) => this.#gaps.mark(gap, done))),
      this.#channel.on('unsent', (unsent) => this.#typing.refused(unsent)),
    )
  }

  #consumed(offset: number): void {
    this.#channel.consumed(offset)
    if (!this.#drawn) {
      this.#drawn = true
      this.#look()
    }
    this.#grid.consumed(offset)
  }

  #quiet(): void {
    this.#grid.quiet()
    this.#catchingUp.quiet()
  }

  // ---- the emulator ----

  #seen(inView: boolean): void {
    this.#feed.see(inView)
    if (inView) this.#emulator.now()?.seen()
  }

  #there(emulator: Emulator): void {
    for (const feature of this.#all()) feature.ready?.(emulator)
    this.#grid.fit()
    this.#feed.attach(emulator)
    emulator.early.drawing.follow(this.#feed)
    this.#context.show({ grid: true })
    // Whatever a first screen needs has come through the network by now.
    void this.#late.load()
  }

  async #bringLate(): Promise<Features | null> {
    const { makeFeatures, slots } = await this.#ports.loadLate()
    if (this.#disposed) return null
    const late = makeFeatures(this.#context, this.core, this.#program)
    const emulator = this.#emulator.now()
    for (const feature of Object.values<Feature>(late)) {
      if (emulator !== null) feature.ready?.(emulator)
      if (this.store.getState().focused) feature.focused?.(true)
    }
    // Keys are for shortcuts after everybody else.
    const features = { ...late, ...this.core }
    this.#context.show({ late: { features, slots } })
    return features
  }

  #emulatorEvents(): EmulatorEvents {
    return {
      typed: (text) => {
        this.core.voice.typed(text)
        this.#typing.typed(this.features()?.touch.typed(text) ?? text)
      },
      report: (data) => this.#typing.report(data),
      reply: (text) => this.#typing.reply(text),
      pasted: (text) => this.core.paste.pasted(text),
      title: (title) => this.#program.titled(title),
      folder: (folder) => this.#program.inFolder(folder),
      bell: () => this.#program.rang(),
      focus: (on) => {
        this.#feed.focus(on)
        this.#context.show({ focused: on })
        for (const feature of this.#all()) feature.focused?.(on)
        this.#look()
      },
      fitWanted: () => this.#grid.fitSoon(),
      gapVisible: () => this.#gaps.visible(),
      wanted: () => this.#late.arrived(),
      key: (event) => this.#key(event),
      failed: (error) => this.#handlers.onError?.(error),
    }
  }

  #key(event: KeyboardEvent): boolean {
    if (this.#all().some((feature) => feature.key?.(event))) return true
    const action = event.key === 'Enter' && !event.repeat ? this.#line.onEnter() : undefined
    if (action === undefined) return false
    this.act(action.kind)
    return true
  }

  // ---- what its parts share ----

  #makeContext(): PanelContext {
    return {
      allocationId: this.allocationId,
      host: this.#host,
      connection: this.#connection,
      channel: this.#channel,
      feed: this.#feed,
      sight: this.#sight,
      alarms: this.#alarms,
      now: () => this.#connection.now(),
      emulator: () => this.#emulator.now(),
      words: () => this.#words(),
      handlers: () => this.#handlers,
      view: () => this.store.getState(),
      show: (change) => this.store.setState(changed(this.store.getState(), change)),
      look: () => this.#look(),
      say: (polite) => this.#line.say(polite),
      type: (text) => this.#typing.typed(text),
      focus: () => this.focus(),
      later: (run) => this.#late.later(run),
    }
  }

  #all(): readonly Feature[] {
    return Object.values(this.features() ?? this.core)
  }

  #words(): Words {
    const { words } = this.#handlers
    if (this.#spoken.some !== words) this.#spoken = { some: words, all: withWords(english, words) }
    return this.#spoken.all
  }

  #look(): void {
    if (!this.#disposed) this.#line.look()
  }

  #facts(): Facts {
    const snapshot: Snapshot = this.#connection.snapshot()
    this.#typing.follow(snapshot)
    this.#catchingUp.follow(snapshot)
    return {
      now: this.#connection.now(),
      snapshot,
      drawn: this.#drawn,
      speaks: this.store.getState().focused || this.#ports.neighbours() === 0,
      ...this.#emulator.facts(),
      ...this.#buttons.facts(),
      ...this.#program.facts(),
      ...this.#typing.facts(),
      ...this.#grid.facts(),
      ...this.#gaps.facts(),
      ...this.#catchingUp.facts(),
      ...Object.assign({}, ...this.#all().map((feature) => feature.facts?.() ?? {})),
    }
  }
}

/** A panel renders more often than its host says something new. */
function sameProps(one: PanelHandlers, other: PanelHandlers): boolean {
  const keys = Object.keys({ ...one, ...other }) as (keyof PanelHandlers)[] // the keys of PanelHandlers
  return keys.every((key) => Object.is(one[key], other[key]))
}
