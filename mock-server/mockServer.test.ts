/** What a story or a test does to the fake server by hand. */
import { afterEach, describe, expect, it } from 'vitest'
import { connect, type Connection } from '../src/client/index.ts'
import { echoBackend } from '../src/server/backends/echo.ts'
import { virtualClock } from '../src/testing/virtualClock.ts'
import { createMockServer, type MockServerOptions } from './mockServer.ts'

const ends: (() => void)[] = []
afterEach(() => ends.splice(0).forEach((end) => end()))

/** A server with somebody at it, both in virtual time. */
function world(options: MockServerOptions = {}) {
  const clock = virtualClock()
  const mock = createMockServer({ script: 'happy-path', clock, ...options })
  const me = visitor()
  ends.push(() => void mock.close())
  return { clock, mock, ...me, another: visitor }

  function visitor() {
    const connection: Connection = connect({
      allocationId: 'box',
      getToken: mock.getToken,
      storage: 'none',
      ports: {
        openSocket: mock.openSocket,
        clock: { now: clock.now, wall: clock.wall, after: clock.after },
        random: () => 0.5,
        page: { isHidden: () => false, isOffline: () => false, watch: () => () => undefined },
      },
    })
    ends.push(() => connection.dispose())
    const channel = connection.open({ size: { cols: 80, rows: 24 } })
    const decoder = new TextDecoder()
    const seen = { text: '' }
    channel.on('data', ({ bytes, end }) => {
      seen.text += decoder.decode(bytes, { stream: true })
      channel.consumed(end)
    })
    const status = () => connection.snapshot().status
    return {
      connection,
      channel,
      seen,
      status,
      comesTo: (phase: string) => clock.settleUntil(() => status().phase === phase),
      reads: (words: string) => clock.settleUntil(() => seen.text.includes(words)),
      passes: (ms: number) => clock.settleUntil(clock.now() + ms),
    }
  }
}

describe('the network by hand', () => {
  it('drops a connection, and the next one goes through', async () => {
    const { mock, comesTo } = world()
    await comesTo('ready')
    mock.network.drop()
    await comesTo('lost')
    await comesTo('ready')
  })

  it('stays away after a cut, for tokens too, until it is mended', async () => {
    const { mock, comesTo, passes, status, connection } = world()
    await comesTo('ready')
    mock.network.cut()
    await passes(5000)
    expect(status().phase).toBe('lost')
    const [asked] = await Promise.allSettled([mock.getToken({ allocation: 'box', takeOver: false }), passes(100)])
    expect(asked).toMatchObject({ status: 'rejected', reason: { message: 'Nobody can be reached.' } })
    mock.network.mend()
    connection.retry()
    await comesTo('ready')
  })

  it('goes silent when it is stalled, and loses nothing', async () => {
    const { mock, comesTo, reads, passes, channel, seen, status } = world()
    await comesTo('ready')
    mock.network.stall()
    channel.write('echo "tea"\r')
    await passes(3000)
    expect(seen.text).not.toContain('tea')
    mock.network.mend()
    await reads('\x07tea\r\n')
    expect(status().phase).toBe('ready')
  })

  it('holds a new connection up while it is stalled', async () => {
    const { mock, comesTo, passes, status } = world()
    await comesTo('ready')
    mock.network.stall()
    mock.network.drop()
    await passes(5000)
    expect(status()).toMatchObject({ phase: 'lost', step: 'trying' })
    mock.network.mend()
    await comesTo('ready')
  })

  it('takes its time when it is slow, until it is mended', async () => {
    const { clock, mock, comesTo, reads, passes, channel } = world()
    await comesTo('ready')
    const echoed = async (word: string): Promise<number> => {
      const before = clock.now()
      channel.write(word)
      await reads(word)
      return clock.now() - before
    }
    expect(await echoed('first')).toBe(10)
    mock.network.slow({ latencyMs: 400, jitterMs: 100 })
    const slow = await echoed('second')
    expect(slow).toBeGreaterThanOrEqual(800)
    expect(slow).toBeLessThanOrEqual(1000)
    mock.network.mend()
    // What is under way still takes its time, and nothing overtakes it.
    await passes(1000)
    expect(await echoed('third')).toBe(10)
  })
})

