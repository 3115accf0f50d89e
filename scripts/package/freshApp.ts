/** A consumer's app in a temporary folder: the example, with the package as it would be published and everything else as it is installed here, or as a registry has it. */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface FreshApp {
  readonly folder: string
  /** Runs a program of the app's node_modules. Resolves with its status and all it said. */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>
  /** Starts what goes on until it is stopped, by Node. Resolves when it has said `ready`. */
  serve(script: string, args: readonly string[], options: ServeOptions): Promise<Served>
  /** The text of every file in a folder of the app, by path. */
  textsIn(folder: string): ReadonlyMap<string, string>
  remove(): void
}

export interface Ran {
  readonly status: number | null
  readonly said: string
}

export interface ServeOptions {
  readonly ready: RegExp
  readonly env?: Readonly<Record<string, string>>
}

export interface Served {
  /** All it has said so far. */
  said(): string
  /** Ends it and whatever it has started. */
  stop(): Promise<void>
}

/** Packs what lies in dist/ and makes an app of `example` that has it installed. */
export async function freshApp(example: string): Promise<FreshApp> {
  const folder = mkdtempSync(join(tmpdir(), 'fresh-app-'))
  cpSync(join(root, 'examples', example), folder, { recursive: true })
  const modules = join(folder, 'node_modules')
  linkModules(modules)
  await unpack(await pack(folder), join(modules, '@nimbus/terminal'))
  return appIn(folder)
}

/** The same, and everything that the app and the package ask for comes from the registry, as for any consumer. */
export async function installedApp(example: string): Promise<FreshApp> {
  const folder = mkdtempSync(join(tmpdir(), 'installed-app-'))
  cpSync(join(root, 'examples', example), folder, { recursive: true })
  const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  const { status, said } = await runIn(folder, 'npm', ['install', ...quiet, await pack(folder)])
  if (status !== 0) throw new Error(`npm install failed:\n${said}`)
  return appIn(folder)
}

function appIn(folder: string): FreshApp {
  return {
    folder,
    run: (program, args, env) => runIn(folder, join(folder, 'node_modules/.bin', program), args, env),
    serve: (script, args, options) => serveIn(folder, script, args, options),
    textsIn: (name) => texts(join(folder, name)),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  }
}

/** Scopes are folders of links: the package itself becomes a real folder in one of them. */
function linkModules(modules: string): void {
  mkdirSync(join(modules, '@nimbus'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.vite' && name !== '.package-lock.json' && name !== '@nimbus')
      symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
}

async function pack(folder: string): Promise<string> {
  const { status, said } = await runIn(root, 'npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder])
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (status !== 0 || tarball === undefined) throw new Error(`npm pack failed:\n${said}`)
  return join(folder, tarball)
}

async function unpack(tarball: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true })
  const { status, said } = await runIn(target, 'tar', ['-xzf', tarball, '--strip-components=1'])
  if (status !== 0) throw new Error(`The pack cannot be unpacked:\n${said}`)
}

function runIn(cwd: string, command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...foreignEnvironment(cwd), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()))
    child.once('error', reject).once('close', (status) => resolve({ status, said }))
  })
}

/** Leads a process group of its own: what it starts goes with it. */
async function serveIn(cwd: string, script: string, args: readonly string[], { ready, env }: ServeOptions): Promise<Served> {
  const child = spawn(process.execPath, [join(cwd, script), ...args], {
    cwd,
    detached: true,
    env: { ...foreignEnvironment(cwd), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (bytes: Buffer): void => {
      said += bytes.toString()
      if (ready.test(said)) resolve()
    }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', hear)
    child.once('error', reject)
    void gone.then(() => reject(new Error(`${script} ended:\n${said}`)))
  })
  return {
    said: () => said,
    async stop() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(process.platform === 'win32' ? child.pid : -child.pid)
      await gone
    },
  }
}

/** As `npm run` sets it up in `folder`, with nothing of the test runner that this runs in. */
function foreignEnvironment(folder: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|VITE_|NODE_ENV$|NODE_OPTIONS$|TEST$|MODE$|DEV$|PROD$|SSR$|BASE_URL$)/.test(name),
  )
  const path = [join(folder, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter)
  return { ...Object.fromEntries(own), PATH: path, NO_COLOR: '1', CI: 'true' }
}

function texts(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile())
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'latin1')]))
}
