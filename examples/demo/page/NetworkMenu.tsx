/** Breaks and mends the network of one terminal. */
import { useEffect, useState } from 'react'

type Standing = 'none' | 'stall' | 'slow' | 'gone'

const FAULTS = [
  { fault: 'cut', label: 'Cut', hint: 'Reset the connection once' },
  { fault: 'stall', label: 'Stall', hint: 'Nothing passes either way, and nobody is told' },
  { fault: 'slow', label: 'Slow', hint: '10 KB a second, 300 ms round trip' },
  { fault: 'gone', label: 'Server gone', hint: 'Reset the connection and refuse new ones' },
  { fault: 'restore', label: 'Restore', hint: 'Mend everything' },
] as const

const WORDS: Readonly<Record<Standing, string>> = {
  none: 'Network is fine',
  stall: 'Network stalls',
  slow: 'Network is slow',
  gone: 'Server is gone',
}

async function ask(allocationId: string, fault?: string): Promise<Standing> {
  const answer = await fetch(`/demo/networks/${encodeURIComponent(allocationId)}`, {
    ...(fault && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ fault }) }),
  })
  if (!answer.ok) return 'none'
  // The demo's own endpoint, which answers nothing else.
  return ((await answer.json()) as { standing: Standing }).standing
}

export function NetworkMenu({ allocationId }: { readonly allocationId: string }) {
  const [standing, setStanding] = useState<Standing>('none')
  useEffect(() => {
    let current = true
    ask(allocationId).then(
      (now) => current && setStanding(now),
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [allocationId])

  return (
    <fieldset className="demo-network" aria-label={`Network of ${allocationId}`}>
      <output data-standing={standing}>{WORDS[standing]}</output>
      {FAULTS.map(({ fault, label, hint }) => (
        <button
          key={fault}
          type="button"
          title={hint}
          aria-pressed={fault === standing}
          disabled={fault === 'restore' && standing === 'none'}
          onClick={() => void ask(allocationId, fault).then(setStanding, () => undefined)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}
