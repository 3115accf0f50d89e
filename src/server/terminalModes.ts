/** Follows the modes that output puts a terminal into, so that a screen that begins in the middle of it can begin in them. */

/** Where in a control sequence the output stands. A string is what DCS, SOS, PM and APC begin. */
type Place = 'text' | 'escape' | 'csi' | 'osc' | 'string'

const BEL = 0x07
const SO = 0x0e
const SI = 0x0f
const CAN = 0x18
const SUB = 0x1a
const ESC = 0x1b
const SPACE = 0x20
const COLON = 0x3a
const SEMICOLON = 0x3b
const DEL = 0x7f

/** Characters of a sequence that are looked at: more than its parameters have need of. */
const MOST_CHARACTERS = 256
const MOST_PARAMETERS = 32
/** Bytes that are looked at before the next ESC is searched for: between two colours there are few. */
const NEAR_BYTES = 24

/**
 * What single numbers of DECSET switch, and how that is at the start: cursor keys, origin, autowrap, cursor, reverse wrap, keypad,
 * focus reports, bracketed paste. Never synchronized output (2026): the screen would wait for the end of a frame that is long over.
 */
const SWITCHES: ReadonlyMap<number, 'h' | 'l'> = new Map([
  [1, 'l'],
  [6, 'l'],
  [7, 'h'],
  [25, 'h'],
  [45, 'l'],
  [66, 'l'],
  [1004, 'l'],
  [2004, 'l'],
])
/** Numbers of DECSET of which the last one holds. */
const CHOICES: ReadonlyMap<number, 'screen' | 'mouse' | 'mouse encoding'> = new Map([
  [47, 'screen'],
  [1047, 'screen'],
  [1049, 'screen'],
  [9, 'mouse'],
  [1000, 'mouse'],
  [1002, 'mouse'],
  [1003, 'mouse'],
  [1006, 'mouse encoding'],
  [1016, 'mouse encoding'],
])
const KEYPAD = 66
/** DECSET: every character set as it is at the start. */
const ASCII = 2
/** Numbers of SM: insert, and line feeds that begin a line. */
const ANSI_MODES: readonly number[] = [4, 20]
/** What designates which character set. */
const DESIGNATORS: ReadonlyMap<string, string> = new Map([
  ['(', 'G0'],
  [')', 'G1'],
  ['-', 'G1'],
  ['*', 'G2'],
  ['.', 'G2'],
  ['+', 'G3'],
])
/** The character sets that xterm.js has; B is the one at the start. */
const CHARSETS = 'B0A4C5RQKYE6ZH7='
/** What shifts to G1, G2 and G3, in the same way for all that comes. G0 is in use at the start. */
const SHIFTS = '~}n|o'
/** What a full reset does not touch in xterm.js: a hidden cursor, and line feeds, which are an option there. */
const AFTER_FULL_RESET: readonly string[] = ['?25', '20']
const AFTER_SOFT_RESET: readonly string[] = ['screen', 'mouse', 'mouse encoding', '20']

/** Finals of CSI sequences that may change a mode: h, l, p and q. */
const FINALS: readonly number[] = [0x68, 0x6c, 0x70, 0x71]

const INTRODUCERS: ReadonlyMap<string, Place> = new Map([
  ['[', 'csi'],
  [']', 'osc'],
  ['P', 'string'],
  ['X', 'string'],
  ['^', 'string'],
  ['_', 'string'],
])

/** Where `byte` is next from `from` on; -1 if it is not there. */
export type IndexOfByte = (bytes: Uint8Array, byte: number, from: number) => number

/**
 * Takes output in pieces of any size and keeps a few hundred characters, whatever comes. It does as xterm.js 6 does, for what
 * programs set once and rely on. It follows neither colours nor scroll regions: programs set them when they draw anew, and any
 * change of size undoes a region. Nor does it know the controls above 127, which no program uses with UTF-8.
 */
export class TerminalModes {
  #followed = 0
  #place: Place = 'text'
  /** The beginning of a sequence whose end has not come. */
  #begun = ''
  /** For each mode that is not as it is at the start, the sequence that sets it. */
  readonly #set = new Map<string, string>()
  readonly #indexOf: IndexOfByte

