/** How much of each torture is run: `short` within `npm test`, `long` by `npm run torture`, `mutation` on every mutant. */

/** Over real sockets and with real programs. Sizes in bytes. */
const REAL = {
  long: {
    traceStep: 3,
    resumes: 1000,
    floodBytes: 100 * 1024 * 1024,
    floodGrowthBytes: 32 * 1024 * 1024,
    count: 2_000_000,
    exits: 100,
    pasteBytes: 10 * 1024 * 1024,
    presenters: 10,
    sessions: 500,
    screenRounds: 10,
  },
  short: {
    traceStep: 149,
    resumes: 100,
    floodBytes: 8 * 1024 * 1024,
    floodGrowthBytes: 64 * 1024 * 1024,
    count: 200_000,
    exits: 5,
    pasteBytes: 1024 * 1024,
    presenters: 1,
    sessions: 100,
    screenRounds: 1,
  },
} as const

const LENGTHS = {
  long: { cutStep: 1, firstCutStep: 3, secondCutStep: 1, schedules: 20_000, real: REAL.long },
  short: { cutStep: 1, firstCutStep: 97, secondCutStep: 29, schedules: 5_000, real: REAL.short },
  mutation: { cutStep: 37, firstCutStep: 211, secondCutStep: 101, schedules: 100, real: REAL.short },
} as const

function isLength(name: string | undefined): name is keyof typeof LENGTHS {
  return name !== undefined && Object.hasOwn(LENGTHS, name)
}

const { TORTURE } = process.env

/** The length that the environment variable `TORTURE` names; `short` if it names none. */
export const LENGTH = LENGTHS[isLength(TORTURE) ? TORTURE : 'short']
