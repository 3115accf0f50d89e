/** What an app makes of a terminal: its own frame, words, keys and parts, and what it asks of the handle. */
import type { Meta, StoryObj } from '@storybook/react-vite'
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, spyOn, userEvent, waitFor } from 'storybook/test'
import {
  playCast,
  readCast,
  TerminalPanel,
  type TerminalPanelHandle,
  type TerminalPanelProps,
  TerminalProvider,
  useTerminal,
} from '../src/react/index.ts'
import { german } from '../src/react/words/de.ts'
import styles from '../src/react/styles.css?inline'
import { type Person, person } from './stage/person.ts'
import { Stage } from './stage/Stage.tsx'

const meta = {
  title: 'Hosts',
  component: Stage,
  args: { shop: { history: ['npm test'] }, width: 640, height: 240 },
} satisfies Meta<typeof Stage>

export default meta
type Story = StoryObj<typeof meta>

async function atWork(canvas: HTMLElement): Promise<Person> {
  const me = person(canvas)
  await me.sees('ready')
  await me.readsOutput('3 passed')
  return me
}

/** What the panels of a page share is said once; what a panel says itself wins. */
export const SharedSettings: Story = {
  args: {
    panels: 2,
    arrange: (panel) => (
      <TerminalProvider words={german} theme="light">
        <div style={{ display: 'grid', gap: 8 }}>
          {[0, 1].map((index) => (
            <div key={index} style={{ inlineSize: 560, blockSize: 170 }}>
              {panel(index)}
            </div>
          ))}
        </div>
      </TerminalProvider>
    ),
  },
  async play({ canvasElement }) {
    await atWork(canvasElement)
    const panels = [...canvasElement.querySelectorAll('.nt[data-state]')]
    await expect(panels.map((panel) => panel.getAttribute('lang'))).toEqual(['de', 'de'])
    await person(canvasElement).finds('group', 'Zustand des Terminals', 1)
  },
}

function OwnFrame(props: TerminalPanelProps): ReactNode {
  const { allocationId, ...options } = props
  const { frame, grid, parts, line, act } = useTerminal(allocationId, options)
  return (
    <section {...frame} style={{ blockSize: 240, display: 'flex', flexDirection: 'column' }}>
      <header style={{ padding: 8 }}>
        Build 7: {line.id}{' '}
        {line.action && (
          <button type="button" onClick={() => line.action && act(line.action.kind)}>
            {line.action.label}
          </button>
        )}
      </header>
      <div style={{ flex: 1, minBlockSize: 0, position: 'relative' }}>
        <div {...grid} style={{ blockSize: '100%' }} />
        {parts.overlays}
      </div>
      {parts.speech}
    </section>
  )
}

/** Takes the props of the stage's own panel for another one. */
const instead = (draw: (props: TerminalPanelProps) => ReactNode) => (panel: (index: number) => ReactNode) => {
  // The stage draws panels: an element with their props.
  const { props } = panel(0) as { props: TerminalPanelProps }
  return <div style={{ inlineSize: 560 }}>{draw(props)}</div>
}

/** The hook that the panel is made of: the line as data, and the grid wherever it is put. */
export const FrameOfYourOwn: Story = {
  args: { arrange: instead((props) => <OwnFrame {...props} />) },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await me.types('git pull{Enter}')
    await me.readsOutput('Already up to date.')
    await expect(canvasElement.querySelector('header')).toHaveTextContent('Build 7: ready')
    me.hurts('cut')
    await waitFor(() => expect(canvasElement.querySelector('header')).toHaveTextContent('Retry now'))
  },
}

/** Something of the host's own in the line and over the view. The line keeps its height. */
export const Slots: Story = {
  args: {
    panel: {
      slots: {
        status: (usual, { line }) => (
          <>
            {usual}
            {line.id === 'ready' && <span style={{ paddingInline: 8, alignSelf: 'center' }}>eu-west</span>}
          </>
        ),
        overlay: (usual) => (
          <>
            {usual}
            <span style={{ position: 'absolute', insetBlockStart: 8, insetInlineEnd: 24 }}>Build 7</span>
          </>
        ),
      },
    },
  },
  async play({ canvasElement }) {
    await atWork(canvasElement)
    await waitFor(() => expect(canvasElement.querySelector('.nt-line')).toHaveTextContent('eu-west'))
    await expect(canvasElement.querySelector<HTMLElement>('.nt-line')?.offsetHeight).toBe(32)
  },
}

