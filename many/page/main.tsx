/** A page with as many terminals as it is told, one below the other, for tests of what many of them cost. */
import { useState } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { TerminalPanel } from '../../src/react/index.ts'
import '../../src/react/styles.css'

export interface Many {
  /** How many terminals the page holds: mounted or unmounted when this returns. */
  show(count: number): void
  /** Draws the page again: React keeps what it drew last until then. */
  redraw(): void
}

function Page() {
  const [count, setCount] = useState(0)
  const [, setDrawn] = useState(0)
  const many: Many = {
    show: (count) => flushSync(() => setCount(count)),
    redraw: () => flushSync(() => setDrawn((drawn) => drawn + 1)),
  }
  Object.assign(globalThis, { many })
  return (
    <main>
      {Array.from({ length: count }, (_, index) => (
        // Nothing is ever inserted or moved, so the place is the name.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} style={{ blockSize: 220, marginBlockEnd: 8 }}>
          <TerminalPanel allocationId={`many-${index}`} label={`Terminal ${index + 1}`} renderer="webgl" />
        </div>
      ))}
    </main>
  )
}

const root = document.getElementById('page')
if (!root) throw new Error('The page has no element #page.')
createRoot(root).render(<Page />)
