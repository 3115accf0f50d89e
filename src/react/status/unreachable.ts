/** Ends a switch over everything that the line knows. */
export function unreachable(value: never): never {
  throw new Error(`The status line knows no ${JSON.stringify(value)}.`)
}
