/** What stands over the view while it is used: sheets, drawer, guide. Each is loaded when it is first shown. */
import { lazy, Suspense, type ReactNode } from 'react'
import type { Session } from './session/session.ts'
import type { PanelView } from './session/view.ts'
import type { Words } from './words/words.ts'

const ConnectionDetails = lazy(() => import('./details/Details.tsx').then(({ Details }) => ({ default: Details })))
const PasteSheet = lazy(() => import('./paste/PasteSheet.tsx').then(({ PasteSheet }) => ({ default: PasteSheet })))
const Guide = lazy(() => import('./keyboard/Guide.tsx').then(({ Guide }) => ({ default: Guide })))
const MoreMenu = lazy(() => import('./more/MoreMenu.tsx').then(({ MoreMenu }) => ({ default: MoreMenu })))
const OutputText = lazy(() => import('./speech/OutputText.tsx').then(({ OutputText }) => ({ default: OutputText })))
const LinkSheet = lazy(() => import('./links/LinkSheet.tsx'))
const LinkList = lazy(() => import('./links/LinkList.tsx'))

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
      {view.more && <MoreMenu more={view.more} words={words} onChoose={features.more.choose} onClose={features.more.close} />}
      {view.details && (
        <ConnectionDetails
          connection={features.details.connection}
          drawing={features.details.drawing}
          words={words}
          onClose={features.details.close}
          onBugReport={features.details.onBugReport()}
          onSay={features.details.say}
        />
      )}
      {view.guide && (
        <Guide table={features.keys.table()} knows={features.keys.knows} words={words} onClose={features.keys.closeGuide} />
      )}
      {view.outputText && <OutputText parts={view.outputText} words={words} onClose={features.speech.closeText} />}
      {view.link && (
        <LinkSheet key={view.link.id} question={view.link} words={words} onAnswer={(answer) => features.links.answer(answer)} />
      )}
      {view.links && (
        <LinkList
          links={view.links.links}
          at={view.links.at}
          words={words}
          onFollow={(link) => features.links.follow(link)}
          onFocus={(link) => features.links.point(link)}
          onCancel={() => features.links.closeList()}
        />
      )}
    </Suspense>
  )
}
