'use client'
/** The list of shortcuts, over the view: two columns, one where the panel is narrow. */
import type { ReactNode } from 'react'
import type { Words } from '../words/words.ts'
import { guideRows } from './guideRows.ts'
import { Modal } from './Modal.tsx'
import type { Shortcut, ShortcutTable } from './shortcuts.ts'

interface GuideProps {
  readonly table: ShortcutTable
  readonly knows: (shortcut: Shortcut) => boolean
  readonly words: Words
  readonly onClose: () => void
}

export function Guide({ table, knows, words, onClose }: GuideProps): ReactNode {
  return (
    <Modal className="nt-guide" title={words.shortcuts.title} close={words.buttons.close} onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrows scroll it where it is longer than the view */}
      <div className="nt-keysroom" tabIndex={0}>
        <dl className="nt-keysgrid">
          {guideRows(table, words.shortcuts, knows).map(({ what, keys }) => (
            <div className="nt-keyrow" key={what}>
              <dt>{what}</dt>
              <dd>
                <kbd>{keys}</kbd>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Modal>
  )
}
