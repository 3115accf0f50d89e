/** The shell of every measurement: no user's own start-up files, and a prompt whose `$` is in no payload's way. */

/** A shell takes its prompt from nobody but `env`. */
export const SHELL = {
  file: '/usr/bin/env',
  args: ['PS1=$ ', 'HISTFILE=', '/bin/bash', '--norc', '--noprofile', '-i'],
  cwd: '/tmp',
} as const
