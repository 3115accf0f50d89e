/** What stands over the view while it is used: sheets, drawer, guide. Each is loaded when it is first shown. */
import { lazy, Suspense, type ReactNode } from 'react'
import type { Session } from './session/session.ts'
import type { PanelView } from './session/view.ts'
import type { Words } from './words/words.ts'

const PasteSheet = lazy(() => import('./paste/PasteSheet.tsx').then(({ PasteSheet }) => ({ default: PasteSheet })))

interface OverlaysProps {
  readonly session: Session
  readonly view: PanelView
  readonly words: Words
}

export function Overlays({ session, view, words }: OverlaysProps): ReactNode {
  const { features } = session
  return (
    <Suspense fallback={null}>
      {view.paste && (
        <PasteSheet
          key={view.paste.id}
          question={view.paste}
          words={words}
          onAnswer={(answer) => features.paste.answer(answer)}
        />
      )}
    </Suspense>
  )
}
