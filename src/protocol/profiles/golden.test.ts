/** The bytes of every message in every profile, written down: an implementation that differs from these speaks another protocol. */
import { describe, expect, test } from 'vitest'
import type { ControlMessage, Stream } from '../messages.ts'
import { encodeUtf8 } from '../utf8.ts'
import type { WireMessage } from '../wireProfile.ts'
import { jsonBase64V1 } from './jsonBase64V1.ts'
import { lenpfxV1 } from './lenpfxV1.ts'
import { nimbusV1 } from './nimbusV1.ts'

/** `text` is the text frame of nimbus.v1 and json-base64.v1, `lenpfx` the binary frame of lenpfx.v1 in hex. */
const CONTROL: readonly { readonly message: ControlMessage; readonly text: string; readonly lenpfx: string }[] = [
  {
    message: { t: 'hello', proto: 1, caps: { profile: 'nimbus.v1' } },
    text: '{"t":"hello","proto":1,"caps":{"profile":"nimbus.v1"}}',
    lenpfx:
      '0000003b10000000007b2274223a2268656c6c6f222c2270726f746f223a312c2263617073223a7b2270726f66696c65223a226e696d6275732e7631227d7d',
  },
  {
    message: {
      t: 'hello',
      proto: 1,
      auth: { scheme: 'bearer', token: 'one-time' },
      caps: { profile: 'nimbus.v1', resume: 1, clientInfo: 'page' },
      resume: {
        token: 't0',
        proof: 'p0',
        attempt: 3,
        takeOver: 1,
        channels: [
          { id: 1, received: 4096, sent: 12 },
          { id: 2, received: 0 },
        ],
      },
    },
    text: '{"t":"hello","proto":1,"auth":{"scheme":"bearer","token":"one-time"},"caps":{"profile":"nimbus.v1","resume":1,"clientInfo":"page"},"resume":{"token":"t0","proof":"p0","attempt":3,"takeOver":1,"channels":[{"id":1,"received":4096,"sent":12},{"id":2,"received":0}]}}',
    lenpfx:
      '0000010c10000000007b2274223a2268656c6c6f222c2270726f746f223a312c2261757468223a7b22736368656d65223a22626561726572222c22746f6b656e223a226f6e652d74696d65227d2c2263617073223a7b2270726f66696c65223a226e696d6275732e7631222c22726573756d65223a312c22636c69656e74496e666f223a2270616765227d2c22726573756d65223a7b22746f6b656e223a227430222c2270726f6f66223a227030222c22617474656d7074223a332c2274616b654f766572223a312c226368616e6e656c73223a5b7b226964223a312c227265636569766564223a343039362c2273656e74223a31327d2c7b226964223a322c227265636569766564223a307d5d7d7d',
  },
  {
    message: { t: 'hello_ok', server: 's', caps: { flow: 'credit', maxFrame: 1048576, profileAccepted: 'nimbus.v1' } },
    text: '{"t":"hello_ok","server":"s","caps":{"flow":"credit","maxFrame":1048576,"profileAccepted":"nimbus.v1"}}',
    lenpfx:
      '0000006c10000000007b2274223a2268656c6c6f5f6f6b222c22736572766572223a2273222c2263617073223a7b22666c6f77223a22637265646974222c226d61784672616d65223a313034383537362c2270726f66696c654163636570746564223a226e696d6275732e7631227d7d',
  },
  {
    message: {
      t: 'hello_ok',
      server: 's',
      caps: { flow: 'credit', maxFrame: 1024, profileAccepted: 'nimbus.v1', resume: 1 },
      proof: 'p1',
      session: { id: 's1', token: 't1', ttlMs: 180000 },
    },
    text: '{"t":"hello_ok","server":"s","caps":{"flow":"credit","maxFrame":1024,"profileAccepted":"nimbus.v1","resume":1},"proof":"p1","session":{"id":"s1","token":"t1","ttlMs":180000}}',
    lenpfx:
      '000000b310000000007b2274223a2268656c6c6f5f6f6b222c22736572766572223a2273222c2263617073223a7b22666c6f77223a22637265646974222c226d61784672616d65223a313032342c2270726f66696c654163636570746564223a226e696d6275732e7631222c22726573756d65223a317d2c2270726f6f66223a227031222c2273657373696f6e223a7b226964223a227331222c22746f6b656e223a227431222c2274746c4d73223a3138303030307d7d',
  },
  {
    message: {
      t: 'hello_ok',
      server: 's',
      caps: { flow: 'credit', maxFrame: 1048576, profileAccepted: 'nimbus.v1', resume: 1 },
      proof: 'p2',
      resume: {
        accepted: true,
        session: 's1',
        warm: false,
        token: 't2',
        ttlMs: 90000,
        nextChannel: 3,
        channels: [
          { id: 1, from: 4096, received: 12, answered: 4000, produced: 9000, size: { cols: 80, rows: 24 } },
          { id: 2, from: 0, received: 0, answered: 0 },
        ],
      },
    },
    text: '{"t":"hello_ok","server":"s","caps":{"flow":"credit","maxFrame":1048576,"profileAccepted":"nimbus.v1","resume":1},"proof":"p2","resume":{"accepted":true,"session":"s1","warm":false,"token":"t2","ttlMs":90000,"nextChannel":3,"channels":[{"id":1,"from":4096,"received":12,"answered":4000,"produced":9000,"size":{"cols":80,"rows":24}},{"id":2,"from":0,"received":0,"answered":0}]}}',
    lenpfx:
      '0000017f10000000007b2274223a2268656c6c6f5f6f6b222c22736572766572223a2273222c2263617073223a7b22666c6f77223a22637265646974222c226d61784672616d65223a313034383537362c2270726f66696c654163636570746564223a226e696d6275732e7631222c22726573756d65223a317d2c2270726f6f66223a227032222c22726573756d65223a7b226163636570746564223a747275652c2273657373696f6e223a227331222c227761726d223a66616c73652c22746f6b656e223a227432222c2274746c4d73223a39303030302c226e6578744368616e6e656c223a332c226368616e6e656c73223a5b7b226964223a312c2266726f6d223a343039362c227265636569766564223a31322c22616e737765726564223a343030302c2270726f6475636564223a393030302c2273697a65223a7b22636f6c73223a38302c22726f7773223a32347d7d2c7b226964223a322c2266726f6d223a302c227265636569766564223a302c22616e737765726564223a307d5d7d7d',
  },
  {
    message: { t: 'open', id: 1, target: { allocation: 'a-1' } },
    text: '{"t":"open","id":1,"target":{"allocation":"a-1"}}',
    lenpfx:
      '0000003610000000007b2274223a226f70656e222c226964223a312c22746172676574223a7b22616c6c6f636174696f6e223a22612d31227d7d',
  },
  {
    message: {
      t: 'open',
      id: 4294967295,
      target: { host: 'h', port: 22 },
      user: { username: 'ü', auth: { password: 'p' } },
      term: { cols: 80, rows: 24, env: { LANG: 'C' } },
    },
    text: '{"t":"open","id":4294967295,"target":{"host":"h","port":22},"user":{"username":"ü","auth":{"password":"p"}},"term":{"cols":80,"rows":24,"env":{"LANG":"C"}}}',
    lenpfx:
      '000000a210000000007b2274223a226f70656e222c226964223a343239343936373239352c22746172676574223a7b22686f7374223a2268222c22706f7274223a32327d2c2275736572223a7b22757365726e616d65223a22c3bc222c2261757468223a7b2270617373776f7264223a2270227d7d2c227465726d223a7b22636f6c73223a38302c22726f7773223a32342c22656e76223a7b224c414e47223a2243227d7d7d',
  },
  {
    message: { t: 'open_ok', id: 1 },
    text: '{"t":"open_ok","id":1}',
    lenpfx: '0000001b10000000007b2274223a226f70656e5f6f6b222c226964223a317d',
  },
  {
    message: { t: 'open_ok', id: 1, resumeKey: 't1', ttlMs: 180000 },
    text: '{"t":"open_ok","id":1,"resumeKey":"t1","ttlMs":180000}',
    lenpfx:
      '0000003b10000000007b2274223a226f70656e5f6f6b222c226964223a312c22726573756d654b6579223a227431222c2274746c4d73223a3138303030307d',
  },
  {
    message: { t: 'open_err', id: 1, code: 4005, msg: 'no route' },
    text: '{"t":"open_err","id":1,"code":4005,"msg":"no route"}',
    lenpfx:
      '0000003910000000007b2274223a226f70656e5f657272222c226964223a312c22636f6465223a343030352c226d7367223a226e6f20726f757465227d',
  },
  {
    message: { t: 'flow', id: 1, credit: 262144 },
    text: '{"t":"flow","id":1,"credit":262144}',
    lenpfx: '0000002810000000007b2274223a22666c6f77222c226964223a312c22637265646974223a3236323134347d',
  },
  {
    message: { t: 'flow', id: 1, credit: 0, ack: 9007199254740991, hold: 1 },
    text: '{"t":"flow","id":1,"credit":0,"ack":9007199254740991,"hold":1}',
    lenpfx:
      '0000004310000000007b2274223a22666c6f77222c226964223a312c22637265646974223a302c2261636b223a393030373139393235343734303939312c22686f6c64223a317d',
  },
  {
    message: { t: 'reply', id: 1, at: 4096, input: 12 },
    text: '{"t":"reply","id":1,"at":4096,"input":12}',
    lenpfx: '0000002e10000000007b2274223a227265706c79222c226964223a312c226174223a343039362c22696e707574223a31327d',
  },
  {
    message: { t: 'resize', id: 1, cols: 132, rows: 43 },
    text: '{"t":"resize","id":1,"cols":132,"rows":43}',
    lenpfx: '0000002f10000000007b2274223a22726573697a65222c226964223a312c22636f6c73223a3133322c22726f7773223a34337d',
  },
  {
    message: { t: 'signal', id: 1, sig: 'INT' },
    text: '{"t":"signal","id":1,"sig":"INT"}',
    lenpfx: '0000002610000000007b2274223a227369676e616c222c226964223a312c22736967223a22494e54227d',
  },
  {
    message: { t: 'exit', id: 1, at: 9000 },
    text: '{"t":"exit","id":1,"at":9000}',
    lenpfx: '0000002210000000007b2274223a2265786974222c226964223a312c226174223a393030307d',
  },
  {
    message: { t: 'exit', id: 1, code: 0, sig: 'TERM', at: 9000 },
    text: '{"t":"exit","id":1,"code":0,"sig":"TERM","at":9000}',
    lenpfx:
      '0000003810000000007b2274223a2265786974222c226964223a312c22636f6465223a302c22736967223a225445524d222c226174223a393030307d',
  },
  {
    message: { t: 'close', id: 0 },
    text: '{"t":"close","id":0}',
    lenpfx: '0000001910000000007b2274223a22636c6f7365222c226964223a307d',
  },
  {
    message: { t: 'close', id: 1, reason: 'idle_timeout', retryMs: 500, afterMs: 1800000 },
    text: '{"t":"close","id":1,"reason":"idle_timeout","retryMs":500,"afterMs":1800000}',
    lenpfx:
      '0000005110000000007b2274223a22636c6f7365222c226964223a312c22726561736f6e223a2269646c655f74696d656f7574222c2272657472794d73223a3530302c2261667465724d73223a313830303030307d',
  },
  {
    message: { t: 'ping', ts: 0 },
    text: '{"t":"ping","ts":0}',
    lenpfx: '0000001810000000007b2274223a2270696e67222c227473223a307d',
  },
  {
    message: { t: 'pong', ts: 9007199254740991 },
    text: '{"t":"pong","ts":9007199254740991}',
    lenpfx: '0000002710000000007b2274223a22706f6e67222c227473223a393030373139393235343734303939317d',
  },
]

