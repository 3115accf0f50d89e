'use client'
/** The output as text that a keyboard and a screen reader can walk through: a heading for each command, its output below. */
import { useEffect, useRef, type ReactNode } from 'react'
import { Modal } from '../keyboard/Modal.tsx'
import type { Words } from '../words/words.ts'
import type { OutputPart } from './outputParts.ts'

interface OutputTextProps {
  readonly parts: readonly OutputPart[]
  readonly words: Words
  readonly onClose: () => void
}

export function OutputText({ parts, words, onClose }: OutputTextProps): ReactNode {
  const text = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The newest output is what was asked for.
    if (text.current !== null) text.current.scrollTop = text.current.scrollHeight
  }, [])
  return (
    <Modal className="nt-text" title={words.speech.textTitle} close={words.buttons.close} onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrows scroll it */}
      <div className="nt-textbody" ref={text} tabIndex={0} data-first="" role="document" aria-label={words.speech.log}>
        {parts.map((part, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the parts of a snapshot never change
          <Part key={index} part={part} words={words} />
        ))}
      </div>
    </Modal>
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
