/** The runner between machine and world: applications that call back or throw, platforms that refuse, sleep, pastes, and letting go. */
import { describe, expect, test } from 'vitest'
import { STORED, URL_OF_SOCKET, GRANTED, greeting, plainGreeting, resumption } from '../testing/clientScript.ts'
import { KEY, joined, world } from '../testing/clientWorld.ts'
import { seededRandom } from '../testing/seededRandom.ts'
import type { TokenAnswer } from './ports.ts'
import type { Runner } from './runner.ts'

function decodeUtf8(bytes: Uint8Array<ArrayBuffer>): string {
  return new TextDecoder().decode(bytes)
}

function phase(runner: Runner): string {
  return runner.snapshot().status.phase
}

describe('applications that call back', () => {
  test('a write inside `ready` goes out on that very connection', () => {
    const w = world()
    w.runner.start()
    const channel = w.runner.open()
    const answers: string[] = []
    channel.on('ready', () => answers.push(channel.write('hello')))
    w.admit()
    expect(answers).toEqual(['sent'])
    expect(decodeUtf8(w.socket.input())).toBe('hello')
  })

  test('consumed inside `data`, and a second frame inside that, keep order and count', () => {
    const w = world()
    const channel = w.ready()
    const seen: string[] = []
    channel.on('data', ({ bytes, end }) => {
      seen.push(decodeUtf8(bytes))
      if (seen.length === 1) w.socket.print('two')
      channel.consumed(end)
    })
    w.socket.print('one')
    expect(seen).toEqual(['one', 'two'])
    expect(w.runner.stats()).toMatchObject({ received: 6, drawn: 6 })
  })

  test('whoever disposes inside `data` hears nothing more, and no timer is left', () => {
    const w = world()
    const channel = w.ready()
    let heard = 0
    channel.on('data', () => {
      heard++
      w.runner.dispose()
      w.socket.print('more')
    })
    w.socket.print('some')
    expect(heard).toBe(1)
    expect(w.clock.pending()).toBe(0)
    expect(w.socket.closedWith?.[0]).toBe(3000)
  })

  test('a listener that throws is told as `error`, and the terminal goes on', () => {
    const w = world()
    const channel = w.ready()
    const errors: string[] = []
    w.runner.on('error', ({ message }) => errors.push(message))
    let heard = 0
    channel.on('data', ({ end }) => {
      heard++
      channel.consumed(end)
      throw new Error('boom')
    })
    w.socket.print('a')
    w.socket.print('b')
    expect([heard, errors]).toEqual([2, ['boom', 'boom']])
    expect(phase(w.runner)).toBe('ready')
    w.clock.advance(250)
    expect(w.socket.said('flow').at(-1)).toMatchObject({ ack: 2 })
  })

  test('a listener for errors that throws stops nothing', () => {
    const w = world()
    const channel = w.ready()
    w.runner.on('error', () => {
      throw new Error('again')
    })
    channel.on('data', () => {
      throw 'not even an error'
    })
    w.socket.print('a')
    expect(w.diagnostics.map(({ code }) => code)).toContain('error-listener-threw')
    expect(phase(w.runner)).toBe('ready')
  })

  test('a watcher of snapshots that writes and one that throws do no harm', () => {
    const w = world()
    w.runner.start()
    const channel = w.runner.open()
    w.runner.on('error', () => undefined)
    w.runner.subscribe(() => {
      if (phase(w.runner) === 'ready') channel.write('x')
      throw new Error('watcher')
    })
    w.admit()
    expect(decodeUtf8(w.socket.input())).toBe('x')
  })

  test('output causes no new snapshot', () => {
    const w = world()
    w.ready()
    let changes = 0
    w.runner.subscribe(() => changes++)
    for (let i = 0; i < 100; i++) w.socket.print('line\r\n')
    expect(changes).toBe(0)
  })
})

