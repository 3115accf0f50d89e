/** Tells the host what the panel refused for safety: by name and number, never with what was in it. */
import type { Diagnostic } from '../../client/api.ts'
import type { PanelContext } from './context.ts'

export function refuse(context: Pick<PanelContext, 'connection' | 'handlers'>, code: string, fields: Diagnostic['fields']): void {
  const { phase } = context.connection.snapshot().status
  context.handlers().onPolicy?.({ timestamp: Date.now(), phase, code, fields })
}
