/** Leaves out frames of a terminal that is behind its output. */
import { DrawingPace } from '../drawingPace.ts'
import type { EmulatorPart, Inside } from './api.ts'

/** What xterm.js 6.0.0 has inside; not public. With another version, which looks different inside, every frame is drawn. */
interface Core {
  readonly _core?: { readonly _renderService?: { readonly _renderDebouncer?: Debouncer } }
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
}

export interface Drawing extends EmulatorPart {
  follow(flow: Flow): void
}

export function drawingPart({ terminal, host }: Inside): Drawing {
  const debouncer = inside(terminal)._core?._renderService?._renderDebouncer
  const draw = debouncer?._innerRefresh?.bind(debouncer)
  return {
    follow(flow) {
      if (debouncer === undefined || draw === undefined) return
      const pace = new DrawingPace()
      debouncer._innerRefresh = () => {
        const now = flow.now()
        const view = host.ownerDocument.defaultView
        if (view !== null && !pace.draws({ now, behind: flow.behind(), echoes: flow.echoes(), awaited: flow.awaited() })) {
          debouncer._animationFrame = view.requestAnimationFrame(() => debouncer._innerRefresh?.())
          return
        }
        // Styles, layout and paint come after this call and before the next task.
        flow.soon(() => pace.took(flow.now() - now))
        draw()
      }
    },
  }
}

const inside = (terminal: object): Core => terminal