describe('actions by hand', () => {
  it('type, print and end the program', async () => {
    const { mock, comesTo, reads, status } = world()
    await comesTo('ready')
    await mock.act({ do: 'type', text: 'echo "by hand"\r' })
    await reads('\x07by hand\r\n')
    await mock.act({ do: 'print', text: 'from behind\n' })
    await reads('from behind\r\n')
    await mock.act({ do: 'end-program', exit: { sig: 'KILL' } })
    await comesTo('ended')
    expect(status()).toMatchObject({ end: { reason: 'shell_exit', exit: { sig: 'KILL' } } })
  })

  it('bring somebody else, who goes again', async () => {
    const { mock, comesTo, status, connection, passes } = world()
    await comesTo('ready')
    void mock.act({ do: 'visit', as: 'same-person', takeOver: true })
    await comesTo('elsewhere')
    expect(status()).toMatchObject({ how: 'superseded', canTakeOver: true })
    await mock.act({ do: 'visitor-leaves' })
    await passes(1000)
    connection.restart()
    await comesTo('ready')
  })

  it('restart the server, which is another one then', async () => {
    const { mock, comesTo, connection } = world()
    await comesTo('ready')
    const before = mock.core
    await mock.act({ do: 'restart', how: 'crash' })
    expect(mock.core).not.toBe(before)
    await comesTo('ended')
    connection.restart()
    await comesTo('ready')
  })

  it('restart it with another mind', async () => {
    const { mock, comesTo, connection, status } = world()
    await comesTo('ready')
    await mock.act({ do: 'restart', how: 'graceful', server: { verdicts: { mint: 'not_found' } } })
    await comesTo('ended')
    expect(status()).toMatchObject({ end: { reason: 'gateway_restart' } })
    connection.restart()
    await comesTo('starting')
    await comesTo('ended')
    expect(status()).toMatchObject({ end: { reason: 'not_found' } })
  })
})

describe('options', () => {
  it('take another backend, and the echo where there is no script', async () => {
    for (const options of [{ backend: echoBackend({ clock: virtualClock() }) }, { script: undefined }]) {
      const { mock } = world(options)
      expect(mock.core.options.backend.pausable).toBe(true)
    }
    const { comesTo, channel, reads } = world({ script: undefined })
    await comesTo('ready')
    channel.write('/size\r')
    await reads('80 x 24')
  })

  it('ask the host before the script', async () => {
    const { comesTo, status } = world({ authorize: () => 'not_found' })
    await comesTo('ended')
    expect(status()).toMatchObject({ end: { reason: 'not_found' } })
  })

  it('put limits on top of those of the script', async () => {
    const { comesTo, status } = world({ script: 'channel-limit', limits: { maxChannels: 1, idleMs: 500 } })
    await comesTo('ready')
    await comesTo('ended')
    expect(status()).toMatchObject({ end: { reason: 'idle_timeout' } })
  })

  it('take a script of one’s own', async () => {
    const { mock, comesTo, reads } = world({
      script: {
        name: 'tea-time',
        sentence: 'Somebody says that there is tea.',
        steps: [{ on: 'typed', text: 'now', after: 10, every: 50, times: 3, act: [{ do: 'print', text: 'tea\n' }] }],
      },
    })
    await comesTo('ready')
    expect(mock.script?.name).toBe('tea-time')
    await mock.act({ do: 'type', text: 'not typed by the person: now' })
    const { channel, seen, passes } = world({ script: mock.script ?? undefined })
    await passes(500)
    channel.write('now')
    await passes(1000)
    expect(seen.text.match(/tea\r\n/g)).toHaveLength(3)
    await reads('now')
  })
})

describe('two servers', () => {
  it('know nothing of each other', async () => {
    const one = world()
    const two = world()
    await one.comesTo('ready')
    await two.comesTo('ready')
    one.mock.network.cut()
    await one.comesTo('lost')
    await two.passes(1000)
    expect(two.status().phase).toBe('ready')
  })
})
