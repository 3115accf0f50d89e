/** Saves what stands in a terminal: as text, or as a page with its colours. */
import type { Feature, PanelContext } from '../session/context.ts'

export type SaveFormat = 'text' | 'html'

/** What a host gets that wants to save by itself. */
export interface SavedOutput {
  /** A name for a file, with the time in it. */
  readonly name: string
  readonly type: 'text/plain' | 'text/html'
  readonly text: string
}

export interface Saving extends Feature {
  /** Downloads it, or hands it to the host. */
  save(format: SaveFormat): Promise<void>
  /** The screen with its scrollback; empty while there is no emulator. */
  serialize(format: SaveFormat): Promise<string>
}

export function saving({ allocationId, emulator, handlers, host }: PanelContext): Saving {
  async function serialize(format: SaveFormat): Promise<string> {
    if (format === 'text') return emulator()?.text() ?? ''
    const { htmlPart } = await import('../xterm/html.ts')
    return emulator()?.part(htmlPart).html(allocationId) ?? ''
  }

  return {
    serialize,
    async save(format) {
      const text = await serialize(format)
      const output: SavedOutput = {
        name: fileName(new Date(), format),
        type: format === 'html' ? 'text/html' : 'text/plain',
        text: format === 'html' ? text : `${text}\n`,
      }
      const { onSaveOutput } = handlers()
      if (onSaveOutput === undefined) download(output, host.ownerDocument)
      else onSaveOutput(output)
    },
  }
}

function download({ name, type, text }: SavedOutput, document: Document): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold on the data once the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

/** `terminal-2026-11-20-120620.txt`, in UTC. */
export function fileName(at: Date, format: SaveFormat): string {
  const [date = '', time = ''] = at.toISOString().split('T')
  return `terminal-${date}-${time.slice(0, 8).replaceAll(':', '')}.${format === 'html' ? 'html' : 'txt'}`
}
