'use client'
/** How a panel tells the tabs around it what it is doing. A panel that stands alone tells nobody. */
import { createContext, useContext, useEffect } from 'react'
import type { IconName, Tone } from '../status/line.ts'

/** What a tab shows of its panel. Changes only when a person would see it. */
export interface PanelReport {
  readonly icon: IconName
  readonly tone: Tone
  /** Share of a task that is done, in percent. */
  readonly percent: number | null
  /** The program's, once it has ended. */
  readonly exitCode: number | null
}

export const PanelReports = createContext<((report: PanelReport) => void) | null>(null)

/** For a panel: tells the tabs around it, if there are any. */
export function useReport(report: PanelReport): void {
  const tell = useContext(PanelReports)
  const { icon, tone, percent, exitCode } = report
  useEffect(() => tell?.({ icon, tone, percent, exitCode }), [tell, icon, tone, percent, exitCode])
}
