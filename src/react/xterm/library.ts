/** What of xterm.js a terminal is made of. The only file that needs it to begin: loaded beside everything else, and big. */
export { FitAddon } from '@xterm/addon-fit'
export { Terminal } from '@xterm/xterm'
