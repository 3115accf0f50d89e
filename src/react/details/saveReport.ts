/** A bug report as a file that the browser downloads. */
import type { BugReport } from '../../client/api.ts'

export function saveReport(report: BugReport, document: Document): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(report)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName(report)
  link.click()
  // The download has its own hold on the data once the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

/** `terminal-report-2026-11-20-120620.json`, in UTC. */
export function fileName({ made }: BugReport): string {
  const [date = '', time = ''] = new Date(made.wall).toISOString().split('T')
  return `terminal-report-${date}-${time.slice(0, 8).replaceAll(':', '')}.json`
}
