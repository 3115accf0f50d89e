/** The end of a switch that has a case for everything: the compiler refuses a call that could be reached. */

/** Throws if a value outside its own type arrives after all. */
export function unreachable(value: never): never {
  throw new Error(`No case handles ${JSON.stringify(value)}: add one to the switch that ends here.`)
}
