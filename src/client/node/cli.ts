#!/usr/bin/env node
/** The command of the package: `replay report.json` plays a bug report through the machine again. */
import { runCli } from './command.ts'

const { lines, code } = await runCli(process.argv.slice(2))
const out = code < 2 ? process.stdout : process.stderr
out.write(`${lines.join('\n')}\n`)
process.exitCode = code
