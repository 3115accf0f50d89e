/** How much of each torture is run: `short` within `npm test`, `long` by `npm run torture`, `mutation` on every mutant. */

const LENGTHS = {
  long: { cutStep: 1, firstCutStep: 7, secondCutStep: 3, schedules: 20_000, seconds: 60 },
  short: { cutStep: 1, firstCutStep: 97, secondCutStep: 29, schedules: 2_000, seconds: 5 },
  mutation: { cutStep: 37, firstCutStep: 211, secondCutStep: 101, schedules: 100, seconds: 0 },
} as const

function isLength(name: string | undefined): name is keyof typeof LENGTHS {
  return name !== undefined && Object.hasOwn(LENGTHS, name)
}

const { TORTURE } = process.env

/** The length that the environment variable `TORTURE` names; `short` if it names none. */
export const LENGTH = LENGTHS[isLength(TORTURE) ? TORTURE : 'short']
