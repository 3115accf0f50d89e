/** What of the clipboard the emulator has a part in: the selection, requests of programs, and the buttons of a mouse. */
import type { MiddleClick, RightClick } from '../clipboard/clipboard.ts'
import { copied } from '../clipboard/text.ts'
import type { EmulatorPart, Inside } from './api.ts'

export interface ClipboardEvents {
  /** The parameters of an OSC 52. */
  asked(data: string): void
  /** A selection was made with the pointer and stands. */
  selected(text: string): void
  rightClick(): RightClick
  middleClick(): MiddleClick
  /** Copies the selection for a button; false where nothing is selected. */
  copy(): boolean
  /** Pastes from the clipboard for a button. */
  paste(): void
  /** Somebody wants files that are dropped. */
  takesFiles(): boolean
  /** Files or a text were dropped, or files pasted. */
  dropped(data: { readonly files: readonly File[]; readonly text: string }): void
  /** A person touched the panel so many milliseconds ago: a key or a button of a pointer. */
  gesture(agoMs: number): void
}

export interface ClipboardPart extends EmulatorPart {
  watch(events: ClipboardEvents): void
  /** The selection without blanks at the ends of its lines, or nothing. */
  selection(): string
  clearSelection(): void
}

export function clipboardPart({ terminal, host, signal, read }: Inside): ClipboardPart {
  let events: ClipboardEvents | null = null
  /** What nobody has heard yet. */
  const missed: ((events: ClipboardEvents) => void)[] = []
  let touchedAt = -Infinity
  let selecting = false
  /** The right button went down and copied; its menu is not wanted. */
  let copying = false
  /** A paste that comes now was made by the middle button, and is not wanted. */
  let unwanted = false
  /** What the middle button pastes without the browser. */
  let own = ''
  const selection = (): string => copied(terminal.getSelection())

  host.addEventListener('copy', copy, { signal, capture: true })
  host.addEventListener('paste', pasteFiles, { signal, capture: true })
  // Before whatever listens in the panel.
  host.ownerDocument.addEventListener('paste', refusePaste, { signal, capture: true })
  host.addEventListener('auxclick', middleClick, { signal, capture: true })
  host.addEventListener('mousedown', rightPress, { signal, capture: true })
  host.addEventListener('contextmenu', menuWanted, { signal, capture: true })
  host.addEventListener('dragover', dragOver, { signal })
  host.addEventListener('drop', drop, { signal })
  for (const name of ['keydown', 'pointerdown'] as const) host.addEventListener(name, touched, { signal, capture: true })
  host.addEventListener('pointerdown', pressed, { signal, capture: true })
  host.addEventListener('keydown', () => (unwanted = copying = false), { signal, capture: true })
  // The pointer may be let go outside of the panel.
  host.ownerDocument.addEventListener('pointerup', selectionEnds, { signal })

  function tell(run: (events: ClipboardEvents) => void): void {
    if (events === null) missed.push(run)
    else run(events)
  }

  function touched(event: Event): void {
    if (!event.isTrusted) return
    touchedAt = performance.now()
    events?.gesture(0)
  }

  /** The browser's own copying, filled with the selection: it needs no permission. */
  function copy(event: ClipboardEvent): void {
    const text = selection()
    event.preventDefault()
    event.stopPropagation()
    if (text === '') return
    event.clipboardData?.setData('text/plain', text)
    // The selection has served once it is copied: the next Ctrl-C interrupts.
    queueMicrotask(() => terminal.clearSelection())
  }

  function pasteFiles(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0 || event.clipboardData?.getData('text/plain') !== '') return
    event.preventDefault()
    event.stopImmediatePropagation()
    tell((heard) => heard.dropped({ files, text: '' }))
  }

  function pressed(event: PointerEvent): void {
    selecting = event.button === 0
    if (event.button !== 1) return void (unwanted = false)
    // Browsers have a selection of X11 made of their own text, and only some of them of what xterm.js selects.
    own = choice() === 'browser' && isX11(host) && !isProgrammed(event) ? selection() : ''
    unwanted = own !== '' || isProgrammed(event) || choice() !== 'browser'
  }

  const choice = (): MiddleClick => events?.middleClick() ?? 'browser'
  /** A program has the button. */
  const isProgrammed = (event: MouseEvent): boolean => !event.shiftKey && terminal.modes.mouseTrackingMode !== 'none'

  /** Browsers paste by that button into whatever field has the focus, wherever the pointer is. */
  function refusePaste(event: ClipboardEvent): void {
    if (!unwanted || !event.composedPath().includes(host)) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  function middleClick(event: MouseEvent): void {
    if (event.button !== 1 || !unwanted) return
    // xterm.js would move its field under the pointer, for the browser to paste into.
    event.stopPropagation()
    event.preventDefault()
    if (own !== '') tell((heard) => heard.dropped({ files: [], text: own }))
    else if (!isProgrammed(event) && choice() === 'paste') events?.paste()
  }

  /** WebKit lets a page copy while a button goes down, and no longer when it asks for a menu. */
  function rightPress(event: MouseEvent): void {
    copying = event.button === 2 && rightChoice(event) === 'copy-or-paste' && events?.copy() === true
  }

  function menuWanted(event: MouseEvent): void {
    const choice = copying ? 'copied' : rightChoice(event)
    copying = false
    if (choice === 'menu') return
    event.preventDefault()
    event.stopPropagation()
    // Keys and fingers ask for a menu without a press.
    const isDone = choice === 'copied' || (choice === 'copy-or-paste' && events?.copy() === true)
    if (!isDone) events?.paste()
  }

  /** A program that wants the mouse gets this button too; with Shift it is always the browser's. */
  function rightChoice(event: MouseEvent): RightClick {
    return event.shiftKey || isProgrammed(event) ? 'menu' : (events?.rightClick() ?? 'menu')
  }

  /** Without this the browser would leave the page for a file that is dropped into it. */
  function dragOver(event: DragEvent): void {
    event.preventDefault()
    if (event.dataTransfer !== null)
      event.dataTransfer.dropEffect = event.dataTransfer.types.includes('Files') && !events?.takesFiles() ? 'none' : 'copy'
  }

  function drop(event: DragEvent): void {
    event.preventDefault()
    const { dataTransfer: data } = event
    if (data === null) return
    const dropped = { files: [...data.files], text: data.getData('text/plain') }
    tell((heard) => heard.dropped(dropped))
  }

  function selectionEnds(event: PointerEvent): void {
    if (!selecting || event.button !== 0) return
    selecting = false
    // xterm.js finishes its selection in its own listener for the same button.
    setTimeout(() => {
      const text = signal.aborted ? '' : selection()
      if (text !== '') tell((heard) => heard.selected(text))
    })
  }

  return {
    watch(wanted) {
      events = wanted
      wanted.gesture(performance.now() - touchedAt)
      for (const run of missed.splice(0)) run(wanted)
      read(52, wanted.asked)
    },
    selection,
    clearSelection: () => terminal.clearSelection(),
  }
}

/** Where the middle button of a mouse pastes what was selected. */
function isX11(host: HTMLElement): boolean {
  return /Linux|BSD|SunOS/.test(host.ownerDocument.defaultView?.navigator.platform ?? '')
}
