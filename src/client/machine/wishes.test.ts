/** What a person's wishes, a server's goodbye and a busy link do to the state of a connection. */
import { describe, expect, test } from 'vitest'
import { ClientScript, GRANTED, codes, greeting, orders, resumption, sent } from '../../testing/clientScript.ts'

/** Ended by the server, its token forgotten. */
function over(): ClientScript {
  const s = new ClientScript().ready()
  s.data(5)
  s.cutAndGreet()
  s.hear(resumption({ from: 5 }))
  s.close(4018, 'idle_timeout')
  return s
}

/** Somebody else has the session. */
function elsewhere(): ClientScript {
  const s = new ClientScript().ready()
  s.close(4016, 'superseded')
  return s
}

describe('a retry', () => {
  test('in a wait goes at once, puts the timer out and forgets that the page was offline', () => {
    const s = new ClientScript().ready()
    s.close(1006)
    const effects = s.give({ type: 'retry' })
    expect(effects[0]).toEqual({ do: 'cancel', name: 'retry' })
    expect(orders(effects, 'connect')).toHaveLength(1)
    const offline = new ClientScript().ready()
    offline.give({ type: 'page', event: 'offline', stored: null })
    offline.close(1006)
    offline.give({ type: 'retry' })
    expect(offline.state.page).toEqual({ hidden: false, offline: false })
  })

  test.each([over, elsewhere])('after an end without a session starts anew, with every terminal wanted', (ended) => {
    const s = ended()
    s.now += 100
    s.give({ type: 'retry' })
    expect(s.state).toMatchObject({ backoff: { tries: 0, level: 0 }, since: s.now, phase: { name: 'authorizing' } })
    expect(s.channel()).toMatchObject({ phase: 'wanted', id: null })
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    s.connected()
    expect(sent(s.hear(greeting()), 'open')).toHaveLength(1)
  })
})

describe('a restart and a take-over', () => {
  test.each([over, elsewhere])('forget what was, and want every terminal again', (ended) => {
    const s = ended()
    s.now += 100
    s.give({ type: 'restart' })
    expect(s.state).toMatchObject({ since: s.now, lost: false, everReady: false, resumed: null, backoff: { level: 0 } })
    expect(s.channel()).toMatchObject({ phase: 'wanted', id: null })
    expect(s.state.phase).toEqual({ name: 'authorizing', takeOver: false })
  })

  test('take-over: the clock of the state begins again', () => {
    const s = elsewhere()
    s.now += 100
    s.give({ type: 'take-over' })
    expect(s.state).toMatchObject({ since: s.now, lost: false, backoff: { level: 0 } })
  })

  test('a disconnect leaves every terminal closed', () => {
    const s = new ClientScript().ready()
    s.give({ type: 'disconnect' })
    expect(s.channel().phase).toBe('closed')
  })
})

describe('a server that says goodbye', () => {
  test('before hello_ok is believed: its reason outlives the socket', () => {
    const s = new ClientScript().ready()
    s.cutAndGreet()
    s.hear({ t: 'close', id: 0, reason: 'expired' })
    s.close(4011)
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'expired', code: 4011 } })
  })

  test('because somebody came between token and hello is asked again', () => {
    const s = new ClientScript()
    s.start()
    s.openChannel()
    s.give({ type: 'token', answer: GRANTED, takeOver: false })
    s.connected()
    s.close(4004, 'allocation_busy')
    expect(s.state.phase.name).toBe('waiting')
    const ready = new ClientScript().ready()
    ready.close(4004, 'allocation_busy')
    expect(ready.state.phase.name).toBe('ended')
  })

  test('with overload is not hurried by a page that wakes', () => {
    const s = new ClientScript().ready()
    s.close(4010)
    expect(s.state.phase).toMatchObject({ name: 'waiting', busy: true })
  })

  test('before the last byte of an exit came tells its own reason, not the exit', () => {
    const s = new ClientScript().ready()
    s.data(10)
    s.hear({ t: 'exit', id: 1, code: 3, at: 100 })
    s.close(4018, 'idle_timeout')
    expect(s.state.phase).toMatchObject({ name: 'ended', end: { reason: 'idle_timeout' } })
  })
})

describe('a closed terminal', () => {
  test('says nothing to a socket that is not there, and takes no more data', () => {
    const s = new ClientScript().ready()
    s.openChannel(1)
    s.hear({ t: 'open_ok', id: 2 })
    s.give({ type: 'close-channel', handle: 0 })
    const before = s.channel().output
    expect(s.data(5)).toEqual([])
    expect(s.channel().output).toBe(before)
    s.close(1006)
    expect(sent(s.give({ type: 'close-channel', handle: 1 }))).toEqual([])
  })
})

describe('a link on which output flows', () => {
  test('is measured: a ping each second at first, with the next data', () => {
    const s = new ClientScript().ready()
    s.hear({ t: 'pong', ts: 1000 })
    s.now += 999
    expect(sent(s.data(1), 'ping')).toEqual([])
    s.now += 1
    expect(sent(s.data(1), 'ping')).toEqual([{ t: 'ping', ts: 2000 }])
  })

  test('is looked at in 5 s while any terminal draws or waits, and in 20 s when all rest', () => {
    const s = new ClientScript().ready()
    s.openChannel(1)
    s.hear({ t: 'open_ok', id: 2 })
    const lookIn = () => {
      s.hear({ t: 'pong', ts: s.state.liveness?.lastTs ?? 0 })
      return orders(s.give({ type: 'timer', name: 'heartbeat' }), 'timer').find(({ name }) => name === 'heartbeat')?.ms
    }
    expect(lookIn()).toBe(20_000)
    s.data(5)
    expect(lookIn()).toBe(5000)
    s.drawn(5)
    expect(lookIn()).toBe(20_000)
    s.type(1)
    expect(lookIn()).toBe(5000)
  })

  test('is not probed before its hello was answered', () => {
    const s = new ClientScript().ready()
    s.cutAndGreet()
    const { liveness } = s.state
    expect(s.give({ type: 'page', event: 'wake', stored: null })).toEqual([])
    expect(s.give({ type: 'timer', name: 'heartbeat' })).toEqual([])
    expect(s.state.liveness).toBe(liveness)
    expect(codes(s.all)).not.toContain('breach')
  })
})
