/** Who uses a script is found wherever it is used, and nowhere else. */
import { describe, expect, it } from 'vitest'
import { scripts } from './scripts.ts'
import { unused, usages } from './usages.ts'

const used = (path: string, text: string) => usages([{ path, text }]).get('flood')

describe('a script', () => {
  it.each([
    `args: { script: 'flood' }`,
    'args: { server: { script: "flood", seed: 2 } }',
    'await startMockServer({ port: 0, script: `flood` })',
    `await withScript('flood', async () => {})`,
    `playScript(\n  'flood',\n)`,
  ])('is used by %j', (text) => {
    expect(used('stories/a.stories.tsx', text)).toEqual({ stories: ['stories/a.stories.tsx'], journeys: [] })
    expect(used('e2e/a.test.ts', text)).toEqual({ stories: [], journeys: ['e2e/a.test.ts'] })
  })

  it.each([`// args: { script: 'flood' }`, `/* script: 'flood' */`, `'flood'`, `script: 'floods'`, `sees('flood')`])(
    'is not used by %j',
    (text) => expect(used('stories/a.stories.tsx', text)).toEqual({ stories: [], journeys: [] }),
  )

  it('is not used by what is no story and no journey', () => {
    for (const path of ['src/a.ts', 'stories/docs/scripts.mdx', 'stories/stage/Stage.tsx', 'e2e/support/scripts.ts'])
      expect(used(path, `script: 'flood'`)).toEqual({ stories: [], journeys: [] })
  })
})

describe('what nobody uses', () => {
  it('is named, once for stories and once for journeys', () => {
    const sentences = unused(usages([{ path: 'stories/a.stories.tsx', text: `script: 'flood'` }]))
    expect(sentences).toContain('No end-to-end test uses the script flood.')
    expect(sentences).not.toContain('No story uses the script flood.')
    expect(sentences).toHaveLength(2 * scripts.length - 1)
  })

  it('is nothing where all are used', () => {
    const text = scripts.map(({ name }) => `script: '${name}'`).join('\n')
    expect(
      unused(
        usages([
          { path: 'stories/a.stories.tsx', text },
          { path: 'e2e/a.test.ts', text },
        ]),
      ),
    ).toEqual([])
  })
})
