/** A page with panels, of which only those that are asked to have images or ligatures: `?id=a&id=b&images=a&ligatures=b`, or images come what may: `unchecked=a`. */
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import '@fontsource/fira-code/latin-400.css'
import { TerminalPanel, type LoadAddon, type TerminalPanelProps } from '../../src/react/index.ts'
import '../../src/react/styles.css'
import './page.css'

const images: LoadAddon = async () => {
  // The smallest module there is: rejected where the policy of the page forbids WebAssembly.
  await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))
  const { ImageAddon } = await import('@xterm/addon-image')
  return new ImageAddon({ pixelLimit: 4_000_000, storageLimit: 32 })
}
/** Without SIXEL, whose decoder complains in the console before the first image. */
const unchecked: LoadAddon = () => import('@xterm/addon-image').then(({ ImageAddon }) => new ImageAddon({ sixelSupport: false }))
const ligatures: LoadAddon = () => import('@xterm/addon-ligatures').then(({ LigaturesAddon }) => new LigaturesAddon())

const asked = new URLSearchParams(location.search)
const addonsOf = (id: string): readonly LoadAddon[] => [
  ...(asked.getAll('images').includes(id) ? [images] : []),
  ...(asked.getAll('unchecked').includes(id) ? [unchecked] : []),
  ...(asked.getAll('ligatures').includes(id) ? [ligatures] : []),
]

/** What a journey changes while the page runs, and what the page has heard. */
const journey = globalThis as typeof globalThis & {
  drawBy?: (renderer: TerminalPanelProps['renderer']) => void
  failed?: string[]
}
journey.failed = []
const onError = (error: Error): void => void journey.failed?.push(error.message)

function Panels() {
  const [renderer, setRenderer] = useState<TerminalPanelProps['renderer']>('dom')
  useEffect(() => void (journey.drawBy = setRenderer), [])
  return asked.getAll('id').map((id) => (
    <div key={id} className="place">
      <TerminalPanel allocationId={id} label={id} theme="dark" renderer={renderer} addons={addonsOf(id)} onError={onError} />
    </div>
  ))
}

const root = document.getElementById('page')
if (!root) throw new Error('The page has no element #page.')
// The font first: what is measured is the one that is drawn.
await document.fonts.load('13px "Fira Code"')
createRoot(root).render(<Panels />)