describe('platforms that refuse', () => {
  test('a constructor that throws is a failed try, and ten of them end in words', () => {
    let tries = 0
    const openSocket = (): never => {
      tries++
      throw new SyntaxError('no such address')
    }
    const w = world({ ports: { openSocket } })
    w.runner.start()
    w.runner.open()
    expect(w.runner.snapshot().status).toMatchObject({ phase: 'lost', step: 'waiting' })
    w.clock.advance(600_000)
    expect(tries).toBe(10)
    expect(w.runner.snapshot().status).toMatchObject({ phase: 'ended', end: { reason: 'browser_disconnected' } })
    expect(w.clock.pending()).toBe(0)
  })

  test('storage that throws costs the resume after a reload, and nothing else', () => {
    const refuse = (): never => {
      throw new DOMException('denied', 'SecurityError')
    }
    const w = world({ ports: { store: { read: refuse, write: refuse, remove: refuse } } })
    w.ready()
    expect(phase(w.runner)).toBe('ready')
    expect(w.diagnostics.map(({ code }) => code)).toContain('platform-refused')
    w.socket.events.closed(4018, 'idle_timeout')
    expect(phase(w.runner)).toBe('ended')
  })

  test.each(['{', '[]', 'null', '{"id":1}', '""', '{"id":"a","token":"b"}'])(
    'what lies in storage may be anything: %s',
    (text) => {
      const w = world()
      w.storage.set(KEY, text)
      w.ready()
      expect(phase(w.runner)).toBe('ready')
    },
  )

  test('a token source that throws or rejects is unreachable for now', async () => {
    for (const getToken of [
      () => Promise.reject(new Error('offline')),
      (): never => {
        throw new Error('offline')
      },
    ]) {
      const errors: Error[] = []
      const w = world({ ports: { getToken } })
      w.runner.on('error', (error) => errors.push(error))
      w.runner.start()
      w.runner.open()
      await w.clock.settleUntil(w.clock.now() + 10)
      expect(w.runner.snapshot().status).toMatchObject({ phase: 'lost', step: 'waiting' })
      await w.clock.settleUntil(w.clock.now() + 10_000)
      expect(errors).toEqual([new Error('getToken has thrown; it is asked again.', { cause: new Error('offline') })])
      w.runner.dispose()
      expect(w.clock.pending()).toBe(0)
    }
  })

  test('a token source that never answers is given up and asked again; its late answer changes nothing', async () => {
    const answers: ((answer: TokenAnswer) => void)[] = []
    const w = world({ ports: { getToken: () => new Promise((resolve) => answers.push(resolve)) } })
    w.runner.start()
    w.runner.open()
    w.clock.advance(10_000)
    expect(w.runner.snapshot().status).toMatchObject({ phase: 'lost', step: 'waiting' })
    w.clock.advance(1000)
    expect(answers).toHaveLength(2)
    answers[0]?.(GRANTED)
    await w.clock.settleUntil(w.clock.now() + 1)
    expect(w.sockets).toHaveLength(0)
    answers[1]?.(GRANTED)
    await w.clock.settleUntil(w.clock.now() + 1)
    expect(w.sockets).toHaveLength(1)
  })

  test('an answer of a token source that is no answer ends in words', () => {
    // A page without types may hand over anything.
    const nonsense = [
      ...[undefined, null, 'token', {}, { token: 'x' }, { token: 'x', websocket_url: '/ws' }],
      ...[
        { ok: true, token: 'x' },
        { ok: true, token: 5, url: 'ws://x/' },
        { ok: true, token: '', url: 'ws://x/' },
      ],
      ...[{ ok: false }, { ok: false, code: 'no' }, { ok: false, code: 'toString' }],
      { ok: false, code: 'rate_limited', retryMs: 'soon' },
    ] as unknown as TokenAnswer[]
    for (const answer of nonsense) {
      const errors: string[] = []
      const w = world({ ports: { getToken: () => answer } })
      w.runner.on('error', ({ message }) => errors.push(message))
      w.runner.start()
      expect(errors).toEqual([expect.stringContaining('it should be { ok: true, token, url } or { ok: false, code }')])
      expect(w.runner.snapshot().status, JSON.stringify(answer)).toMatchObject({ phase: 'ended', end: { reason: 'failed' } })
    }
  })

  test('a lock that rejects or throws locks nobody out', async () => {
    for (const claim of [
      () => ({ granted: Promise.reject(new Error('no locks')), release: () => undefined }),
      (): never => {
        throw new DOMException('opaque origin', 'SecurityError')
      },
    ]) {
      const w = world({ ports: { tabLock: { claim } } })
      w.storage.set(KEY, JSON.stringify(STORED))
      w.runner.start()
      await w.clock.settleUntil(w.clock.now() + 1)
      expect(w.sockets).toHaveLength(1)
      w.runner.dispose()
    }
  })

  test('a socket that throws while sending is as good as closed', () => {
    const w = world()
    const channel = w.ready()
    w.socket.failsToSend = true
    channel.write('x')
    expect(phase(w.runner)).toBe('lost')
    w.clock.advance(300)
    w.admit(resumption())
    expect(decodeUtf8(w.socket.input())).toBe('x')
  })

  test('a frame above maxFrame ends the socket with 4008', () => {
    const w = world()
    w.ready()
    w.socket.print(new Uint8Array(65_536))
    expect(w.runner.snapshot().status).toMatchObject({ phase: 'ended', end: { code: 4008 } })
    expect(w.socket.closedWith?.[0]).toBe(4008)
  })
})

