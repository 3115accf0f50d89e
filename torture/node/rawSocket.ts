/** Somebody who speaks the protocol by hand, over the platform's WebSocket: honest or not. */
import { SUBPROTOCOL, type ControlMessage } from '../../src/protocol/messages.ts'
import { until } from './until.ts'

export class RawSocket {
  readonly messages: ControlMessage[] = []
  closed: { readonly code: number; readonly reason: string } | null = null
  #opened = false
  readonly #socket: WebSocket

  constructor(url: string) {
    this.#socket = new WebSocket(url, SUBPROTOCOL)
    this.#socket.addEventListener('open', () => (this.#opened = true))
    this.#socket.addEventListener('message', ({ data }) => {
      // Nothing is checked but that it is JSON: a server under test sent it.
      if (typeof data === 'string') this.messages.push(JSON.parse(data) as ControlMessage)
    })
    this.#socket.addEventListener('close', ({ code, reason }) => (this.closed = { code, reason }))
    // Node's own class closes a socket that never opened without a word.
    this.#socket.addEventListener('error', () => (this.closed ??= { code: 1006, reason: '' }))
  }

  async opened(): Promise<this> {
    await until(() => this.#opened || this.closed !== null, 'the socket opens')
    return this
  }

  /** Whatever it is: messages that no honest peer sends have no type. */
  send(message: object | string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  hello(fields: object): void {
    this.send({ t: 'hello', proto: 1, caps: { profile: 'nimbus.v1', resume: 1 }, ...fields })
  }

  has(t: ControlMessage['t']): boolean {
    return this.messages.some((message) => message.t === t)
  }

  /** Either let in or sent away. */
  decided(): Promise<void> {
    return until(() => this.has('hello_ok') || this.closed !== null, 'the server decides')
  }

  close(): void {
    this.#socket.close()
  }
}
