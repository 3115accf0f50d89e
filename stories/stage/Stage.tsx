/** Where a story plays: a page that is somebody else's, and panels on it whose server, network and time are the story's own. */
import { type CSSProperties, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { ScriptName } from '../../mock-server/scripts.ts'
import { TerminalPanel, type TerminalPanelHandle, type TerminalPanelProps } from '../../src/react/index.ts'
import './stage.css'
import { onToolbar } from './toolbar.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

export interface StageProps extends WorldOptions {
  /** A script of the fake server. Default: a shell in a little shop, and nothing happens by itself. */
  readonly script?: ScriptName
  readonly theme?: 'dark' | 'light'
  readonly contrast?: 'normal' | 'more'
  /** Of each panel, in CSS pixels. */
  readonly width?: number
  readonly height?: number
  /** The writing direction of the page. */
  readonly dir?: 'ltr' | 'rtl'
  /** How many panels there are. */
  readonly panels?: number
  /** All of them show one terminal. Default: each its own. */
  readonly sameTerminal?: boolean
  /** Another tab of this browser has the terminal already. */
  readonly otherTab?: boolean
  /** Time stands still from the beginning. */
  readonly stopped?: boolean
  /** Another arrangement than one beside the other; `panel(n)` is the nth of them. */
  readonly arrange?: (panel: (index: number) => ReactNode) => ReactNode
  /** Whatever else the panel is told. */
  readonly panel?: Partial<TerminalPanelProps>
  /** Style and class of the page around the panels. */
  readonly page?: { readonly className?: string; readonly style?: CSSProperties }
}

let stages = 0
const worlds = new WeakMap<Element, World>()
const handles = new WeakMap<Element, TerminalPanelHandle>()

/** The world of the story in this element. Throws if no story stands there. */
export function worldIn(canvas: HTMLElement): World {
  const stage = canvas.querySelector('[data-stage]')
  const world = stage && worlds.get(stage)
  if (!world) throw new Error('No story stands here.')
  return world
}

/** What the host of the first panel holds in its hand. */
export function handleIn(canvas: HTMLElement): TerminalPanelHandle {
  const stage = canvas.querySelector('[data-stage]')
  const handle = stage && handles.get(stage)
  if (!handle) throw new Error('No panel stands here.')
  return handle
}

/** What makes the world is read once: another script is another world. */
export function Stage(props: StageProps): ReactNode {
  return <Scene key={props.script} {...props} />
}

function Scene(props: StageProps): ReactNode {
  const { theme, contrast, width = 430, height = 190, dir, panels = 1, sameTerminal = false } = props
  const { panel, page, arrange } = props
  const stage = useRef<HTMLDivElement>(null)
  const name = useMemo(() => `shop-${++stages}`, [])
  const world = useWorld(props, stage, name)
  const loaded = useLoaded(world)
  const panelAt = (index: number): ReactNode =>
    world && (
      <TerminalPanel
        ref={index === 0 ? (handle) => void (stage.current && handle && handles.set(stage.current, handle)) : undefined}
        allocationId={sameTerminal ? name : `${name}-${index}`}
        panelKey={`${index}`}
        label={panels === 1 ? 'Terminal' : `Terminal ${index + 1}`}
        theme={theme}
        contrast={contrast}
        connect={world.connect}
        home="/home/ana"
        {...panel}
      />
    )
  const inBox = (index: number): ReactNode => (
    <div key={index} style={{ inlineSize: width, blockSize: height, maxInlineSize: '100%' }}>
      {panelAt(index)}
    </div>
  )
  return (
    <div
      ref={stage}
      data-stage={world ? 'ready' : ''}
      className={page?.className ?? 'stage'}
      style={page?.style}
      data-theme={theme}
      dir={dir}
      onPointerDownCapture={(event) => event.isTrusted && world?.time.go()}
      onKeyDownCapture={(event) => event.isTrusted && world?.time.go()}
    >
      {world && loaded && (arrange ? arrange(panelAt) : Array.from({ length: panels }, (_, index) => inBox(index)))}
    </div>
  )
}

/** False for a moment between two loads of the page: the panel of the first one is gone before the next one comes. */
function useLoaded(world: World | null): boolean {
  const [loads, setLoads] = useState(0)
  const [shown, setShown] = useState(0)
  useEffect(() => world?.watch(() => setLoads(world.loads())), [world])
  useEffect(() => {
    const timer = setTimeout(() => setShown(loads))
    return () => clearTimeout(timer)
  }, [loads])
  return shown === loads
}

function useWorld(props: StageProps, stage: { readonly current: HTMLElement | null }, name: string): World | null {
  const [world, setWorld] = useState<World | null>(null)
  const first = useRef(props)
  useEffect(() => {
    const { script, stopped, server, otherTab, ...options } = first.current
    let here = true
    const made = createWorld({ ...options, server: script === undefined ? server : { ...server, script } })
    if (stopped) made.time.stop()
    if (stage.current) worlds.set(stage.current, made)
    const leave = onToolbar(made)
    const begun = otherTab ? made.openElsewhere(`${name}-0`, '0') : Promise.resolve()
    void begun.then(() => here && setWorld(made))
    return () => {
      here = false
      leave()
      setWorld(null)
      made.end()
    }
  }, [stage, name])
  return world
}
