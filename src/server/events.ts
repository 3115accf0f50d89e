/** What a server tells whoever runs it: policy decisions and diagnostics, never a byte of payload and never a secret. */
import type { Clock } from './ports.ts'

export type EventFields = Readonly<Record<string, string | number | boolean | null>>

/** One structured event. It can be written to a log as it is. */
export interface ServerEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number
  /** `policy`: somebody was refused or limited. `diagnostic`: something happened. */
  readonly bus: 'policy' | 'diagnostic'
  /** Whom it concerns. */
  readonly phase: 'upgrade' | 'token' | 'connection' | 'admission' | 'session' | 'server'
  /** A stable name. */
  readonly code: string
  readonly fields: EventFields
}

export type Note = (phase: ServerEvent['phase'], bus: ServerEvent['bus'], code: string, fields?: EventFields) => void

export interface EventBus {
  readonly note: Note
  on(listener: (event: ServerEvent) => void): () => void
}

/** A listener that throws harms nobody else. */
export function createEventBus(clock: Pick<Clock, 'wall'>): EventBus {
  const listeners = new Set<(event: ServerEvent) => void>()
  return {
    note(phase, bus, code, fields = {}) {
      if (listeners.size === 0) return
      const event: ServerEvent = { timestamp: clock.wall(), bus, phase, code, fields }
      for (const listener of listeners) deliver(listener, event)
    },
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function deliver(listener: (event: ServerEvent) => void, event: ServerEvent): void {
  try {
    listener(event)
  } catch {
    // Whoever listens looks after its own mistakes.
  }
}

/** What may be said of something that was thrown: its kind. A message could quote anything. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
