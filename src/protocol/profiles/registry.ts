/** Which wire profiles an end speaks, and which of them a first frame is written in. */
import { CLOSE_CODE } from '../closeReasons.ts'
import type { Hello } from '../messages.ts'
import type { Decoded, WireMessage, WireProfile } from '../wireProfile.ts'
import { jsonBase64V1 } from './jsonBase64V1.ts'
import { lenpfxV1 } from './lenpfxV1.ts'
import { nimbusV1 } from './nimbusV1.ts'

export type Detected =
  | { readonly ok: true; readonly profile: WireProfile; readonly hello: Hello }
  | { readonly ok: false; readonly code: number; readonly detail: string }

export interface ProfileRegistry {
  /** The profile of that name, if this end speaks it. */
  get(name: string): WireProfile | undefined
  /** The default first. */
  names(): readonly string[]
  /** The profile of the first frame of a socket, or the close code that it has earned. Never throws. */
  detect(first: WireMessage): Detected
}

/** The three profiles of the protocol and those of the caller. Throws if two have the same name. */
export function createProfileRegistry(extra: readonly WireProfile[] = []): ProfileRegistry {
  const profiles = new Map<string, WireProfile>()
  for (const profile of [nimbusV1, jsonBase64V1, lenpfxV1, ...extra]) {
    if (profiles.has(profile.name)) throw new Error(`Two wire profiles are called ${profile.name}: give yours a name of its own.`)
    profiles.set(profile.name, profile)
  }
  return {
    get: (name) => profiles.get(name),
    names: () => [...profiles.keys()],
    detect: (first) => detect(profiles, first),
  }
}

function detect(profiles: ReadonlyMap<string, WireProfile>, first: WireMessage): Detected {
  const verdicts: Verdict[] = []
  for (const profile of profiles.values()) {
    const decoded = profile.decode(first)
    const hello = helloOf(decoded)
    if (hello?.caps.profile === profile.name) return { ok: true, profile, hello }
    verdicts.push(hello === null ? verdictOf(decoded) : profiles.has(hello.caps.profile) ? 'misframed' : 'unregistered')
  }
  return REFUSALS[VERDICTS.find((verdict) => verdicts.includes(verdict)) ?? 'unreadable']
}

/** What one profile that was not chosen made of the frame; whoever understood more is believed. */
const VERDICTS = ['unregistered', 'misframed', 'no hello', 'unreadable'] as const
type Verdict = (typeof VERDICTS)[number]

const REFUSALS: Readonly<Record<Verdict, Detected>> = {
  unregistered: { ok: false, code: CLOSE_CODE.UNSUPPORTED_PROFILE, detail: 'unknown profile' },
  misframed: { ok: false, code: CLOSE_CODE.BAD_HELLO, detail: 'hello in another profile than it names' },
  'no hello': { ok: false, code: CLOSE_CODE.BAD_HELLO, detail: 'no hello' },
  unreadable: { ok: false, code: CLOSE_CODE.MALFORMED_FRAME, detail: 'unreadable first frame' },
}

function helloOf(decoded: Decoded): Hello | null {
  if (!decoded.ok || decoded.frame.kind !== 'control') return null
  return decoded.frame.message.t === 'hello' ? decoded.frame.message : null
}

/** A malformed hello and a message that nobody knows were read as well; only they are not what had to come. */
function verdictOf(decoded: Decoded): Verdict {
  if (decoded.ok) return 'no hello'
  return decoded.code === CLOSE_CODE.BAD_HELLO || decoded.code === CLOSE_CODE.UNSUPPORTED_MESSAGE ? 'no hello' : 'unreadable'
}
