/** The find bar: takes the words of the line over, leaves its sign, and covers nothing. */
import { useEffect, useRef, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { Icon } from '../icons.tsx'
import type { Words } from '../words/words.ts'
import type { Find } from './find.ts'
import { MOST_QUERY_CHARS } from './finder.ts'
import type { FindView } from './matches.ts'

interface FindBarProps {
  readonly find: Find
  readonly words: Words
}

export default function FindBar({ find, words }: FindBarProps): ReactNode {
  const field = useRef<HTMLInputElement>(null)
  const view = useStore(find.store)
  const { query, asked, state } = view
  const names = words.find
  useEffect(() => {
    // A host that searches leaves the focus where it is.
    if (asked === 0) return
    field.current?.focus({ preventScroll: true })
    field.current?.select()
    find.focusGiven()
  }, [asked, find])

  function keyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      find.close()
    } else if (event.key === 'Enter' && event.target === field.current) {
      event.preventDefault()
      find.step(event.shiftKey ? -1 : 1)
    }
  }

  function focusLeaves(event: FocusEvent): void {
    if (!event.currentTarget.contains(event.relatedTarget)) find.inBar(false)
  }

  const toggle = (key: 'matchCase' | 'wholeWord' | 'regex', sign: string, label: string): ReactNode => (
    <button
      type="button"
      className="nt-btn nt-tog"
      data-opt=""
      aria-pressed={query[key]}
      aria-label={label}
      // A text of its own would be a second name beside the label.
      data-sign={sign}
      onClick={() => find.ask({ ...query, [key]: !query[key] })}
    />
  )
  const step = (by: 1 | -1, icon: 'up' | 'down', label: string): ReactNode => (
    <button type="button" className="nt-btn" data-k="bare" aria-label={label} onClick={() => find.step(by)}>
      <Icon name={icon} />
    </button>
  )
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-interactions -- keys of what is in it; the search element is not known to the oldest React
    <div className="nt-find" role="search" onKeyDown={keyDown} onFocus={() => find.inBar(true)} onBlur={focusLeaves}>
      <div className="nt-field">
        <Icon name="find" />
        <input
          ref={field}
          type="text"
          value={query.text}
          maxLength={MOST_QUERY_CHARS}
          aria-label={names.field}
          aria-invalid={state === 'invalid' || state === 'unsupported' || undefined}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
          onChange={(event) => find.ask({ ...query, text: event.target.value })}
        />
        <Count view={view} words={words} />
      </div>
      {toggle('matchCase', 'Aa', names.matchCase)}
      {toggle('wholeWord', 'ab', names.wholeWord)}
      {toggle('regex', '.*', names.regex)}
      {step(-1, 'up', names.previous)}
      {step(1, 'down', names.next)}
      <button type="button" className="nt-btn" data-k="bare" aria-label={names.close} onClick={find.close}>
        <Icon name="close" />
      </button>
    </div>
  )
}

/** What was found. The line's own region tells it aloud. Where there is no room for a sentence a word stands for it. */
function Count({ view, words }: { readonly view: FindView; readonly words: Words }): ReactNode {
  const [long, short = long] = countWords(view, words.find)
  return (
    <b aria-hidden="true">
      <span data-long="">{long}</span>
      <span data-short="">{short}</span>
    </b>
  )
}

function countWords({ state, at, count, more }: FindView, words: Words['find']): readonly [string, string?] {
  switch (state) {
    case 'idle':
      return ['']
    case 'found':
      return [words.count(at, count, more)]
    case 'none':
      return [words.none]
    case 'invalid':
      return [words.mistake, words.mistakeShort]
    case 'unsupported':
      return [words.tooMuch, words.tooMuchShort]
    default:
      return unreachable(state)
  }
}

function unreachable(value: never): never {
  throw new Error(`The find bar knows no state ${String(value)}.`)
}