describe('the stored token', () => {
  test('‡ it is in storage before the hello_ok is answered with anything', () => {
    const w = world()
    w.runner.start()
    w.runner.open()
    w.socket.events.opened()
    const { send } = w.socket
    const stored: (string | undefined)[] = []
    w.socket.send = (wire) => {
      stored.push(w.storage.get(KEY))
      send.call(w.socket, wire)
    }
    w.socket.say(greeting())
    expect(stored.length).toBeGreaterThan(0)
    expect(stored.every((text) => text?.includes('token-1'))).toBe(true)
  })

  test('‡ it is forgotten only if it is still ours', () => {
    for (const [lying, kept] of [
      ['token-1', false],
      ['of-another-page', true],
    ] as const) {
      const w = world()
      w.ready()
      w.storage.set(KEY, JSON.stringify({ ...STORED, token: lying }))
      w.socket.events.closed(4016, 'superseded')
      expect(w.storage.has(KEY)).toBe(kept)
    }
  })

  test('neither proof nor one-time token nor input is ever stored or told', () => {
    const w = world()
    const channel = w.ready()
    channel.write('secret typing')
    w.socket.print('secret output')
    w.socket.events.closed(1006, '')
    w.clock.advance(60_000)
    w.runner.dispose()
    const told = JSON.stringify([...w.storage.values(), w.diagnostics, w.runner.snapshot()])
    for (const secret of ['proof-1', 'one-time', 'secret']) expect(told).not.toContain(secret)
    expect(JSON.stringify(w.diagnostics)).not.toContain('token-1')
  })
})

