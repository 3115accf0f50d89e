'use client'
/** Settings that the terminals of a page share: what a panel says itself wins. */
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import type { SomeWords } from '../words/words.ts'
import type { TerminalOptions } from './options.ts'

/** Everything but what tells one terminal from another. */
export type TerminalSettings = Omit<TerminalOptions, 'panelKey' | 'url' | 'label' | 'autoFocus'>

export interface TerminalProviderProps extends TerminalSettings {
  readonly children?: ReactNode
}

const Settings = createContext<TerminalSettings>({})

/** A provider inside another one adds to its settings. Panels are not mounted anew by other settings, but for those that name a service. */
export function TerminalProvider({ children, ...settings }: TerminalProviderProps): ReactNode {
  return <Settings.Provider value={useSettings(settings)}>{children}</Settings.Provider>
}

/** `own` with what the providers around it say where it says nothing. Words are joined sentence by sentence. */
export function useSettings<Own extends { readonly words?: SomeWords }>(own: Own): Own & TerminalSettings {
  const shared = useContext(Settings)
  const words = useMemo(() => joined(shared.words, own.words), [shared.words, own.words])
  return { ...shared, ...said(own), words }
}

/** A property that is there and undefined says nothing. */
function said<Own extends object>(own: Own): Own {
  // What was taken out is undefined in the type too.
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as Own
}

function joined(shared: SomeWords | undefined, own: SomeWords | undefined): SomeWords | undefined {
  if (shared === undefined || own === undefined) return own ?? shared
  const groups = Object.keys({ ...shared, ...own }) as (keyof SomeWords)[] // the keys of SomeWords
  // Each group is joined with its own namesake, which a mapped type cannot say.
  return Object.fromEntries(groups.map((group) => [group, { ...shared[group], ...own[group] }])) as SomeWords
}
