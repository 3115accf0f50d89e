/** A browser that is not Chromium, as far as the journeys need it: tabs, real input events, and functions that run in its pages. */
import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import type { Device, Point } from './keys.ts'

export interface Engine {
  /** Name and version, as the browser tells them. */
  readonly version: string
  /** Resolves when the page is loaded. */
  go(url: string): Promise<void>
  reload(): Promise<void>
  /** What an expression in the page comes to, through JSON, and `undefined` as null. */
  evaluate(expression: string): Promise<unknown>
  /** Resolves when the page has had the events. */
  perform(...devices: readonly Device[]): Promise<void>
  /** Clicks with a button that is not the main one: 1 is the middle one, 2 the right one. */
  click(at: Point, button: 1 | 2): Promise<void>
  /** Keys of the display's keyboard by their X names, where the engine has a display. */
  pressReal(...keys: readonly string[]): Promise<void>
  /** The browser's own zoom, by its own keys: a step in, or back to what it was. Needs a page whose corner takes no focus. */
  zoom(how: 'in' | 'reset'): Promise<void>
  /** Hides the page, as another tab or a minimized window does. */
  hide(): Promise<void>
  show(): Promise<void>
  /** The names of all tabs, also of those that pages opened. */
  tabs(): Promise<readonly string[]>
  /** Resolves with the name of a new one. What is asked from then on is about the same one as before. */
  newTab(): Promise<string>
  /** What is asked from then on is about this one. */
  use(tab: string): Promise<void>
  /** Closes a tab that is not in use. */
  closeTab(tab: string): Promise<void>
  /** What is evaluated and performed from then on is about the first frame of the page, until it goes elsewhere. */
  enterFrame(): Promise<void>
  /** A PNG of what can be seen. */
  screenshot(): Promise<Buffer>
  close(): Promise<void>
}

/** Runs a function in the page. It sees nothing but its arguments, which go through JSON as its answer does. */
export async function inPage<A extends readonly unknown[], R>(
  engine: Engine,
  fn: (...args: A) => R,
  ...args: A
): Promise<Awaited<R>> {
  const given = args.map((arg) => JSON.stringify(arg)).join(', ')
  // What a function returns, JSON brings back.
  return (await engine.evaluate(`(${fn})(${given})`)) as Awaited<R>
}

/** What a person has set up in the system before the browser starts. */
export interface Setup {
  readonly reducedMotion?: boolean
  /** Firefox: forced colours, of which more contrast is a part. WebKit: more contrast, as it knows no forced colours. */
  readonly moreContrast?: boolean
  /** Device pixels to a CSS pixel. */
  readonly pixels?: 2
}

/** How to start one, or the sentence that says why this machine cannot. */
export type Found = { readonly start: (setup?: Setup) => Promise<Engine> } | { readonly missing: string }

/** The first group of the first line that a program says in this form. Rejects where it ends before. */
export async function said(child: ChildProcess, output: Readable | null, form: RegExp): Promise<string> {
  if (output === null) throw new Error('The program was started without a pipe for what it says.')
  const lines: string[] = []
  for await (const line of createInterface(output)) {
    const found = form.exec(line)?.[1]
    if (found !== undefined) {
      output.resume()
      return found
    }
    lines.push(line)
  }
  throw new Error(`${child.spawnfile} ended before it was ready:\n${lines.join('\n')}`)
}

/** Asks a program to end, and resolves when it has. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill()
  await gone
}
