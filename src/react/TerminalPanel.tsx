'use client'
/** A terminal for an allocation: the frame, the grid, and one line that says what the connection is doing. */
import { forwardRef, useImperativeHandle, type CSSProperties, type ForwardedRef, type ReactNode } from 'react'
import type { PanelTarget } from './store.ts'
import type { TerminalPanelHandle } from './terminal/handle.ts'
import type { TerminalOptions } from './terminal/options.ts'
import { useTerminal, type Terminal } from './terminal/useTerminal.tsx'

export type { TerminalPanelHandle } from './terminal/handle.ts'

/** Draws something of the host's own. `usual` is what would stand there; a terminal in it is the panel's own. */
export type TerminalSlot = (usual: ReactNode, terminal: Pick<Terminal, 'line' | 'focused' | 'act' | 'handle'>) => ReactNode

/** Where a host may draw. The line keeps its height and its colours, and what is said aloud stays the panel's own. */
export interface TerminalSlots {
  /** In the line. */
  readonly status?: TerminalSlot
  /** In the middle of a view where nothing was ever drawn. */
  readonly middle?: TerminalSlot
  /** Over the view, for as long as the panel lives. `usual` are the sheets and menus: leave them in. */
  readonly overlay?: TerminalSlot
}

export interface TerminalPanelProps extends PanelTarget, TerminalOptions {
  /** Beside the panel's own class; wins over its root. */
  readonly className?: string
  /** Of the outermost element. */
  readonly style?: CSSProperties
  /** Draws something of the host's own in the line, in the middle or over the view. */
  readonly slots?: TerminalSlots
}

/** `<TerminalPanel allocationId="…"/>` works with no other prop on the origin that serves the terminal. */
export const TerminalPanel = forwardRef(function TerminalPanel(
  props: TerminalPanelProps,
  ref: ForwardedRef<TerminalPanelHandle>,
): ReactNode {
  const { allocationId, className, style, slots = {}, ...options } = props
  const { status, middle, overlay } = slots
  const terminal = useTerminal(allocationId, options)
  const { frame, grid, parts, handle } = terminal
  useImperativeHandle(ref, () => handle, [handle])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- shortcuts work anywhere in the panel
    <section {...frame} className={className === undefined ? frame.className : `${frame.className} ${className}`} style={style}>
      <div className="nt-frame">
        <div className="nt-view">
          <div className="nt-stage">
            <div {...grid} />
            <div className="nt-gutter">{parts.gutter}</div>
          </div>
          {middle && parts.middle ? middle(parts.middle, terminal) : parts.middle}
          {overlay ? overlay(parts.overlays, terminal) : parts.overlays}
        </div>
        {parts.status(status && ((usual) => status(usual, terminal)))}
        <div className="nt-keys">{parts.softKeys}</div>
        {parts.speech}
      </div>
    </section>
  )
})
