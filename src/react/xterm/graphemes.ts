/** The addon that counts cells by grapheme clusters (Unicode 15). Its tables are 34 kB, so it is loaded only where it is used. */
import type { ITerminalAddon } from '@xterm/xterm'
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes'

export const graphemes = (): ITerminalAddon => new UnicodeGraphemesAddon()
