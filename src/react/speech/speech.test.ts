/** What is said of a screen that changes. */
import { describe, expect, test } from 'vitest'
import { heardKey, listen, silentUntilNow, SPEECH, wantedLines, type Heard, type Speech } from './speech.ts'

const WORDS = { continues: 'Output continues.', skipped: (lines: number) => `${lines} lines were not read.` }

/** A listener with a clock of its own. */
function listener(tail = '') {
  let now = 0
  let speech: Speech = silentUntilNow(tail, now)
  let last = tail
  let full = false
  const said: string[] = []
  const look = (heard: Partial<Heard>): void => {
    const result = listen(speech, { now, lines: [], count: heard.lines?.length ?? 0, tail: last, full, ...heard }, WORDS)
    speech = result.speech
    said.push(...result.say)
    last = heard.tail ?? last
    wakeAt = result.wakeAt
  }
  let wakeAt: number | null = null
  return {
    said,
    key: (text: string) => (speech = heardKey(speech, text)),
    output: (lines: readonly string[], tail = '') => look({ lines, count: lines.length, tail }),
    flood: (count: number, tail = '') => look({ lines: [], count, tail }),
    fullScreen: (row: string) => ((full = true), look({ tail: row })),
    plainScreen: (lines: readonly string[], tail: string) => ((full = false), look({ lines, count: lines.length, tail })),
    wanted: () => wantedLines(speech, now),
    /** Time goes by, and it looks when it said it would. */
    wait(ms: number) {
      const end = now + ms
      while (wakeAt !== null && wakeAt <= end) {
        now = Math.max(now, wakeAt)
        look({})
      }
      now = end
    },
    take() {
      return said.splice(0)
    },
  }
}

test('says each finished line once, in order, and no blank one', () => {
  const ear = listener()
  ear.output(['one', '', '  two  '])
  ear.output(['three'])
  ear.wait(60_000)
  expect(ear.said).toEqual(['one', 'two', 'three'])
})

test('says a prompt once it stands, and not what was there before', () => {
  const ear = listener('$ ')
  ear.wait(1000)
  expect(ear.take()).toEqual([])
  ear.output(['done'], '$ ')
  expect(ear.take()).toEqual(['done'])
  ear.wait(SPEECH.settle)
  expect(ear.take()).toEqual(['$'])
})

describe('what the person typed', () => {
  test('is not said when it comes back, key by key, and not when the line ends', () => {
    const ear = listener('$ ')
    for (const [index] of [...'echo hi'].entries()) {
      ear.key('echo hi'[index]!)
      ear.output([], `$ ${'echo hi'.slice(0, index + 1)}`)
      ear.wait(200)
    }
    ear.key('\r')
    ear.output(['$ echo hi', 'hi'], '$ ')
    ear.wait(1000)
    expect(ear.said).toEqual(['hi', '$'])
  })

  test('is not said when it comes back all at once', () => {
    const ear = listener('$')
    for (const key of 'ls\r') ear.key(key)
    ear.output(['$ ls', 'readme'], '$ ')
    ear.wait(1000)
    expect(ear.said).toEqual(['readme', '$'])
  })

  test('and what a completion added to it is', () => {
    const ear = listener('$ ')
    for (const key of 'cat re\t') ear.key(key)
    ear.output([], '$ cat readme.md ')
    ear.wait(1000)
    expect(ear.said).toEqual(['adme.md'])
  })

  test('and never came back, as a password, does not swallow what the program says', () => {
    const ear = listener('Password: ')
    for (const key of 'hunter2\r') ear.key(key)
    ear.output(['Password: ', 'hunter2 is wrong'], 'Password: ')
    ear.wait(1000)
    expect(ear.said).toEqual(['hunter2 is wrong', 'Password:'])
  })

  test('is not said when it comes back behind a prompt that is new', () => {
    const ear = listener()
    for (const key of 'ls -l\r') ear.key(key)
    ear.output([], '$ ls')
    ear.wait(1000)
    ear.output(['$ ls -l', 'readme'], '$ ')
    ear.wait(1000)
    expect(ear.said).toEqual(['$', 'readme', '$'])
  })

  test.each([
    ['a completion', '\t', '$ make'],
    ['a key that goes to the end', '\u0005', '$ ma'],
    ['a line that was deleted', '\u0015', '$'],
    ['a word that was deleted', '\u0017', '$'],
    ['a screen that was cleared', '\u000c', '$ ma'],
    ['an answer that the program took without a sign', 'y', '$ ma'],
  ])('is not said after %s', (_, key, row) => {
    const ear = listener('$')
    for (const typed of ['m', 'ma']) {
      ear.key(typed.slice(-1))
      ear.output([], `$ ${typed}`)
      ear.wait(200)
    }
    ear.key(key)
    ear.output([], row)
    ear.wait(1000)
    ear.take()
    for (const typed of [' ', ' a', ' al', ' all']) {
      ear.key(typed.slice(-1))
      ear.output([], `${row}${typed.trimEnd()}`)
      ear.wait(200)
    }
    expect(ear.said).toEqual([])
  })

  test('is not said in the middle of a line, and neither is what stands behind it, nor a deletion there', () => {
    const ear = listener('$ hello world')
    ear.key('\u001b[D')
    for (const typed of ['x', 'xl']) {
      ear.key(typed.slice(-1))
      ear.output([], `$ hello ${typed}world`)
      ear.wait(200)
    }
    ear.key('\u007f')
    ear.output([], '$ hello xworld')
    ear.wait(200)
    ear.key('\u001b[3~')
    ear.output([], '$ hello xorld')
    ear.wait(200)
    expect(ear.said).toEqual([])
  })

  test('is not said where something stands at the end of the row, and neither is that', () => {
    const ear = listener('%                 12:00')
    for (const [key, row] of [
      ['l', '% l               12:00'],
      ['s', '% ls              12:00'],
      ['\u007f', '% l               12:00'],
    ] as const) {
      ear.key(key)
      ear.output([], row)
      ear.wait(200)
    }
    expect(ear.said).toEqual([])
  })

  test('is not said in a full-screen program after keys that were orders', () => {
    const ear = listener('$ vim')
    for (const key of 'jji') {
      ear.key(key)
      ear.fullScreen('')
      ear.wait(200)
    }
    for (const typed of ['h', 'he', 'hel']) {
      ear.key(typed.slice(-1))
      ear.fullScreen(typed)
      ear.wait(200)
    }
    expect(ear.said).toEqual([])
  })

  test('is not said once a full-screen program has gone, and neither is the command that started it', () => {
    const ear = listener('$')
    for (const key of 'less x\r') ear.key(key)
    ear.output([], '$ les')
    ear.wait(200)
    ear.fullScreen(':')
    ear.wait(200)
    for (const key of 'jq') ear.key(key)
    ear.plainScreen(['$ less x'], '$')
    ear.wait(200)
    expect(ear.take()).toEqual(['$'])
    ear.key('l')
    ear.output([], '$ l')
    ear.wait(200)
    expect(ear.said).toEqual([])
  })

  test('a shorter command that is fetched back is said', () => {
    const ear = listener('$ git status -s')
    ear.key('\u001b[A')
    ear.output([], '$ git status')
    ear.wait(1000)
    expect(ear.said).toEqual(['status'])
  })

  test('a command that is fetched back is said', () => {
    const ear = listener('$ ')
    ear.key('\u001b[A')
    ear.output([], '$ make deploy')
    ear.wait(1000)
    ear.key('\u001b[A')
    ear.output([], '$ git push')
    ear.wait(1000)
    expect(ear.said).toEqual(['make deploy', 'git push'])
  })

  test('a deletion says nothing', () => {
    const ear = listener('$ lss')
    ear.key('\u007f')
    ear.output([], '$ ls')
    ear.wait(1000)
    expect(ear.said).toEqual([])
  })
})

