/** Builds the page of the demo once for the journeys of all files. */
import type { TestProject } from 'vitest/node'
import { pageFiles, type PageFiles } from '../../examples/demo/page.ts'

declare module 'vitest' {
  interface ProvidedContext {
    demoPage: PageFiles | undefined
  }
}

export default async function provideDemoPage(project: TestProject): Promise<void> {
  project.provide('demoPage', await pageFiles())
}
