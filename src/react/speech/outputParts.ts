/** The output as text, command by command, for whoever reads it instead of looking at it. */

/** Lines of one command, as the emulator has them. */
export interface OutputPart {
  /** Empty for what stands before the first command. */
  readonly command: string
  /** Null while it runs, or where the shell did not say. */
  readonly exitCode: number | null
  readonly lines: readonly string[]
}

/** Where a command begins in the lines of a screen. */
export interface CommandStart {
  /** Index of the line with the prompt. */
  readonly line: number
  readonly command: string
  readonly exitCode: number | null
  /** Index of the first line of output; the lines before it are the prompt and the command as it was typed. */
  readonly outputLine: number
}

/** Cuts the lines where commands begin. Without any, everything is one part. */
export function outputParts(lines: readonly string[], starts: readonly CommandStart[]): readonly OutputPart[] {
  const ordered = [...starts].sort((a, b) => a.line - b.line)
  const before = lines.slice(0, ordered[0]?.line ?? lines.length)
  const parts = ordered.map(({ outputLine, command, exitCode }, index): OutputPart => {
    const end = ordered[index + 1]?.line ?? lines.length
    return { command, exitCode, lines: trimmed(lines.slice(outputLine, end)) }
  })
  const head: OutputPart = { command: '', exitCode: null, lines: trimmed(before) }
  return head.lines.length > 0 || parts.length === 0 ? [head, ...parts] : parts
}

/** Without the blank lines at its end. */
function trimmed(lines: readonly string[]): readonly string[] {
  let end = lines.length
  while (end > 0 && lines[end - 1]?.trim() === '') end--
  return lines.slice(0, end)
}
