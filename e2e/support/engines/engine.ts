/** A browser that is not Chromium, as far as the journeys need it: one tab, real input events, and functions that run in its page. */
import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import type { Device } from './keys.ts'

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
  /** Keys of the display's keyboard by their X names, where the engine has a display. */
  pressReal(...keys: readonly string[]): Promise<void>
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

/** How to start one, or the sentence that says why this machine cannot. */
export type Found = { readonly start: () => Promise<Engine> } | { readonly missing: string }

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