  /** Without `indexOf` the language's own, which takes a millisecond for a mebibyte of text: all of it is looked at. */
  constructor(indexOf: IndexOfByte = (bytes, byte, from) => bytes.indexOf(byte, from)) {
    this.#indexOf = indexOf
  }

  /** How many bytes it has seen. */
  get followed(): number {
    return this.#followed
  }

  /**
   * ASCII that brings a new terminal into these modes; empty if it begins in them. The last of it is the beginning of a sequence
   * that is not over, so that its end is no text. A string is begun as one that means nothing: what is left of it does not either.
   */
  get sequences(): string {
    const { screen = '', ...others } = Object.fromEntries(this.#set)
    return screen + Object.values(others).join('') + this.#beginning()
  }

  #beginning(): string {
    switch (this.#place) {
      case 'text':
        return ''
      case 'escape':
        return `\x1b${this.#begun}`
      case 'csi':
        return this.#begun.length > MOST_CHARACTERS ? '\x1b[0?' : `\x1b[${this.#begun}`
      case 'osc':
        return '\x1b]x'
      case 'string':
        return '\x1bP0?'
    }
  }

  /** The output goes on with `bytes`. */
  follow(bytes: Uint8Array): void {
    const shifts = this.#indexOf(bytes, SO, 0) >= 0
    for (let at = 0; at < bytes.length;) {
      if (this.#place === 'text') at = this.#text(bytes, at, shifts || this.#set.has('shift'))
      else if (this.#place === 'csi') at = this.#csi(bytes, at)
      else if (this.#place === 'escape') at = this.#escape(bytes[at]!, at)
      else at = this.#string(bytes, at, this.#place === 'osc')
    }
    this.#followed += bytes.length
  }

  /** Where there may be shifts every byte counts. */
  #text(bytes: Uint8Array, from: number, shifts: boolean): number {
    const end = shifts ? nextEscape(bytes, from, this.#indexOf) : nextOfInterest(bytes, from, this.#indexOf)
    if (shifts) for (let at = from; at < end; at++) this.#control(bytes[at]!)
    if (end < bytes.length) this.#begin('escape')
    return end + 1
  }

  #escape(byte: number, at: number): number {
    if (byte < SPACE || byte >= DEL) {
      this.#control(byte)
      return at + 1
    }
    const sequence = this.#begun + String.fromCharCode(byte)
    const introduced = INTRODUCERS.get(sequence)
    if (introduced !== undefined) this.#begin(introduced)
    else if (byte < 0x30) this.#begun = sequence.slice(0, MOST_CHARACTERS)
    else {
      this.#begin('text')
      this.#escaped(sequence)
    }
    return at + 1
  }

  #csi(bytes: Uint8Array, from: number): number {
    const end = endOfParameters(bytes, from)
    // One character too many tells that there were more.
    for (let at = from; at < end && this.#begun.length <= MOST_CHARACTERS; at++) this.#begun += String.fromCharCode(bytes[at]!)
    const final = bytes[end]
    if (final === undefined) return end
    if (isFinal(final)) {
      const parameters = this.#begun
      this.#begin('text')
      if (parameters.length <= MOST_CHARACTERS) this.#controlled(parameters, String.fromCharCode(final))
    } else {
      this.#control(final)
    }
    return end + 1
  }

  #string(bytes: Uint8Array, from: number, isOsc: boolean): number {
    let end = from
    while (end < bytes.length && !(bytes[end]! < SPACE && endsString(bytes[end]!, isOsc))) end++
    if (end < bytes.length) this.#begin(bytes[end] === ESC ? 'escape' : 'text')
    return end + 1
  }

  #begin(place: Place): void {
    this.#place = place
    this.#begun = ''
  }