describe('sleep and letting go', () => {
  test('a timer that fires far too late is a wake-up: the link is probed and given 3 s', () => {
    const slept: (() => void)[] = []
    const w = world()
    const { after } = w.clock
    let asleep = false
    w.clock.after = (ms, callback) => after(ms, () => (asleep ? slept.push(callback) : callback()))
    w.ready()
    w.socket.say({ t: 'pong', ts: Math.floor(w.clock.now()) })
    asleep = true
    w.clock.advance(60_000)
    asleep = false
    const pings = w.socket.said('ping').length
    slept.forEach((wake) => wake())
    expect(w.socket.said('ping').length).toBeGreaterThan(pings)
    w.clock.advance(2999)
    expect(phase(w.runner)).toBe('ready')
    w.clock.advance(1)
    expect(phase(w.runner)).toBe('lost')
  })

  test.each([
    ['claiming', (w: ReturnType<typeof world>) => (w.storage.set(KEY, JSON.stringify(STORED)), w.runner.start())],
    ['connecting', (w: ReturnType<typeof world>) => w.runner.start()],
    ['greeting', (w: ReturnType<typeof world>) => (w.runner.start(), w.socket.events.opened())],
    ['ready', (w: ReturnType<typeof world>) => w.ready()],
    ['waiting', (w: ReturnType<typeof world>) => (w.ready(), w.socket.events.closed(1006, ''))],
    ['elsewhere', (w: ReturnType<typeof world>) => (w.ready(), w.socket.events.closed(4016, 'superseded'))],
    ['ended', (w: ReturnType<typeof world>) => (w.ready(), w.socket.events.closed(4018, ''))],
    ['suspended', (w: ReturnType<typeof world>) => (w.ready(), w.tell('leave'))],
  ])('dispose in %s leaves no timer, no lock, no listener and no open socket', (_, go) => {
    const w = world()
    go(w)
    w.runner.dispose()
    expect(w.clock.pending()).toBe(0)
    expect(w.locks()).toBe(0)
    const opened = w.sockets.length
    for (const event of ['online', 'visible', 'wake', 'return'] as const) w.tell(event)
    w.clock.advance(120_000)
    expect(w.sockets).toHaveLength(opened)
    expect(w.sockets.every((socket) => socket.closedWith !== null)).toBe(true)
  })

  test('a mount that is undone at once and done again opens one socket', () => {
    const storage = new Map<string, string>()
    const store = {
      read: (key: string) => storage.get(key) ?? null,
      write: (key: string, value: string) => void storage.set(key, value),
      remove: (key: string) => void storage.delete(key),
    }
    const asked: unknown[] = []
    const pending = new Promise<TokenAnswer>(() => undefined)
    const ports = { store, getToken: (request: unknown) => (asked.push(request), pending) }
    const first = world({ ports })
    first.runner.start()
    first.runner.dispose()
    const second = world({ ports })
    second.runner.start()
    expect([first.sockets.length, second.sockets.length, asked.length]).toEqual([0, 0, 2])
    second.runner.dispose()
    expect(first.clock.pending() + second.clock.pending()).toBe(0)
  })

  test('into the back/forward cache without socket and lock, and out of it warm', () => {
    const w = world()
    w.ready()
    w.tell('leave')
    expect(w.socket.closedWith).not.toBeNull()
    expect(w.locks()).toBe(0)
    expect(w.clock.pending()).toBe(0)
    w.tell('return')
    expect(w.sockets).toHaveLength(2)
    w.socket.events.opened()
    expect(w.socket.said('hello')).toMatchObject([{ resume: { proof: 'proof-1' } }])
  })

  test('there are never two open sockets', () => {
    const w = world()
    w.ready()
    for (const event of ['leave', 'return', 'offline', 'online', 'leave', 'return', 'wake'] as const) {
      w.tell(event)
      w.runner.retry()
      w.clock.advance(500)
      expect(w.sockets.filter((socket) => socket.closedWith === null).length).toBeLessThanOrEqual(1)
    }
  })
})

