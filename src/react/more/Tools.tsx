/** The tools at the end of the line: Find, where it works, and More. */
import type { ReactNode } from 'react'
import { Icon } from '../icons.tsx'
import type { Words } from '../words/words.ts'

interface ToolsProps {
  readonly words: Words
  readonly canFind: boolean
  readonly onFind: () => void
  readonly menuOpen: boolean
  readonly onMore: () => void
}

export function Tools({ words, canFind, onFind, menuOpen, onMore }: ToolsProps): ReactNode {
  return (
    <>
      {canFind && (
        <button type="button" className="nt-btn" data-k="bare" data-opt="" aria-label={words.more.find} onClick={onFind}>
          <Icon name="find" />
        </button>
      )}
      <button
        type="button"
        className="nt-btn"
        data-k="bare"
        data-more=""
        aria-label={words.more.title}
        aria-haspopup="menu"
        aria-expanded={menuOpen}
        onClick={onMore}
      >
        <Icon name="more" />
      </button>
    </>
  )
}
