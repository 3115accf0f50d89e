/** PROTOCOL.md and the code say the same: its tables and its numbers are read here and compared. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CLOSE_CODE, closeReasonOf, closeReasons, closeRule, isCloseReason } from './closeReasons.ts'
import type { CloseRule } from './closeReasons.ts'
import { isClientMessage, isServerMessage, parseControl } from './guards.ts'
import {
  CREDIT,
  DEADLINE,
  HEARTBEAT,
  HELD_INPUT,
  INPUT_WINDOW,
  MAX_CHANNEL_ID,
  MAX_FRAME,
  MAX_INTEGER,
  MAX_REASON_BYTES,
  ONE_TIME_TOKEN,
  OUTPUT_WINDOW,
  POLICY,
  QUIET_MS,
  READ_AHEAD_BYTES,
  RECONNECT,
  REPLIES_PER_SECOND,
  SESSION,
  TAB_LOCK_MS,
  TERMINAL_SIDE,
  TRANSPORT_PAUSE,
} from './limits.ts'
import { PROTO, SIGNALS, SUBPROTOCOL } from './messages.ts'
import { createProfileRegistry } from './profiles/registry.ts'

const page = readFileSync(new URL('PROTOCOL.md', import.meta.url), 'utf8')

function section(number: number): string {
  const [, text] = page.split(`\n## ${number}. `)
  if (text === undefined) throw new Error(`PROTOCOL.md has no section ${number}.`)
  return text.split('\n## ')[0] ?? ''
}

/** The body rows of the only table of a section, as cells. */
function rows(number: number): readonly (readonly string[])[] {
  const lines = section(number)
    .split('\n')
    .filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('section 2', () => {
  const table = rows(2).flatMap(([names = '', direction = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, t = '']) => ({ t, direction })),
  )
  /** The fields that make each message complete. */
  const SMALLEST: Readonly<Record<string, object>> = {
    hello: { proto: 1, caps: { profile: 'nimbus.v1' } },
    hello_ok: { server: 's', caps: { flow: 'credit', maxFrame: 1024, profileAccepted: 'nimbus.v1' } },
    open: { id: 1, target: { allocation: 'a' } },
    open_ok: { id: 1 },
    open_err: { id: 1, code: 4005, msg: '' },
    flow: { id: 1, credit: 0 },
    reply: { id: 1, at: 0, input: 0 },
    resize: { id: 1, cols: 80, rows: 24 },
    signal: { id: 1, sig: 'INT' },
    exit: { id: 1, at: 0 },
    close: { id: 0 },
    ping: { ts: 0 },
    pong: { ts: 0 },
  }

  test('names every message', () => {
    expect(table.map(({ t }) => t).sort()).toEqual(Object.keys(SMALLEST).sort())
  })

  test.each(table)('$t goes $direction', ({ t, direction }) => {
    const decoded = parseControl(JSON.stringify({ t, ...SMALLEST[t] }))
    if (!decoded.ok || decoded.frame.kind !== 'control') throw new Error(`${t} is not readable`)
    const { message } = decoded.frame
    const ways = { 'C→S': [true, false], 'S→C': [false, true], both: [true, true] }[direction]
    expect([isClientMessage(message), isServerMessage(message)]).toEqual(ways)
  })

  test('names the signals', () => {
    for (const signal of SIGNALS) expect(section(2)).toContain(`\`${signal}\``)
  })
})

describe('section 3', () => {
  test('names the profiles, the default first', () => {
    expect(rows(3).map(([name = '']) => /`(.*?)`/.exec(name)?.[1])).toEqual(createProfileRegistry().names())
  })
})

