/** The details of a connection as a component of a page's own: beside a panel, in a support page, or for a client without a panel. */
import { useMemo, useState, type CSSProperties, type ReactNode } from 'react'
import type { BugReport, Connection } from '../../client/api.ts'
import { useSettings } from '../terminal/TerminalProvider.tsx'
import { english } from '../words/english.ts'
import { withWords, type SomeWords } from '../words/words.ts'
import { Details } from './Details.tsx'
import type { Drawing } from './figures.ts'

export interface ConnectionDetailsProps {
  /** What `connect()` gave. */
  readonly connection: Connection
  /** Makes it a dialog that Escape and a button close. It is not modal. */
  readonly onClose?: () => void
  /** Gets the bug report instead of a download. */
  readonly onBugReport?: (report: BugReport) => void
  /** How the grid is drawn, if it is known. */
  readonly drawing?: () => Drawing | null
  readonly words?: SomeWords
  /** The page's own colour scheme if absent. */
  readonly theme?: 'dark' | 'light'
  /** What the person asked the system for if absent. */
  readonly contrast?: 'normal' | 'more'
  readonly className?: string
  readonly style?: CSSProperties
}

/** Fills its parent's box, as the panel does. Looks at the connection twice a second while it is mounted. */
export function ConnectionDetails(props: ConnectionDetailsProps): ReactNode {
  const { connection, onClose, onBugReport, drawing, theme, contrast, className, style, ...settings } = useSettings(props)
  const words = useMemo(() => withWords(english, settings.words), [settings.words])
  const [said, setSaid] = useState('')
  return (
    <div
      className={className === undefined ? 'nt' : `nt ${className}`}
      style={style}
      data-theme={theme}
      data-contrast={contrast}
      data-alone=""
      lang={words.panel.lang}
    >
      <Details
        connection={connection}
        drawing={drawing}
        words={words}
        onClose={onClose}
        onBugReport={onBugReport}
        onSay={setSaid}
      />
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output element is the result of a form */}
      <p className="nt-vh" role="status">
        {said}
      </p>
    </div>
  )
}
