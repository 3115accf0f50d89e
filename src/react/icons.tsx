/** The signs of the line: own drawings on a 16 × 16 field, each with its own outline, so that colour is never the only sign. */
import type { ReactNode } from 'react'
import type { IconName } from './status/line.ts'

const ROUND = { strokeLinecap: 'round', strokeLinejoin: 'round' } as const

/** Signs of tools. */
export type ToolName = 'find' | 'more' | 'close' | 'plus' | 'up' | 'down'

const DRAWINGS: Readonly<Record<IconName | ToolName, ReactNode>> = {
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
  eye: (
    <>
      <path d="M2.2 8S4.3 4.4 8 4.4 13.8 8 13.8 8 11.7 11.6 8 11.6 2.2 8 2.2 8z" strokeLinejoin="round" />
      <circle cx="8" cy="8" r="1.5" fill="currentColor" stroke="none" />
    </>
  ),
  find: (
    <>
      <circle cx="7" cy="7" r="3.6" />
      <path d="m9.8 9.8 3.2 3.2" {...ROUND} />
    </>
  ),
  more: (
    <g fill="currentColor" stroke="none">
      <circle cx="3.6" cy="8" r="1.1" />
      <circle cx="8" cy="8" r="1.1" />
      <circle cx="12.4" cy="8" r="1.1" />
    </g>
  ),
  close: <path d="m4.5 4.5 7 7m0-7-7 7" {...ROUND} />,
  plus: <path d="M8 3.8v8.4M3.8 8h8.4" {...ROUND} />,
  up: <path d="M4.2 9.8 8 6l3.8 3.8" {...ROUND} />,
  down: <path d="M4.2 6.2 8 10l3.8-3.8" {...ROUND} />,
}

export function Icon({ name }: { readonly name: IconName | ToolName }): ReactNode {
  return (
    <svg className="nt-icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" aria-hidden="true">
      {DRAWINGS[name]}
    </svg>
  )
}