/** Keys that the host wants for itself, and a key of its own for finding. */
export const OwnShortcuts: Story = {
  args: { panel: { shortcuts: { find: 'Ctrl+K', details: false } } },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await me.types('{Control>}k{/Control}')
    await me.sees('search')
  },
}

/** What the handle can be asked for: typing, finding, reading, with colours too. */
export const Handle: Story = {
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.handle.write('git pull\r')
    await me.readsOutput('Already up to date.')
    await expect((await me.handle.search('cart')).total).toBe(2)
    me.handle.clearSearch()
    await me.sees('ready')
    await expect(me.handle.serializeText()).toContain('3 passed')
    await expect(await me.handle.serialize('html')).toContain('<pre')
    me.handle.scrollTo('start')
    await waitFor(() => expect(me.handle.commands().map(({ command }) => command)).toContain('git pull'))
  },
}

/** What happens in the terminal, as the host hears it. */
export const Events: Story = {
  args: { arrange: instead((props) => <Listening {...props} />) },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await me.types('npm test -- checkout{Enter}')
    me.prints('\u001b]0;shop\u0007\u0007\u001b]9;4;1;42\u0007\u001b]52;c;?\u0007')
    for (const said of [
      'ready',
      '/home/ana/shop',
      'npm test -- checkout ended with 1',
      'title shop',
      'bell',
      '42',
      'clipboard_refused',
    ])
      await waitFor(() => expect(canvasElement.querySelector('output')).toHaveTextContent(said))
  },
}

function Listening(props: TerminalPanelProps): ReactNode {
  const [heard, setHeard] = useState<readonly string[]>([])
  const hear = (said: string) => setHeard((before) => [...before, said])
  return (
    <>
      <div style={{ blockSize: 240 }}>
        <TerminalPanel
          {...props}
          onReady={() => hear('ready')}
          onCwd={(path) => hear(path)}
          onTitle={(title) => hear(`title ${title}`)}
          onBell={() => hear('bell')}
          onCommand={({ command, exitCode }) => hear(`${command} ended with ${exitCode}`)}
          onProgress={(progress) => hear(`progress ${progress?.percent ?? 'over'}`)}
          onPolicy={({ code }) => hear(code)}
        />
      </div>
      <output>{heard.join(' · ')}</output>
    </>
  )
}

/** Output is recorded as an asciicast and played in a panel whose program is that file. */
export const RecordAndReplay: Story = {
  args: { arrange: instead((props) => <Recorded {...props} />) },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    await userEvent.click(buttonIn(canvasElement, 'Record'))
    await waitFor(() => expect(buttonIn(canvasElement, 'Play')).toBeEnabled())
    await me.types('git pull{Enter}')
    await me.readsOutput('Already up to date.')
    await userEvent.click(buttonIn(canvasElement, 'Play'))
    await me.readsOutput('Already up to date.', 1)
    await expect(canvasElement.querySelectorAll('.nt[data-state]')).toHaveLength(2)
  },
}

function buttonIn(canvas: HTMLElement, name: string): HTMLElement {
  const found = [...canvas.querySelectorAll('button')].find((button) => button.textContent === name)
  if (!found) throw new Error(`There is no button ${name}.`)
  return found
}

function Recorded(props: TerminalPanelProps): ReactNode {
  const handle = useRef<TerminalPanelHandle>(null)
  const [recording, setRecording] = useState<{ stop(): string } | null>(null)
  const [player, setPlayer] = useState<ReturnType<typeof playCast> | null>(null)
  return (
    <>
      <button type="button" onClick={() => void handle.current?.record({ title: 'A pull' }).then(setRecording)}>
        Record
      </button>
      <button type="button" disabled={!recording} onClick={() => recording && setPlayer(playCast(readCast(recording.stop())))}>
        Play
      </button>
      <div style={{ blockSize: 180 }}>
        <TerminalPanel {...props} ref={handle} />
      </div>
      {player && (
        <div style={{ blockSize: 180 }}>
          <TerminalPanel allocationId="recorded" label="Recorded" connect={player.connect} viewOnly />
        </div>
      )}
    </>
  )
}

/** Files that are dropped: the host says where they are, and their paths are typed, quoted. */
export const DroppedFiles: Story = {
  args: { panel: { onDropFiles: (files) => files.map(({ name }) => `/srv/up loads/${name}`) } },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'list.txt'))
    canvasElement
      .querySelector('.xterm-screen')
      ?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    await me.readsOutput(`'/srv/up loads/list.txt'`)
  },
}