describe('section 7', () => {
  const SESSION_WORDS: Readonly<Record<string, CloseRule['session']>> = {
    'ends when the client asked for it': 'ends',
    'ends, if there was one': 'ends',
    ends: 'ends',
    'stays for its TTL': 'stays',
    'stays if it can': 'stays',
    'not touched': 'untouched',
  }
  const TOKEN_WORDS: Readonly<Record<string, CloseRule['token']>> = {
    forgotten: 'forget',
    kept: 'keep',
    'forgotten if still the own one': 'forget-if-mine',
  }
  const table = rows(7).map(([codes = '', session = '', token = '', retry = '']) => ({
    codes,
    // The rule for the unknown names a border, not a code.
    numbers: [...codes.replace(/any unknown.*/, '').matchAll(/\b\d{4}\b/g)].map(([code]) => Number(code)),
    names: [...codes.matchAll(/(\d{4}) ([A-Z][A-Z_]+)/g)].map(([, code, name]) => [name, Number(code)] as const),
    rule: { session: SESSION_WORDS[session], token: TOKEN_WORDS[token], retry: retry === 'yes' },
  }))

  test.each(table.flatMap(({ numbers, rule }) => numbers.map((code) => ({ code, rule }))))('$code: $rule', ({ code, rule }) => {
    expect(closeRule(code)).toEqual(rule)
  })

  test('names exactly the codes of the table in code', () => {
    expect(Object.fromEntries([['NORMAL', 1000], ...table.flatMap(({ names }) => names)])).toEqual(CLOSE_CODE)
  })

  test('codes it does not name follow the two rules for the unknown', () => {
    const unknown = (words: string) => table.find(({ codes }) => codes.includes(words))?.rule
    for (const code of [0, 1004, 1014, 1015, 2999, 3000, 3999]) expect(closeRule(code)).toEqual(unknown('any unknown below 4000'))
    for (const code of [4019, 4100, 4408, 4410, 4999]) expect(closeRule(code)).toEqual(unknown('any unknown from 4000'))
  })

  test('names exactly the reasons, each within the bound of a WebSocket', () => {
    const sentence = /Reasons are names.*?`timeout`\./.exec(section(7))?.[0] ?? ''
    const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
    expect(named.sort()).toEqual(Object.keys(closeReasons).sort())
    expect(sentence).toContain(`at most ${MAX_REASON_BYTES} bytes`)
    for (const name of named) expect(name.length).toBeLessThanOrEqual(MAX_REASON_BYTES)
  })

  test('a code without a reason means the first reason that the table gives it', () => {
    for (const code of new Set(Object.values(closeReasons))) {
      const first = Object.entries(closeReasons).find(([, its]) => its === code)?.[0]
      expect(closeReasonOf(code)).toBe(first)
      expect(closeReasonOf(code, 'no such name')).toBe(first)
    }
    expect(closeReasonOf(1000, 'shell_exit')).toBe('shell_exit')
    expect(closeReasonOf(4000, 'constructor')).toBe('cancelled')
    expect(isCloseReason('__proto__')).toBe(false)
  })

  test('codes without a name of their own still mean something', () => {
    for (const code of [1002, 1003, 1007, 1008, 1009, 4002, 4007, 4008, 4009, 4013])
      expect(closeReasonOf(code)).toBe('protocol_error')
    expect(closeReasonOf(4409)).toBe(closeReasonOf(4011))
    expect(closeReasonOf(1011)).toBe('browser_disconnected')
    expect(closeReasonOf(3999)).toBe('browser_disconnected')
    expect(closeReasonOf(4321)).toBe('internal_error')
  })
})

