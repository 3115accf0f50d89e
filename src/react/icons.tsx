/** The signs of the line: own drawings on a 16 × 16 field, each with its own outline, so that colour is never the only sign. */
import type { ReactNode } from 'react'
import type { IconName } from './status/status.ts'

const ROUND = { strokeLinecap: 'round', strokeLinejoin: 'round' } as const

const DRAWINGS: Readonly<Record<IconName, ReactNode>> = {
  ready: <circle cx="8" cy="8" r="3.4" fill="currentColor" stroke="none" />,
  work: <circle cx="8" cy="8" r="4.4" strokeDasharray="19 9" strokeLinecap="round" className="nt-spin" />,
  pause: <path d="M6 4.2v7.6M10 4.2v7.6" {...ROUND} />,
  offline: (
    <>
      <circle cx="8" cy="8" r="4.6" />
      <path d="M3.2 12.8 12.8 3.2" {...ROUND} />
    </>
  ),
  broken: <path d="M5.9 4A4.3 4.3 0 0 0 5.9 12M10.1 4a4.3 4.3 0 0 1 0 8" {...ROUND} />,
  check: <path d="m3.8 8.4 2.8 2.8 5.6-6" {...ROUND} />,
  tabs: (
    <>
      <path d="M5.6 5.6V3.4h7v7h-2.2" />
      <path d="M3.4 5.6h7v7h-7z" />
    </>
  ),
  end: <rect x="4.4" y="4.4" width="7.2" height="7.2" rx="1.2" />,
  error: (
    <>
      <path d="M8 2.6 14 13H2z" fill="currentColor" strokeLinejoin="round" />
      <path d="M8 6.4v3.2M8 11.4v.1" className="nt-hole" {...ROUND} />
    </>
  ),
  bell: (
    <>
      <path d="M4 11.2c.8-.8 1-1.8 1-3.6a3 3 0 0 1 6 0c0 1.8.2 2.8 1 3.6z" strokeLinejoin="round" />
      <path d="M7 13.3h2" strokeLinecap="round" />
    </>
  ),
}

export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="nt-icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" aria-hidden="true">
      {DRAWINGS[name]}
    </svg>
  )
}
