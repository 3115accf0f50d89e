/** Sits between the network and the real server, and does what no honest server would: bends hellos, answers for the dead, speaks in the server's name. */
import type { ControlMessage, Hello } from '../src/protocol/messages.ts'
import { nimbusV1 } from '../src/protocol/profiles/nimbusV1.ts'
import { createProfileRegistry } from '../src/protocol/profiles/registry.ts'
import type { WireMessage, WireProfile } from '../src/protocol/wireProfile.ts'
import type { Clock, ServerSocket, SocketEvents } from '../src/server/ports.ts'
import type { HelloBend, Script } from './script.ts'

export interface Saboteur {
  /** Puts itself between a socket and whoever serves it. */
  between(socket: ServerSocket, serve: (socket: ServerSocket) => SocketEvents): SocketEvents
  say(text: string): void
  close(code: number, reason: string, retryMs?: number): void
}

export type Orders = Pick<Script, 'hellos' | 'helloDelayMs' | 'answersChallenges'>

/** Creates one. Without orders it lets everything through as it is. */
export function createSaboteur(clock: Clock, orders: () => Orders): Saboteur {
  const victims = new Set<Victim>()
  let hellos = 0

  return {
    between(socket, serve) {
      const victim = new Victim(socket, clock, orders, () => ++hellos)
      victims.add(victim)
      return victim.join(serve, () => victims.delete(victim))
    },
    say(text) {
      for (const victim of victims) victim.socket.send(text)
    },
    close(code, reason, retryMs) {
      for (const victim of victims) victim.close(code, reason, retryMs)
    },
  }
}

const profiles = createProfileRegistry()

/** One connection under its hands. */
class Victim {
  readonly socket: ServerSocket
  readonly #clock: Clock
  readonly #orders: () => Orders
  readonly #countHello: () => number
  #profile: WireProfile = nimbusV1
  #sawHello = false
  /** What the server said while its answer to the hello is held up. */
  #delayed: (() => void)[] | null = null

  constructor(socket: ServerSocket, clock: Clock, orders: () => Orders, countHello: () => number) {
    this.socket = socket
    this.#clock = clock
    this.#orders = orders
    this.#countHello = countHello
  }

  join(serve: (socket: ServerSocket) => SocketEvents, gone: () => void): SocketEvents {
    const events = serve({
      ...this.socket,
      send: (message) => {
        this.#inOrder(() => this.socket.send(message))
        this.#answerChallenge(message, events)
      },
      close: (code, reason) => this.#inOrder(() => this.socket.close(code, reason)),
    })
    return {
      message: (message) => events.message(this.#fromClient(message)),
      closed: (code, reason) => {
        gone()
        events.closed(code, reason)
      },
      drained: () => events.drained(),
    }
  }

  /** Closes as the server does: with a word before the code. */
  close(code: number, reason: string, retryMs?: number): void {
    this.socket.send(this.#profile.encodeControl({ t: 'close', id: 0, reason, ...(retryMs !== undefined && { retryMs }) }))
    this.socket.close(code, reason)
  }

  #fromClient(message: WireMessage): WireMessage {
    if (this.#sawHello) return message
    this.#sawHello = true
    const detected = profiles.detect(message)
    if (!detected.ok) return message
    this.#profile = detected.profile
    const { hellos = [], helloDelayMs = 0 } = this.#orders()
    if (helloDelayMs > 0) this.#delay(helloDelayMs)
    const nth = this.#countHello()
    const bend = hellos.find((each) => each.nth === nth)?.bend
    return bend === undefined ? message : detected.profile.encodeControl(bent(detected.hello, bend))
  }

  #delay(ms: number): void {
    this.#delayed = []
    this.#clock.after(ms, () => {
      const due = this.#delayed ?? []
      this.#delayed = null
      for (const send of due) send()
    })
  }

  #inOrder(send: () => void): void {
    if (this.#delayed === null) send()
    else this.#delayed.push(send)
  }

  /** Answers every ping of the server, also where the page would not. */
  #answerChallenge(message: WireMessage, events: SocketEvents): void {
    if (this.#orders().answersChallenges !== true) return
    const ping = this.#read(message)
    if (ping?.t === 'ping') this.#clock.soon(() => events.message(this.#profile.encodeControl({ t: 'pong', ts: ping.ts })))
  }

  #read(message: WireMessage): ControlMessage | null {
    const decoded = this.#profile.decode(message)
    return decoded.ok && decoded.frame.kind === 'control' ? decoded.frame.message : null
  }
}

function bent(hello: Hello, bend: HelloBend['bend']): Hello {
  const { resume } = hello
  if (resume === undefined) return hello
  if ('claimMore' in bend) {
    const channels = resume.channels.map((channel) => ({ ...channel, received: channel.received + bend.claimMore }))
    return { ...hello, resume: { ...resume, channels } }
  }
  const { proof, ...rest } = resume
  if (bend.proof === 'wrong') return { ...hello, resume: { ...rest, proof: [...(proof ?? 'none')].reverse().join('') } }
  // Without a proof nobody knows where the screen stands.
  return { ...hello, resume: { ...rest, channels: [] } }
}
