/** Leaves out frames of a terminal that is behind its output. */
import { DrawingPace, type Coming } from '../drawingPace.ts'
import type { EmulatorPart, Inside } from './api.ts'

/** What xterm.js 6.0.0 has inside; not public. With another version, which looks different inside, every frame is drawn. */
interface Core {
  readonly _core?: {
    readonly _renderService?: { readonly _renderDebouncer?: Debouncer }
    /** Moves the field that takes keys to the cursor, so that input methods write there; called with each slice that was parsed. */
    _syncTextArea?(): void
  }
}

/** Notes which rows changed and draws them with the next frame. */
interface Debouncer {
  /** Of the frame that was asked for: while it is set no other one is. */
  _animationFrame?: number | undefined
  _innerRefresh?(): void
}

/** The output of the terminal on its way. */
export interface Flow {
  behind(): boolean
  /** Keys whose echo must have been parsed by now. */
  echoes(): number
  /** The echo of a key is still to come. */
  awaited(): boolean
  /** Milliseconds. */
  now(): number
  /** Runs `task` after what the browser does now. */
  soon(task: () => void): void
  /** Calls `look` whenever an echo has been parsed, and whenever nothing waits any more. */
  tells(look: () => void): void
}

export interface Drawing extends EmulatorPart {
  follow(flow: Flow): void
}

/** Stands where xterm.js keeps the number of a frame that it has asked for: so it asks for none. */
const PAUSED = -1
/** Whether an echo is still awaited is looked at so often, in milliseconds. */
const LOOK_MS = 33

export function drawingPart({ terminal, host }: Inside): Drawing {
  const core = inside(terminal)._core
  const debouncer = core?._renderService?._renderDebouncer
  const moveField = core?._syncTextArea?.bind(core)
  const draw = debouncer?._innerRefresh?.bind(debouncer)
  const view = host.ownerDocument.defaultView
  let timer: number | undefined
  let isOver = false

  return {
    follow(flow) {
      if (debouncer === undefined || draw === undefined || view === null) return
      const pace = new DrawingPace()
      const coming = (): Coming => ({
        now: flow.now(),
        behind: flow.behind(),
        echoes: flow.echoes(),
        awaited: flow.awaited(),
      })

      const frame = (): void => {
        // Writes that were pending ask for frames of a terminal that is gone.
        if (isOver) return
        const now = flow.now()
        const waitMs = pace.wait(coming())
        if (waitMs > 0) return pause(waitMs)
        pace.draws(now)
        moveField?.()
        // Styles, layout and paint come after this call and before the next task.
        flow.soon(() => pace.took(flow.now() - now))
        draw()
      }

      /** Without a frame to wait for: the browser would do all the work of one, in each of its processes. */
      const pause = (waitMs: number): void => {
        debouncer._animationFrame = PAUSED
        timer = view.setTimeout(look, Math.min(waitMs, LOOK_MS))
      }

      const look = (): void => {
        if (debouncer._animationFrame !== PAUSED) return
        view.clearTimeout(timer)
        const waitMs = pace.wait(coming())
        if (waitMs > 0) return pause(waitMs)
        debouncer._animationFrame = view.requestAnimationFrame(frame)
      }

      debouncer._innerRefresh = frame
      // A field that moves makes the browser draw, whatever is left out here.
      if (core && moveField) {
        core._syncTextArea = () => {
          if (!flow.behind()) moveField()
        }
      }
      flow.tells(look)
    },
    dispose() {
      isOver = true
      view?.clearTimeout(timer)
    },
  }
}

const inside = (terminal: object): Core => terminal
