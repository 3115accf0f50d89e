/** What stands over the view while it is used: sheets, drawer, guide. Each is loaded when it is first shown, or when there is time. */
import { useEffect, type ReactNode } from 'react'
import { comeAhead, late } from './late.tsx'
import type { Features } from './session/features.ts'
import type { PanelView } from './session/view.ts'
import type { Words } from './words/words.ts'

const ConnectionDetails = late(async () => (await import('./details/Details.tsx')).Details)
const PasteSheet = late(async () => (await import('./paste/PasteSheet.tsx')).PasteSheet)
const Guide = late(async () => (await import('./keyboard/Guide.tsx')).Guide)
const MoreMenu = late(async () => (await import('./more/MoreMenu.tsx')).MoreMenu)
const OutputText = late(async () => (await import('./speech/OutputText.tsx')).OutputText)
const LinkSheet = late(async () => (await import('./links/LinkSheet.tsx')).default)
const LinkList = late(async () => (await import('./links/LinkList.tsx')).default)

/** After the first screen, which they must not delay. */
const AHEAD_MS = 3000

function soon(): () => void {
  const timer = setTimeout(comeAhead, AHEAD_MS)
  return () => clearTimeout(timer)
}

interface OverlaysProps {
  readonly features: Features
  readonly view: PanelView
  readonly words: Words
}

export function Overlays({ features, view, words }: OverlaysProps): ReactNode {
  useEffect(soon, [])
  return (
    <>
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
      {view.outputText && <OutputText parts={view.outputText} words={words} onClose={features.text.close} />}
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
    </>
  )
}
