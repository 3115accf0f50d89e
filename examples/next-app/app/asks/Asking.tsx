/** A panel that asks for its tokens in the app's own way, and shows images, with an addon that no other page loads. */
'use client'
import { TerminalPanel, type TerminalPanelProps } from '@nimbus/terminal'
import { getToken } from '../getToken'

/** What a program prints is data of a stranger: bounded. */
const addons: TerminalPanelProps['addons'] = [
  () => import('@xterm/addon-image').then(({ ImageAddon }) => new ImageAddon({ pixelLimit: 4_000_000, storageLimit: 32 })),
]

export function Asking({ build }: { readonly build: number }) {
  return (
    <div style={{ height: 400 }}>
      <TerminalPanel allocationId={`build-${build}`} label={`Shell of build ${build}`} getToken={getToken} addons={addons} />
    </div>
  )
}
