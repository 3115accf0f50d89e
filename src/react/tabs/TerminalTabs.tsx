'use client'
/** Several terminals in one place: a row of tabs, one menu where the place is narrow, and every panel kept alive behind them. */
import { useCallback, useEffect, useId, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react'
import { Icon } from '../icons.tsx'
import { Menu } from '../more/Menu.tsx'
import { useSettings } from '../terminal/TerminalProvider.tsx'
import { first } from '../words/first.ts'
import type { SomeWords, Words } from '../words/words.ts'
import { PanelReports, type PanelReport } from './panelReport.ts'
import { afterClose, tabMove } from './tabList.ts'
import { tabWords } from './tabWords.ts'

export interface TerminalTab {
  /** Not shown; must not change while the tab lives. */
  readonly id: string
  readonly title: string
  /** A `<TerminalPanel>`, or whatever contains one. It stays mounted while another tab is shown. */
  readonly panel: ReactNode
}

export interface TerminalTabsProps {
  /** The tabs, where the host keeps them. */
  readonly tabs?: readonly TerminalTab[]
  /** The first tabs, where this component keeps them. */
  readonly defaultTabs?: readonly TerminalTab[]
  /** The tab that is shown, where the host decides. */
  readonly active?: string
  readonly defaultActive?: string
  readonly onActiveChange?: (id: string) => void
  /** A tab was closed, or with `tabs`: the person wants it closed. Without it nothing can be closed. */
  readonly onClose?: (id: string) => void
  /** The person wants another terminal. What it returns becomes the last tab, unless the host keeps the `tabs`. */
  readonly onNew?: () => TerminalTab | void
  /** Names the row of tabs. */
  readonly label?: string
  readonly words?: SomeWords
  readonly theme?: 'dark' | 'light'
  readonly contrast?: 'normal' | 'more'
  readonly className?: string
  readonly style?: CSSProperties
}

const QUIET: PanelReport = { icon: 'work', tone: 'muted', percent: null, exitCode: null }

/** A host's id may hold blanks, which would part the names in a list of elements. */
const withoutBlanks = (id: string): string => id.replaceAll(/[\s%]/g, (blank) => `%${blank.charCodeAt(0)}`)

export function TerminalTabs(props: TerminalTabsProps): ReactNode {
  const settings = useSettings({ words: props.words, theme: props.theme, contrast: props.contrast })
  const words = { ...tabWords, ...settings.words?.tabs }
  const { tabs, active, show, close, open } = useTabs(props)
  const [reports, setReports] = useState<ReadonlyMap<string, PanelReport>>(new Map())
  const strip = useRef<HTMLDivElement>(null)
  const closing = useRef<string | null>(null)
  const base = useId()
  const { className, style, onClose, onNew } = props
  const { theme, contrast } = settings
  const tabId = (id: string): string => `${base}-tab-${withoutBlanks(id)}`
  const panelId = (id: string): string => `${base}-panel-${withoutBlanks(id)}`
  const report = useCallback((id: string, report: PanelReport) => setReports((all) => new Map(all).set(id, report)), [])
  const focusTab = (id: string): void => {
    const names = strip.current?.querySelectorAll<HTMLElement>('.nt-tabname') ?? []
    for (const name of names) if (name.dataset['id'] === id) name.focus()
  }

  function keyDown(event: KeyboardEvent, id: string): void {
    const at = tabs.findIndex((tab) => tab.id === id)
    const target = tabs[tabMove(event.key, at, tabs.length, isRightToLeft(event.currentTarget)) ?? -1]
    if (target !== undefined) {
      event.preventDefault()
      show(target.id)
      focusTab(target.id)
    } else if (event.key === 'Delete' && onClose) closeAndGoOn(id)
  }

  function closeAndGoOn(id: string): void {
    closing.current = id
    close(id)
  }

  // A host that keeps the tabs may ask the person first, and keep the tab.
  useEffect(() => {
    if (closing.current === null || tabs.some(({ id }) => id === closing.current)) return
    closing.current = null
    if (active !== null) focusTab(active)
    // After the last one only another one can be opened.
    else strip.current?.querySelector<HTMLElement>('.nt-newtab')?.focus()
  })

  return (
    <div
      className={className === undefined ? 'nt nt-tabset' : `nt nt-tabset ${className}`}
      style={style}
      data-theme={theme}
      data-contrast={contrast}
      lang={settings.words?.panel?.lang ?? first.panel.lang}
    >
      <div className="nt-tabframe">
        <div className="nt-tabs" ref={strip}>
          {/* The tabs stand beside their close buttons, which a tablist may not contain. */}
          <div role="tablist" aria-label={props.label ?? words.label} aria-owns={tabs.map(({ id }) => tabId(id)).join(' ')} />
          <Picker tabs={tabs} active={active} reports={reports} words={words} onShow={show} onClose={onClose && closeAndGoOn} />
          {tabs.map(({ id, title }) => (
            <Tab
              key={id}
              id={tabId(id)}
              dataId={id}
              panel={panelId(id)}
              title={title}
              report={reports.get(id) ?? QUIET}
              selected={id === active}
              words={words}
              onShow={() => show(id)}
              onKeyDown={(event) => keyDown(event, id)}
              onClose={onClose && (() => closeAndGoOn(id))}
            />
          ))}
          {onNew && (
            <button type="button" className="nt-btn nt-newtab" data-k="bare" aria-label={words.newTerminal} onClick={open}>
              <Icon name="plus" />
            </button>
          )}
        </div>
        {tabs.map(({ id, title, panel }) => (
          <div key={id} className="nt-tabpanel" role="tabpanel" id={panelId(id)} aria-label={title} hidden={id !== active}>
            <Reporting id={id} report={report}>
              {panel}
            </Reporting>
          </div>
        ))}
      </div>
    </div>
  )
}

interface Tabs {
  readonly tabs: readonly TerminalTab[]
  readonly active: string | null
  readonly show: (id: string) => void
  readonly close: (id: string) => void
  readonly open: () => void
}

/** The tabs and the one that is shown, each kept by the host or here. */
function useTabs(props: TerminalTabsProps): Tabs {
  const { onActiveChange, onClose, onNew } = props
  const [ownTabs, setOwnTabs] = useState(props.defaultTabs ?? [])
  const [ownActive, setOwnActive] = useState(props.defaultActive)
  const tabs = props.tabs ?? ownTabs
  const wanted = props.active ?? ownActive
  /** Where the tab stands, or stood, that is shown; null until one was. */
  const [place, setPlace] = useState<number | null>(null)
  const at = tabs.findIndex(({ id }) => id === wanted)
  const active = (tabs[at] ?? tabs[Math.min(place ?? 0, tabs.length - 1)])?.id ?? null
  const told = useRef<string | null>(null)
  if (at >= 0 && at !== place) setPlace(at)

  // The host took the tab away that was shown: the one that has its place takes over.
  useEffect(() => {
    const takesOver = at < 0 && place !== null ? active : null
    if (takesOver === told.current) return
    told.current = takesOver
    if (takesOver === null) return
    // oxlint-disable-next-line react/set-state-in-effect -- the host's change of its tabs is no event here
    setOwnActive(takesOver)
    onActiveChange?.(takesOver)
  }, [at, place, active, onActiveChange])

  function show(id: string): void {
    if (id === active) return
    setOwnActive(id)
    onActiveChange?.(id)
  }

  function close(id: string): void {
    if (props.tabs !== undefined) return onClose?.(id)
    const next = afterClose(
      tabs.map((tab) => tab.id),
      id,
      active,
    )
    setOwnTabs((own) => own.filter((tab) => tab.id !== id))
    if (next !== null) show(next)
    onClose?.(id)
  }

  function open(): void {
    const tab = onNew?.()
    if (!tab || props.tabs !== undefined) return
    setOwnTabs((own) => [...own, tab])
    show(tab.id)
  }

  return { tabs, active, show, close, open }
}

/** Gives the panel below it somebody to tell. */
function Reporting({
  id,
  report,
  children,
}: {
  readonly id: string
  readonly report: (id: string, report: PanelReport) => void
  readonly children: ReactNode
}): ReactNode {
  const tell = useCallback((told: PanelReport) => report(id, told), [id, report])
  return <PanelReports.Provider value={tell}>{children}</PanelReports.Provider>
}

interface TabProps {
  readonly id: string
  readonly dataId: string
  readonly panel: string
  readonly title: string
  readonly report: PanelReport
  readonly selected: boolean
  readonly words: Words['tabs']
  readonly onShow: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onClose: (() => void) | undefined
}

function Tab({ id, dataId, panel, title, report, selected, words, onShow, onKeyDown, onClose }: TabProps): ReactNode {
  return (
    <div className="nt-tab" data-tone={report.tone} data-on={selected ? '' : undefined}>
      <button
        type="button"
        className="nt-tabname"
        role="tab"
        id={id}
        data-id={dataId}
        aria-selected={selected}
        aria-controls={panel}
        aria-label={words.tab(title, report.percent, report.exitCode)}
        aria-keyshortcuts={onClose && 'Delete'}
        tabIndex={selected ? 0 : -1}
        onClick={onShow}
        onKeyDown={onKeyDown}
      >
        <Icon name={report.icon} />
        <span>{title}</span>
        <em>{words.short(report.percent, report.exitCode)}</em>
      </button>
      {onClose && (
        <button type="button" className="nt-btn" data-k="bare" tabIndex={-1} aria-label={words.close(title)} onClick={onClose}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}

interface PickerProps {
  readonly tabs: readonly TerminalTab[]
  readonly active: string | null
  readonly reports: ReadonlyMap<string, PanelReport>
  readonly words: Words['tabs']
  readonly onShow: (id: string) => void
  readonly onClose: ((id: string) => void) | undefined
}

const CLOSE = '\u0000close'

/** All tabs behind one button, where there is no room for a row. */
function Picker({ tabs, active, reports, words, onShow, onClose }: PickerProps): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const at = tabs.findIndex(({ id }) => id === active)
  const current = tabs[at]
  if (current === undefined) return null
  const { icon, tone } = reports.get(current.id) ?? QUIET
  const items = tabs.map(({ id, title }) => {
    const { percent, exitCode } = reports.get(id) ?? QUIET
    return { id, label: title, checked: id === active, keys: words.short(percent, exitCode) }
  })
  const closing = onClose ? [{ id: CLOSE, label: words.close(current.title) }] : []

  function choose(id: string): void {
    setOpen(false)
    button.current?.focus()
    if (id !== CLOSE) onShow(id)
    else onClose?.(current?.id ?? '')
  }

  return (
    <div className="nt-tabpick">
      <button
        type="button"
        className="nt-btn"
        data-k="flat"
        data-tone={tone}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        ref={button}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={icon} />
        <span>{words.picker(at + 1, tabs.length, current.title)}</span>
        <Icon name="down" />
      </button>
      {isOpen && (
        <Menu
          label={words.label}
          items={[...items, ...closing]}
          start={at}
          onChoose={choose}
          onClose={(back) => {
            setOpen(false)
            if (back) button.current?.focus()
          }}
        />
      )}
    </div>
  )
}

const isRightToLeft = (element: Element): boolean => getComputedStyle(element).direction === 'rtl'