/** Data frames: payload and binary frames in hex, `text` the text frame of json-base64.v1. */
const DATA: readonly {
  readonly stream: Stream
  readonly channel: number
  readonly payload: string
  readonly nimbus: string
  readonly lenpfx: string
  readonly text: string
}[] = [
  {
    stream: 1,
    channel: 1,
    payload: '',
    nimbus: '0100000001',
    lenpfx: '000000050100000001',
    text: '{"kind":"data","stream":"stdout","id":1,"payload":""}',
  },
  {
    stream: 1,
    channel: 1,
    payload: '6c730d',
    nimbus: '01000000016c730d',
    lenpfx: '0000000801000000016c730d',
    text: '{"kind":"data","stream":"stdout","id":1,"payload":"bHMN"}',
  },
  {
    stream: 2,
    channel: 258,
    payload: 'e2',
    nimbus: '0200000102e2',
    lenpfx: '000000060200000102e2',
    text: '{"kind":"data","stream":"stderr","id":258,"payload":"4g=="}',
  },
  {
    stream: 1,
    channel: 4294967295,
    payload: '00ff',
    nimbus: '01ffffffff00ff',
    lenpfx: '0000000701ffffffff00ff',
    text: '{"kind":"data","stream":"stdout","id":4294967295,"payload":"AP8="}',
  },
  {
    stream: 2,
    channel: 16909060,
    payload: 'fbff7f10203040',
    nimbus: '0201020304fbff7f10203040',
    lenpfx: '0000000c0201020304fbff7f10203040',
    text: '{"kind":"data","stream":"stderr","id":16909060,"payload":"+/9/ECAwQA=="}',
  },
]

