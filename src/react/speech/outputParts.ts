/** The output as text, command by command, for whoever reads it instead of looking at it. */

/** A piece of the output: that of one command, or what stands before the first and after the last one. */
export interface OutputPart {
  /** Empty for what belongs to no command. */
  readonly command: string
  /** Null while it runs, or where the shell did not say. */
  readonly exitCode: number | null
  readonly lines: readonly string[]
}

/** A command with the rows of its output, `to` not among them; null where it has none. */
export interface CommandOutput {
  readonly command: string
  readonly exitCode: number | null
  readonly rows: { readonly from: number; readonly to: number } | null
}

/** Cuts `rowCount` rows of a screen by its commands, oldest first. `linesOf` gives rows as lines, wrapped ones joined. */
export function outputParts(
  commands: readonly CommandOutput[],
  rowCount: number,
  linesOf: (from: number, to: number) => readonly string[],
): readonly OutputPart[] {
  const untitled = (from: number, to: number): OutputPart => ({ command: '', exitCode: null, lines: trimmed(linesOf(from, to)) })
  const outputs = commands.flatMap(({ rows }) => rows ?? [])
  const first = outputs[0]?.from ?? (commands.length === 0 ? rowCount : 0)
  const last = outputs.at(-1)?.to ?? first
  const parts = commands.map(({ command, exitCode, rows }): OutputPart => ({
    command,
    exitCode,
    lines: rows === null ? [] : trimmed(linesOf(rows.from, rows.to)),
  }))
  // Nothing of the screen is left out but the prompts between commands, whose headings say the same.
  return [untitled(0, first), ...parts, untitled(last, rowCount)].filter(
    ({ command, lines }) => command !== '' || lines.length > 0,
  )
}

/** Without the blank lines at its end. */
function trimmed(lines: readonly string[]): readonly string[] {
  let end = lines.length
  while (end > 0 && lines[end - 1]?.trim() === '') end--
  return lines.slice(0, end)
}
