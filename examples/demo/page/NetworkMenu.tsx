/** Breaks and mends the network of one terminal. */
import { useEffect, useState } from 'react'
import { FAULTS, STANDING, type Fault, type Standing } from '../faults.ts'

async function ask(allocationId: string, fault?: Fault): Promise<Standing> {
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
      <output data-standing={standing}>{STANDING[standing]}</output>
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
