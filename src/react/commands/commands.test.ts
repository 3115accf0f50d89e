/** Marks of a shell become commands, whatever order they come in. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  COMMAND_LIMIT,
  forgetCommand,
  markKind,
  NO_COMMANDS,
  stepCommands,
  type CommandList,
  type MarkEvent,
} from './commands.ts'

type Mark = MarkEvent['mark']
const prompt: Mark = { kind: 'prompt' }
const input: Mark = { kind: 'input' }
const output: Mark = { kind: 'output' }
const end = (exitCode: number | null): Mark => ({ kind: 'end', exitCode })

/** The list after these marks, each with its time. */
function after(...events: readonly (readonly [Mark, number | null])[]): CommandList {
  return events.reduce((list, [mark, at]) => stepCommands(list, { mark, at, typed: () => 'npm test' }).list, NO_COMMANDS)
}
const last = (list: CommandList) => list.commands.at(-1)

describe('a command', () => {
  test('goes from its prompt over its output to its end, with its text, outcome and duration', () => {
    const list = after([prompt, 0], [input, 1], [output, 1000], [end(1), 13_400], [prompt, 13_401])
    expect(list.commands).toEqual([
      { id: 1, phase: 'done', text: 'npm test', exitCode: 1, startedAt: 1000, durationMs: 12_400 },
      { id: 2, phase: 'prompt', text: '', exitCode: null, startedAt: null, durationMs: null },
    ])
    expect(list.commands.map(markKind)).toEqual(['failed', 'current'])
  })

  test('has no duration where its beginning or its end was not seen as it happened', () => {
    expect(last(after([prompt, 0], [output, null], [end(0), 5]))?.durationMs).toBeNull()
    expect(last(after([prompt, 0], [output, 1], [end(0), null]))?.durationMs).toBeNull()
    expect(last(after([prompt, 0], [output, 5], [end(0), 3]))?.durationMs).toBe(0)
  })

  test('takes the text that the shell tells before what stands on the screen', () => {
    expect(last(after([prompt, 0], [{ kind: 'text', text: 'told' }, 0], [output, 1]))?.text).toBe('told')
    expect(last(after([prompt, 0], [{ kind: 'output', text: 'with the mark' }, 1]))?.text).toBe('with the mark')
    expect(last(after([prompt, 0], [output, 1]))?.text).toBe('npm test')
  })

  test('is over with an unknown outcome when another prompt comes without its end', () => {
    const list = after([prompt, 0], [output, 1], [prompt, 2])
    expect(list.commands[0]).toMatchObject({ phase: 'done', exitCode: null, durationMs: null })
    expect(markKind(list.commands[0]!)).toBe('done')
  })
})

test('an empty line is the same prompt again', () => {
  const step = stepCommands(after([prompt, 0], [input, 0]), { mark: prompt, at: 1, typed: () => '' })
  expect(step.change).toBe('again')
  expect(step.list.commands).toHaveLength(1)
})

test('a text that was told for an abandoned line is not taken for the next one', () => {
  expect(last(after([prompt, 0], [{ kind: 'text', text: 'abandoned' }, 0], [prompt, 1], [output, 2]))?.text).toBe('npm test')
})

test('marks that fit nowhere do nothing', () => {
  for (const events of [
    [end(0)],
    [output],
    [input],
    [prompt, end(0)],
    [prompt, output, input],
    [prompt, output, output],
  ] as const) {
    const list = after(...events.slice(0, -1).map((mark) => [mark, 0] as const))
    const step = stepCommands(list, { mark: events.at(-1)!, at: 9, typed: () => 'x' })
    expect(step).toEqual({ list, change: 'none', command: null })
  }
})

test('a command that lost its rows is forgotten, and its number is not given again', () => {
  const list = after([prompt, 0], [output, 0], [end(0), 0], [prompt, 0])
  const less = forgetCommand(list, 1)
  expect(less.commands.map(({ id }) => id)).toEqual([2])
  expect(forgetCommand(less, 1)).toBe(less)
  expect(stepCommands(less, { mark: output, at: 0, typed: () => '' }).list.nextId).toBe(3)
})

test('whatever comes, the list stays bounded, its numbers grow, and only its last entry is open', () => {
  const marks = fc.constantFrom<Mark>(prompt, input, output, end(0), end(null), end(7), { kind: 'text', text: 't' })
  fc.assert(
    fc.property(fc.array(fc.tuple(marks, fc.option(fc.nat(1000))), { maxLength: 300 }), (events) => {
      const { commands } = after(...events)
      commands.slice(0, -1).forEach(({ phase }) => expect(phase).toBe('done'))
      commands.slice(1).forEach(({ id }, index) => expect(id).toBeGreaterThan(commands[index]!.id))
      commands.forEach(({ durationMs }) => expect(durationMs ?? 0).toBeGreaterThanOrEqual(0))
    }),
  )
  const many = Array.from({ length: COMMAND_LIMIT * 2 }, () => [[prompt, 0] as const, [output, 0] as const]).flat()
  expect(after(...many).commands).toHaveLength(COMMAND_LIMIT)
})