describe('typing', () => {
  test('write says what became of the bytes', () => {
    const w = world()
    const channel = w.ready()
    expect(channel.write('a')).toBe('sent')
    w.socket.events.closed(1006, '')
    expect(channel.write('b')).toBe('held')
    expect(channel.write('c'.repeat(5000))).toBe('refused')
    expect(channel.write('d')).toBe('refused')
    w.clock.advance(300)
    w.admit(resumption({ received: 1 }))
    expect(decodeUtf8(w.socket.input())).toBe('')
  })

  test('a report holds the bytes that were typed, without what the emulator answered', () => {
    const w = world()
    const channel = w.ready(greeting(), 3)
    const reports: [string, number, boolean][] = []
    channel.on('unsent', ({ bytes, keys, maybeWritten }) => reports.push([decodeUtf8(bytes), keys, maybeWritten]))
    w.socket.print('query')
    channel.write('ab')
    channel.reply('[answer]', 5)
    channel.write('cd')
    w.socket.events.closed(4018, 'idle_timeout')
    expect(reports).toEqual([
      ['ab', 1, true],
      ['cd', 1, false],
    ])
    expect(w.runner.snapshot().unsent).toEqual({ keys: 2, bytes: 4 })
    w.runner.dismissUnsent()
    expect(w.runner.snapshot().unsent).toBeNull()
  })

  test('a cold resume reports what was sent, keeps what was held and sends that at the new offset', () => {
    const w = world()
    const channel = w.ready()
    const reports: [string, boolean][] = []
    channel.on('unsent', ({ bytes, maybeWritten }) => reports.push([decodeUtf8(bytes), maybeWritten]))
    channel.write('sent')
    w.tell('leave')
    channel.write('held')
    w.storage.set(KEY, JSON.stringify({ ...STORED, token: 'by-another-page' }))
    w.tell('return')
    w.admit(resumption({ received: 77 }, { warm: false, token: 'x' }))
    expect(reports).toEqual([['sent', true]])
    expect(decodeUtf8(w.socket.input())).toBe('held')
    expect(w.runner.stats().typed).toBe(81)
  })

  test('a new screen hears of the modes in which it begins, and no diagnostic and no report does', () => {
    const w = world()
    const channel = w.ready()
    const resets: unknown[] = []
    const notes: unknown[] = []
    channel.on('reset', (reset) => resets.push(reset))
    w.runner.on('diagnostic', (note) => notes.push(note))
    w.tell('leave')
    w.storage.set(KEY, JSON.stringify({ ...STORED, token: 'by-another-page' }))
    w.tell('return')
    w.admit(resumption({ from: 9, produced: 9, modes: '\u001b[?1049h' }, { warm: false, token: 'x' }))
    expect(resets).toEqual([{ modes: '\u001b[?1049h' }])
    expect(notes.length).toBeGreaterThan(0)
    expect(JSON.stringify([notes, w.runner.report()])).not.toContain('1049')
  })

  test('a key is never split by what is refused, and joined pieces keep their order', () => {
    const w = world()
    const channel = w.ready(greeting(), 0)
    for (const key of ['a', 'bc', 'd']) channel.write(key)
    w.socket.say({ t: 'flow', id: 1, credit: 2 })
    w.socket.say({ t: 'flow', id: 1, credit: 100 })
    expect(decodeUtf8(w.socket.input())).toBe('abcd')
  })

  test('plain peers get what is typed without a grant', () => {
    const w = world()
    const channel = w.ready(plainGreeting)
    channel.write('ls\n')
    expect(decodeUtf8(w.socket.input())).toBe('ls\n')
  })
})