describe('numbers', () => {
  const KiB = (bytes: number) => `${bytes / 1024} KiB`
  const MiB = (bytes: number) => `${bytes / 1024 ** 2} MiB`
  const ms = (time: number) => `${time} ms`
  const s = (time: number) => `${time / 1000} s`
  const min = (time: number) => `${time / 60_000} min`
  const SMALL = ['no', 'one', 'two', 'three', 'four'] as const
  const word = (number: number) => SMALL[number]
  const Word = (number: number) => SMALL[number]?.replace(/^./, (letter) => letter.toUpperCase())

  test.each([
    `# The terminal protocol, \`${SUBPROTOCOL}\``,
    `\`proto: ${PROTO}\``,
    `at most 2^${Math.log2(MAX_INTEGER + 1)} − 1`,
    `Channel ids are 1 … 2^${Math.log2(MAX_CHANNEL_ID + 1)} − 1`,
    `at least ${ONE_TIME_TOKEN.bytes * 8} random bits, lives ${s(ONE_TIME_TOKEN.ttlMs)}`,
    `outstanding at most 2^${Math.log2(CREDIT.max + 1)} − 1`,
    `${TERMINAL_SIDE.min} … ${TERMINAL_SIDE.max}; others are ignored`,
    `${MiB(MAX_FRAME.initial)} until \`hello_ok\`, never below ${KiB(MAX_FRAME.min)}`,
    `grants when min(half a window, ${KiB(CREDIT.grantBytes)})`,
    `at the latest ${ms(QUIET_MS.input)} (input) or ${ms(QUIET_MS.output)} (output)`,
    `The output window starts at ${KiB(OUTPUT_WINDOW.initial)} and moves between ${KiB(OUTPUT_WINDOW.min)} and ${MiB(OUTPUT_WINDOW.max)}.`,
    `The input window is ${KiB(INPUT_WINDOW)}.`,
    `(more than ${MiB(TRANSPORT_PAUSE.above)} are waiting in the socket, until fewer than ${MiB(TRANSPORT_PAUSE.below)} are)`,
    `\`trickle\` (a ${KiB(OUTPUT_WINDOW.trickle)} window)`,
    `at most ${KiB(READ_AHEAD_BYTES)} ahead of what it sent`,
    `(${s(SESSION.ttlMs)} by default, ${s(SESSION.minTtlMs)} … ${min(SESSION.maxTtlMs)})`,
    `(the program pauses at ${MiB(SESSION.replayBytes)}) and a tail of ${KiB(SESSION.tailBytes)}`,
    `at most ${SESSION.modesLength} characters`,
    `another size for ${SESSION.nudgeMs} ms`,
    `${Word(SESSION.challengeMs / 1000)} seconds without it`,
    `At most ${word(SESSION.waitingResumes)} cold resumes wait`,
    `(${REPLIES_PER_SECOND} a second)`,
    `up to ${KiB(HELD_INPUT.bytes)} or ${s(HELD_INPUT.ms)} after the first key`,
    `${HELD_INPUT.calmMs === 1000 ? 'a second' : s(HELD_INPUT.calmMs)} has passed without a key`,
    `a Web Lock, waited for up to ${s(TAB_LOCK_MS)}`,
    `Session tokens have ${SESSION.tokenBytes * 8} random bits`,
    `\`ping\` after ${s(HEARTBEAT.silenceMs)} without a frame from the other, at 20, 40 and 60 s, and judge each ${s(HEARTBEAT.judgeMs)} later; ${word(HEARTBEAT.tries)} unanswered end the socket`,
    `${word(HEARTBEAT.pongMs / 60_000)} minutes without a pong end it`,
    `${s(HEARTBEAT.typingSilenceMs)} of silence are enough for a ping, and ${s(HEARTBEAT.typingSilenceMs)} more end the socket`,
    `probes at once and waits ${s(HEARTBEAT.probeMs)}`,
    `connect ${s(DEADLINE.connectMs)}, \`hello\` ${s(DEADLINE.helloMs)}, \`open\` ${s(DEADLINE.openMs)}, close ${s(DEADLINE.closeMs)} (${CLOSE_CODE.TIMEOUT})`,
    `exponential from ${ms(RECONNECT.baseMs)} with full jitter, at most ${s(RECONNECT.maxMs)}, ${RECONNECT.tries} tries that did not become ready`,
    `a connection that had lasted ${s(RECONNECT.lastedMs)}`,
    `goes one step on, to ${s(RECONNECT.maxReadyMs)} at most`,
    `get HUP, after ${s(SESSION.hangupMs)} KILL`,
    `${POLICY.channels} channels a connection`,
    `${POLICY.controlPerSecond} control messages a second with a burst of ${POLICY.controlBurst}`,
    `one per ${KiB(POLICY.bytesPerFlow)} plus ${POLICY.flowsPerSecond} a second`,
    `${s(POLICY.silentSocketMs)} for a silent socket and ${min(POLICY.idlePersonMs)} for a person`,
  ])('%s', (phrase) => {
    expect(page).toContain(phrase)
  })
})
