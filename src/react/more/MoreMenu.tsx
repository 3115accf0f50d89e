'use client'
/** The More menu, above the button that opens it. */
import type { ReactNode } from 'react'
import type { Words } from '../words/words.ts'
import type { MoreView } from './controller.ts'
import { Menu } from './Menu.tsx'
import { moreItems, type MoreAction } from './moreItems.ts'

interface MoreMenuProps {
  readonly more: MoreView
  readonly words: Words
  readonly onChoose: (action: MoreAction) => void
  readonly onClose: (back: boolean) => void
}

export function MoreMenu({ more, words, onChoose, onClose }: MoreMenuProps): ReactNode {
  return (
    <Menu
      className="nt-moremenu"
      label={words.more.title}
      items={moreItems(more.actions, more.table, words)}
      onChoose={onChoose}
      onClose={onClose}
    />
  )
}