describe('pastes (4)', () => {
  /** A server that takes input window by window, at most `most` bytes in all, and remembers it. */
  function take(
    w: ReturnType<typeof world>,
    most = Infinity,
    each: (taken: number) => unknown = () => undefined,
  ): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array<ArrayBuffer>[] = []
    let taken = w.runner.stats().written
    for (let before = -1; before !== taken && taken < most;) {
      before = taken
      const input = w.socket.input()
      w.socket.wires.length = 0
      parts.push(input)
      taken += input.byteLength
      each(taken)
      if (input.byteLength > 0) w.socket.say({ t: 'flow', id: 1, credit: input.byteLength, ack: taken })
    }
    return joined(parts)
  }

  test('10 MB through 64 KiB windows: byte for byte, never more than a window and a slice in memory', async () => {
    const w = world()
    const channel = w.ready()
    const bytes = seededRandom('paste').bytes(10_000_000)
    const paste = channel.paste(bytes)
    let most = 0
    const taken = take(w, Infinity, () => {
      const { typed, written } = w.runner.stats()
      most = Math.max(most, typed - written)
    })
    expect(Buffer.compare(taken, bytes)).toBe(0)
    expect(most).toBeLessThanOrEqual(64 * 1024 + 2 * 16 * 1024)
    expect(await paste.done).toEqual({ sent: 10_000_000, complete: true })
  })

  test('a key that is typed meanwhile passes what is left of the paste', () => {
    const w = world()
    const channel = w.ready()
    channel.paste(new Uint8Array(1_000_000))
    expect(channel.write('\u0003')).toBe('sent')
    const taken = take(w)
    expect(taken.byteLength).toBe(1_000_001)
    expect(taken.indexOf(3)).toBeLessThanOrEqual(64 * 1024 + 2 * 16 * 1024)
  })

  test('a key never lands inside a character of the paste', () => {
    const w = world()
    const channel = w.ready()
    const text = 'x' + '€'.repeat(200_000)
    channel.paste(text)
    const taken = take(w, Infinity, (count) => count < 500_000 && channel.write('!'))
    expect(decodeUtf8(taken).replaceAll('!', '')).toBe(text)
    expect(decodeUtf8(taken)).toContain('!')
  })

  test('cancel stops it, and says how much went out', async () => {
    const w = world()
    const channel = w.ready()
    const paste = channel.paste(new Uint8Array(1_000_000))
    take(w, 200_000)
    paste.cancel()
    const { sent, complete } = await paste.done
    expect(complete).toBe(false)
    expect(w.runner.stats().typed).toBe(sent)
    take(w)
    expect(w.runner.stats()).toMatchObject({ typed: sent, written: sent })
  })

  test('it waits for a cut connection and goes on where it was', async () => {
    const w = world()
    const channel = w.ready()
    const bytes = seededRandom('cut').bytes(500_000)
    const paste = channel.paste(bytes)
    const before = take(w, 100_000)
    w.socket.events.closed(1006, '')
    w.clock.advance(300)
    w.admit(resumption({ received: before.byteLength }), 0)
    w.socket.say({ t: 'flow', id: 1, credit: 65_536, ack: before.byteLength })
    const after = take(w)
    expect(Buffer.compare(joined([before, after]), bytes)).toBe(0)
    expect((await paste.done).complete).toBe(true)
  })

  test('a new screen, an end and somebody else all end it', async () => {
    for (const code of [4018, 4016]) {
      const w = world()
      const channel = w.ready()
      const paste = channel.paste(new Uint8Array(1_000_000))
      w.socket.events.closed(code, '')
      expect((await paste.done).complete).toBe(false)
    }
  })

  test('the server’s goodbye in the middle of one refuses no keys', () => {
    const w = world()
    const channel = w.ready()
    channel.paste(new Uint8Array(1_000_000))
    w.socket.say({ t: 'close', id: 0, reason: 'gateway_restart', retryMs: 10 })
    w.socket.events.closed(1012, '')
    expect(channel.write('x')).toBe('held')
  })

  test('keys that are refused do not hold up a paste that was accepted', () => {
    const w = world()
    const channel = w.ready()
    channel.paste(new Uint8Array(300_000))
    const before = take(w, 100_000).byteLength
    w.socket.events.closed(1006, '')
    channel.write('y'.repeat(5000))
    w.clock.advance(300)
    w.admit(resumption({ received: before }), 0)
    w.socket.say({ t: 'flow', id: 1, credit: 300_000, ack: before })
    expect(w.runner.stats().typed).toBe(300_000)
    w.clock.advance(1000)
    expect(channel.write('z')).toBe('sent')
  })

  test('above 8 MiB in the socket nothing more is handed to it until it is below 2 MiB', () => {
    const w = world()
    const channel = w.ready(plainGreeting)
    const { send } = w.socket
    w.socket.send = (wire) => {
      w.socket.buffered += wire.length
      send.call(w.socket, wire)
    }
    channel.paste(new Uint8Array(20_000_000))
    const first = w.socket.input().byteLength
    expect(first).toBeGreaterThanOrEqual(8 * 1024 * 1024)
    expect(first).toBeLessThan(8 * 1024 * 1024 + 100_000)
    expect(w.runner.snapshot().paused.transport).toBe(true)
    w.socket.buffered = 2 * 1024 * 1024
    w.clock.advance(1000)
    expect(w.socket.input().byteLength).toBe(first)
    w.socket.buffered = 2 * 1024 * 1024 - 1
    w.clock.advance(50)
    expect(w.socket.input().byteLength).toBeGreaterThan(first)
  })
})

test('a server that admits without a token is reached by its address alone', () => {
  const w = world({ config: { url: URL_OF_SOCKET }, ports: { getToken: () => Promise.reject(new Error('not asked')) } })
  w.runner.start()
  w.socket.events.opened()
  expect(w.socket.said('hello')).toMatchObject([{ auth: { scheme: 'none' } }])
})
