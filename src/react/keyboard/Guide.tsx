'use client'
/** The list of shortcuts, over the view: two columns, one where the panel is narrow. */
import { useId, type ReactNode } from 'react'
import { Icon } from '../icons.tsx'
import type { Words } from '../words/words.ts'
import { guideRows } from './guideRows.ts'
import type { Shortcut, ShortcutTable } from './shortcuts.ts'
import { useModal } from './useModal.ts'

interface GuideProps {
  readonly table: ShortcutTable
  readonly can: (shortcut: Shortcut) => boolean
  readonly words: Words
  readonly onClose: () => void
}

export function Guide({ table, can, words, onClose }: GuideProps): ReactNode {
  const { ref, onKeyDown } = useModal<HTMLDivElement>(onClose)
  const title = useId()
  return (
    <div className="nt-guide" role="dialog" aria-modal="true" aria-labelledby={title} ref={ref} onKeyDown={onKeyDown}>
      <header>
        <h2 id={title}>{words.shortcuts.title}</h2>
        <button type="button" className="nt-btn" data-k="bare" aria-label={words.buttons.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrows scroll it where it is longer than the view */}
      <dl className="nt-keysgrid" tabIndex={0}>
        {guideRows(table, words.shortcuts, can).map(({ what, keys }) => (
          <div className="nt-keyrow" key={what}>
            <dt>{what}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
