/** What a story of a state is checked for when it has been played: that it shows this state, and that it looks as it did. */
import type { State } from './drawn.ts'

export interface StateParameters {
  readonly state: State
  readonly picture: true
}

export function ends(state: State): StateParameters {
  return { state, picture: true }
}
