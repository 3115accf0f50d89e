/** Each script goes where it says, and together they bring about everything that can become of a terminal. */
import { beforeAll, describe, expect, it } from 'vitest'
import { closeReasons } from '../src/protocol/closeReasons.ts'
import { direct, play, type Play } from './play.ts'
import { nearNames, scriptNamed, scripts } from './scripts.ts'

const plays = new Map<string, Play>()

beforeAll(async () => {
  for (const script of scripts) plays.set(script.name, await play(script, direct))
})

function playOf(name: string): Play {
  const found = plays.get(name)
  if (found === undefined) throw new Error(`Nobody has played ${name}.`)
  return found
}

describe.each(scripts.map((script) => [script.name, script] as const))('%s', (name, script) => {
  it('goes where it says', () => {
    expect(playOf(name).phases).toEqual(script.goes)
  })

  it('has a name in kebab-case and a sentence', () => {
    expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/)
    expect(script.sentence).toMatch(/^[A-Z].{20,110}\.$/)
  })

  it('leaves the same trace again', async () => {
    expect((await play(script, direct)).trace).toEqual(playOf(name).trace)
  })
})

describe('all scripts together', () => {
  it('have names of their own', () => {
    expect(new Set(scripts.map(({ name }) => name)).size).toBe(scripts.length)
  })

  it('bring about every close reason', () => {
    const seen = new Set<string>()
    for (const { trace, states } of plays.values()) {
      for (const state of states) seen.add(state.replace('ended/', ''))
      for (const entry of trace) {
        if (entry.what === 'closed') seen.add(entry.reason)
        if (entry.what === 'token-answered' && entry.code !== null) seen.add(entry.code)
      }
    }
    expect(Object.keys(closeReasons).filter((reason) => !seen.has(reason))).toEqual([])
  })

  it('bring about every state of a connection', () => {
    const seen = new Set([...plays.values()].flatMap(({ states }) => states))
    const wanted = [
      ...['authorizing', 'connecting', 'opening'].map((step) => `starting/${step}`),
      'ready',
      ...['waiting', 'trying', 'offline'].map((step) => `lost/${step}`),
      ...['tab', 'active', 'busy', 'superseded'].map((how) => `elsewhere/${how}`),
      ...['not_found', 'failed', 'user_closed', 'shell_exit', 'idle_timeout', 'gateway_restart'].map((end) => `ended/${end}`),
    ]
    expect(wanted.filter((state) => !seen.has(state))).toEqual([])
  })

  it('bring about every answer of the token endpoint', () => {
    const codes = [...plays.values()].flatMap(({ trace }) => trace.flatMap((entry) => ('code' in entry ? [entry.code] : [])))
    expect(codes).toEqual(
      expect.arrayContaining(['auth_failed', 'policy_denied', 'not_found', 'allocation_busy', 'rate_limited']),
    )
  })

  it('lose nothing that they do not declare', () => {
    const missing = [...plays].filter(([, { missing }]) => missing > 0).map(([name, { missing }]) => [name, missing])
    expect(missing).toEqual([['resume-with-gap', 12_000]])
  })
})

describe('a trace', () => {
  it('holds nothing that was typed, printed or secret', async () => {
    const canary = 'hunter2-canary'
    const { trace, text } = await play(
      {
        name: 'canary',
        sentence: 'Somebody types a password.',
        person: [
          { does: 'see', phase: 'ready' },
          { does: 'type', text: `echo ${canary}\r` },
          { does: 'read', text: `\x07${canary}` },
        ],
        goes: [],
        ends: { phase: 'ready' },
      },
      direct,
    )
    expect(text).toContain(canary)
    const written = JSON.stringify(trace)
    expect(written).not.toContain(canary)
    expect(written).toContain('"token":"secret 1"')
    expect(written).not.toMatch(/[A-Za-z0-9_-]{20}/)
  })

  it('is another one with another seed, where there is chance', async () => {
    const script = scriptNamed('slow-network')
    expect((await play(script, direct, 2)).trace).not.toEqual(playOf('slow-network').trace)
  })

  it('says which secret comes back where', () => {
    const messages = playOf('resume-accepted').trace.flatMap((entry) => (entry.what === 'control' ? [entry.message] : []))
    const granted = messages.find((message) => message['t'] === 'hello_ok')
    const shown = messages.findLast((message) => message['t'] === 'hello')
    expect(granted).toMatchObject({ proof: expect.stringMatching(/^secret \d+$/), session: { token: expect.any(String) } })
    expect(shown).toMatchObject({ resume: { proof: granted?.['proof'] } })
  })
})

describe('a wrong name', () => {
  it('is answered with the near ones and with how to see them all', () => {
    expect(() => scriptNamed('hapy-path')).toThrow(/no script called "hapy-path".*happy-path.*--list/)
    expect(nearNames('resume')).toEqual(expect.arrayContaining(['resume-cold']))
    expect(() => scriptNamed('zzzzzzzzzzzz')).toThrow(/zzzz.*--list/)
  })
})