/** The buttons of a mouse, and copying whatever is selected, as terminals of X11 have it. */
export const MouseButtons: Story = {
  args: { panel: { rightClick: 'copy-or-paste', middleClick: 'paste', copyOnSelect: true } },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    const screen = canvasElement.querySelector('.xterm-screen')
    for (const text of ['git ', 'pull']) {
      spyOn(navigator.clipboard, 'readText').mockResolvedValue(text)
      const button = text === 'git ' ? 2 : 1
      const click = new MouseEvent(button === 2 ? 'contextmenu' : 'auxclick', { bubbles: true, cancelable: true, button })
      screen?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button }))
      screen?.dispatchEvent(click)
      await expect(click.defaultPrevented).toBe(true)
      await me.readsOutput(new RegExp(`\\$ ${text === 'pull' ? 'git pull' : 'git'}`))
    }
  },
}

/** An addon of xterm.js that the panel does not bring, and cells counted by grapheme clusters: a family takes two. */
export const Addons: Story = {
  args: {
    panel: {
      graphemes: true,
      addons: [() => import('@xterm/addon-serialize').then(({ SerializeAddon }) => new SerializeAddon())],
    },
  },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.prints('\r\n👩‍👩‍👧‍👦 a family in two cells\r\n')
    await me.readsOutput('a family in two cells')
  },
}

/** An image that a program prints as SIXEL. Its addon is loaded only here. */
export const Images: Story = {
  args: {
    panel: {
      addons: [() => import('@xterm/addon-image').then(({ ImageAddon }) => new ImageAddon({ pixelLimit: 4_000_000 }))],
    },
  },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.prints(`\r\n\u001bP0;1;0q"1;1;60;36#1;2;10;40;90${'#1!60~-'.repeat(6)}\u001b\\\r\n60 pixels of blue\r\n`)
    await me.readsOutput('60 pixels of blue')
    await waitFor(() => expect(canvasElement.querySelector('.xterm-image-layer')).toBeVisible())
  },
}

/** Letters of a font with ligatures, joined. */
export const Ligatures: Story = {
  args: {
    page: { style: { '--nimbus-terminal-font-family': "'Fira Code'" } as CSSProperties }, // React knows no names of a page's own
    panel: {
      addons: [
        async () => {
          await import('@fontsource/fira-code/latin-400.css')
          const { LigaturesAddon } = await import('@xterm/addon-ligatures')
          return new LigaturesAddon()
        },
      ],
    },
  },
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.prints('\r\nif (a !== b) => c <= d\r\n')
    await me.readsOutput('if (a !== b) => c <= d')
    const letters = canvasElement.querySelector<HTMLElement>('.xterm')
    await expect(letters && getComputedStyle(letters).fontFeatureSettings).toContain('calt')
  },
}

/** A program that draws a picture in many pieces and asks for it to be seen at once. */
export const SynchronizedOutput: Story = {
  async play({ canvasElement }) {
    const me = await atWork(canvasElement)
    me.prints('\u001b[?2026h\u001b[2J\u001b[Hfirst half, ')
    me.prints('second half\u001b[?2026l')
    await me.readsOutput('first half, second half')
  },
}

/** A shadow tree: the panel is all in one place, and brings nothing of the page's. */
export const ShadowTree: Story = {
  args: { arrange: instead((props) => <InShadow {...props} />) },
  async play({ canvasElement }) {
    const tree = () => canvasElement.querySelector('[data-shadow]')?.shadowRoot
    await waitFor(() => expect(tree()?.querySelector('.nt')?.getAttribute('data-state')).toBe('ready'), { timeout: 15_000 })
    await expect(canvasElement.querySelector('.nt')).toBeNull()
  },
}

function InShadow(props: TerminalPanelProps): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const tree = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
    tree.adoptedStyleSheets = [sheet]
    const place = document.createElement('div')
    place.style.blockSize = '100%'
    tree.append(place)
    const root = createRoot(place)
    root.render(<TerminalPanel {...props} />)
    return () => {
      // React may not unmount one root while it renders another.
      setTimeout(() => {
        root.unmount()
        place.remove()
      })
    }
  }, [props])
  return <div ref={host} data-shadow="" style={{ blockSize: 240 }} />
}