  /** A byte that is of no sequence, wherever it comes; in one, those that mean nothing are passed over. */
  #control(byte: number): void {
    if (byte === ESC) this.#begin('escape')
    else if (byte === CAN || byte === SUB || byte > DEL) this.#begin('text')
    else if (byte === SO) this.#set.set('shift', '\x1b~')
    else if (byte === SI) this.#set.delete('shift')
  }

  #escaped(sequence: string): void {
    switch (sequence) {
      case 'c':
        return this.#keep(AFTER_FULL_RESET)
      case '=':
        return this.#switch(KEYPAD, 'h')
      case '>':
        return this.#switch(KEYPAD, 'l')
      case '%@':
      case '%G':
        this.#set.delete('shift')
        this.#set.delete('G0')
    }
    if (SHIFTS.includes(sequence)) this.#set.set('shift', `\x1b${sequence}`)
    this.#designate(sequence)
  }

  #designate(sequence: string): void {
    const [designator = '', charset = ''] = sequence
    const slot = DESIGNATORS.get(designator)
    if (slot === undefined || sequence.length !== 2 || !CHARSETS.includes(charset)) return
    if (charset === 'B') this.#set.delete(slot)
    else this.#set.set(slot, `\x1b${sequence}`)
  }

  #controlled(parameters: string, final: string): void {
    const isPrivate = parameters.startsWith('?')
    if (final === 'h' || final === 'l') {
      for (const value of valuesOf(isPrivate ? parameters.slice(1) : parameters)) {
        if (isPrivate) this.#private(value, final === 'h')
        else if (ANSI_MODES.includes(value)) this.#put(`${value}`, final === 'h' ? `${value}h` : null)
      }
    } else if (final === 'q' && parameters.endsWith(' ')) {
      const [style = 7] = valuesOf(parameters.slice(0, -1))
      if (style <= 6) this.#put('cursor', style === 0 ? null : `${style} q`)
    } else if (final === 'p' && parameters === '!') {
      this.#keep(AFTER_SOFT_RESET)
    }
  }

  /** DECSET and DECRST. */
  #private(value: number, on: boolean): void {
    const choice = CHOICES.get(value)
    if (choice !== undefined) this.#put(choice, on ? `?${value}h` : null)
    else if (SWITCHES.has(value)) this.#switch(value, on ? 'h' : 'l')
    else if (value === ASCII && on) for (const slot of DESIGNATORS.values()) this.#set.delete(slot)
  }

  #switch(value: number, to: 'h' | 'l'): void {
    this.#put(`?${value}`, SWITCHES.get(value) === to ? null : `?${value}${to}`)
  }

  /** What sets a mode, after CSI; null where it is as at the start. */
  #put(mode: string, sequence: string | null): void {
    if (sequence === null) this.#set.delete(mode)
    else this.#set.set(mode, `\x1b[${sequence}`)
  }

  #keep(modes: readonly string[]): void {
    for (const mode of this.#set.keys()) if (!modes.includes(mode)) this.#set.delete(mode)
  }
}

function nextEscape(bytes: Uint8Array, from: number, indexOf: IndexOfByte): number {
  const near = Math.min(bytes.length, from + NEAR_BYTES)
  for (let at = from; at < near; at++) if (bytes[at] === ESC) return at
  const found = indexOf(bytes, ESC, near)
  return found < 0 ? bytes.length : found
}

/** The next ESC, save those of whole CSI sequences that are about no mode: nearly all are, and colours most of all. */
function nextOfInterest(bytes: Uint8Array, from: number, indexOf: IndexOfByte): number {
  for (let at = from; ;) {
    at = nextEscape(bytes, at, indexOf)
    if (bytes[at + 1] !== 0x5b) return at
    const end = endOfParameters(bytes, at + 2)
    const final = bytes[end] ?? ESC
    if (!isFinal(final) || FINALS.includes(final)) return at
    at = end + 1
  }
}

function endOfParameters(bytes: Uint8Array, from: number): number {
  let end = from
  while (end < bytes.length && bytes[end]! >= SPACE && bytes[end]! < 0x40) end++
  return end
}

function isFinal(byte: number): boolean {
  return byte >= 0x40 && byte < DEL
}

/** The parameters, without what colons add to them; none where there is anything else. */
function valuesOf(parameters: string): readonly number[] {
  const values = [0]
  let isMain = true
  for (let i = 0; i < parameters.length; i++) {
    const code = parameters.charCodeAt(i)
    if (code === SEMICOLON && values.push(0)) isMain = true
    else if (code === COLON) isMain = false
    else if (code < 0x30 || code > COLON) return []
    else if (isMain) values[values.length - 1] = values[values.length - 1]! * 10 + code - 0x30
  }
  return values.slice(0, MOST_PARAMETERS)
}

function endsString(byte: number, isOsc: boolean): boolean {
  return byte === ESC || byte === CAN || byte === SUB || (isOsc && byte === BEL)
}
