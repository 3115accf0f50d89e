/** Checks a stream of output for losses and repetitions, by lines that count. */

/** Lines of digits that count up from 1, whatever stands between them before the first one. */
export class SeqCheck {
  items = 0
  faults: string[] = []
  #value = 0
  #digits = 0
  #begun = false

  take(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte >= 0x30 && byte <= 0x39) {
        this.#value = this.#value * 10 + byte - 0x30
        this.#digits++
      } else if (byte === 0x0d) this.#line()
      else if (byte !== 0x0a) this.#digits = -1e9
    }
  }

  #line(): void {
    const value = this.#value
    const isNumber = this.#digits > 0
    this.#value = 0
    this.#digits = 0
    if (!isNumber) return
    if (value === 1) this.#begun = true
    if (!this.#begun) return
    this.items++
    if (value !== this.items && this.faults.length < 10) this.faults.push(`line ${this.items} is ${value}`)
    if (value !== this.items) this.items = value
  }
}

const LINE = 64

/** The echo program's flood: lines of 64 bytes, each beginning with its own offset in 14 digits. */
export class FloodCheck {
  items = 0
  faults: string[] = []
  #line = ''
  #begun = false
  #decoder = new TextDecoder()

  take(bytes: Uint8Array): void {
    const lines = (this.#line + this.#decoder.decode(bytes)).split('\r\n')
    this.#line = lines.pop() ?? ''
    for (const line of lines) this.#take(line)
  }

  #take(line: string): void {
    if (!this.#begun && !/^0{14} /.test(line)) return
    this.#begun = true
    const isNext = line.length === LINE - 2 && Number(line.slice(0, 14)) === this.items * LINE
    if (!isNext && this.faults.length < 10) this.faults.push(`line ${this.items} is ${JSON.stringify(line.slice(0, 80))}`)
    this.items = isNext ? this.items + 1 : Math.floor(Number(line.slice(0, 14)) / LINE) + 1
  }
}
