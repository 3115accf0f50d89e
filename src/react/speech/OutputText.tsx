'use client'
/** The output as text that a keyboard and a screen reader can walk through: a heading for each command, its output below. */
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { Icon } from '../icons.tsx'
import { useModal } from '../keyboard/useModal.ts'
import type { Words } from '../words/words.ts'
import type { OutputPart } from './outputParts.ts'

interface OutputTextProps {
  readonly parts: readonly OutputPart[]
  readonly words: Words
  readonly onClose: () => void
}

export function OutputText({ parts, words, onClose }: OutputTextProps): ReactNode {
  const { ref, onKeyDown } = useModal<HTMLDivElement>(onClose)
  const text = useRef<HTMLDivElement>(null)
  const title = useId()
  useEffect(() => {
    const { current } = text
    if (current === null) return
    // The newest output is what was asked for.
    current.scrollTop = current.scrollHeight
    current.focus({ preventScroll: true })
  }, [])
  return (
    <div className="nt-text" role="dialog" aria-modal="true" aria-labelledby={title} ref={ref} onKeyDown={onKeyDown}>
      <header>
        <h2 id={title}>{words.speech.textTitle}</h2>
        <button type="button" className="nt-btn" data-k="bare" aria-label={words.buttons.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrows scroll it */}
      <div className="nt-textbody" ref={text} tabIndex={0} role="document" aria-labelledby={title}>
        {parts.map((part, index) => (
          // The parts of a snapshot never change.
          <Part key={index} part={part} words={words} />
        ))}
      </div>
    </div>
  )
}

function Part({ part, words }: { readonly part: OutputPart; readonly words: Words }): ReactNode {
  const { command, exitCode, lines } = part
  return (
    <section>
      {command !== '' && <h3>{words.speech.command(command, exitCode)}</h3>}
      {lines.length > 0 ? <pre>{lines.join('\n')}</pre> : <p>{words.speech.noOutput}</p>}
    </section>
  )
}