describe('control messages', () => {
  test.each(CONTROL)('$text', ({ message, text, lenpfx }) => {
    for (const [profile, wire] of [
      [nimbusV1, text] as const,
      [jsonBase64V1, text] as const,
      [lenpfxV1, unhex(lenpfx)] as const,
    ]) {
      expect(profile.encodeControl(message)).toEqual(wire)
      expect(profile.decode(wire)).toEqual({ ok: true, frame: { kind: 'control', message } })
    }
  })

  test('a lenpfx frame is its length, 0x10, channel 0 and the same text', () => {
    for (const { text, lenpfx } of CONTROL) {
      const bytes = encodeUtf8(text)
      expect(lenpfx).toBe(`${(bytes.length + 5).toString(16).padStart(8, '0')}1000000000${hex(bytes)}`)
    }
  })

  test('the table has every message', () => {
    expect([...new Set(CONTROL.map(({ message }) => message.t))].sort()).toEqual(
      // prettier-ignore
      ['close', 'exit', 'flow', 'hello', 'hello_ok', 'open', 'open_err', 'open_ok', 'ping', 'pong', 'reply', 'resize', 'signal'],
    )
  })
})

describe('data frames', () => {
  test.each(DATA)('stream $stream of channel $channel: $payload', ({ stream, channel, payload, nimbus, lenpfx, text }) => {
    const bytes = unhex(payload)
    const wires: readonly (readonly [typeof nimbusV1, WireMessage])[] = [
      [nimbusV1, unhex(nimbus)],
      [jsonBase64V1, text],
      [lenpfxV1, unhex(lenpfx)],
    ]
    for (const [profile, wire] of wires) {
      expect(profile.encodeData(stream, channel, bytes)).toEqual(wire)
      expect(profile.decode(wire)).toEqual({ ok: true, frame: { kind: 'data', stream, channel, payload: bytes } })
    }
  })
})

function hex(bytes: Uint8Array<ArrayBuffer>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function unhex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