describe('a flood', () => {
  test('is read up to a limit, then summed up: every line is said or counted, none twice', () => {
    const ear = listener()
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`)
    for (let at = 0; at < 1000; at += 100) ear.output(lines.slice(at, at + 100))
    ear.wait(SPEECH.floodOver)
    expect(ear.said.slice(0, 200)).toEqual(lines.slice(0, 200))
    expect(ear.said.slice(200)).toEqual(['Output continues.', '800 lines were not read.'])
  })

  test('that goes on is told about now and then', () => {
    const ear = listener()
    ear.output(Array.from({ length: 201 }, (_, index) => `${index}`))
    ear.take()
    for (let second = 0; second < 25; second += 0.1) {
      ear.flood(10)
      ear.wait(100)
    }
    expect(ear.said).toHaveLength(2)
    ear.wait(SPEECH.floodOver)
    const counted = ear.said.map((sentence) => Number.parseInt(sentence, 10))
    expect(counted.reduce((a, b) => a + b, 0)).toBe(1 + 2500)
  })

  test('asks the screen for no line while it lasts, and a prompt follows it', () => {
    const ear = listener()
    ear.flood(5000, '$ ')
    expect(ear.wanted()).toBe(0)
    ear.wait(SPEECH.floodOver)
    expect(ear.said).toEqual(['Output continues.', '5000 lines were not read.', '$'])
    expect(ear.wanted()).toBeGreaterThan(0)
  })

  test('is none if it comes as slowly as people listen', () => {
    const ear = listener()
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`)
    for (const line of lines) {
      ear.output([line])
      ear.wait(1000 / SPEECH.perSecond)
    }
    expect(ear.said).toEqual(lines)
  })

  test('does not begin with a line that the person typed, or with blank ones', () => {
    const ear = listener('$')
    for (const key of 'seq 200\r') ear.key(key)
    const lines = Array.from({ length: 200 }, (_, index) => [`${index}`, ''])
    ear.output(['$ seq 200', ...lines.flat()])
    ear.wait(60_000)
    expect(ear.said).toEqual(lines.map(([line]) => line))
  })

  test('is over with the next key', () => {
    const ear = listener()
    for (let command = 0; command < 5; command++) {
      ear.key('\r')
      ear.output(Array.from({ length: 200 }, (_, index) => `${command}-${index}`))
    }
    expect(new Set(ear.said).size).toBe(1000)
    expect(ear.said).toHaveLength(1000)
  })
})

test('a row that is drawn over is said now and then', () => {
  const ear = listener()
  for (let percent = 0; percent <= 100; percent++) {
    ear.output([], `Installing ${percent}%`)
    ear.wait(200)
  }
  expect(ear.said[0]).toBe('Installing 0%')
  expect(ear.said.length).toBeLessThanOrEqual(6)
})

test('a full-screen program says the row of the cursor after a key, and nothing by itself', () => {
  const ear = listener('$ vim')
  ear.fullScreen('first line')
  ear.wait(1000)
  expect(ear.take()).toEqual([])
  ear.key('j')
  ear.fullScreen('second line')
  ear.wait(1000)
  expect(ear.take()).toEqual(['second line'])
  ear.fullScreen('12:04:31')
  ear.wait(1000)
  expect(ear.take()).toEqual([])
})
