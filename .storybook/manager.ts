/** Storybook's toolbar: buttons that hurt and mend the connection of whatever story is open, and move its time. */
import { createElement, Fragment, type ReactNode, useEffect, useState } from 'react'
import { Button, ToggleButton } from 'storybook/internal/components'
import { STORY_RENDERED } from 'storybook/internal/core-events'
import { addons, types, useChannel } from 'storybook/manager-api'
import { CHANNEL, type Condition, FAULTS, faults } from '../stories/stage/faults.ts'

interface Tool {
  readonly label: string
  /** Said instead of a label that is a sign. */
  readonly name?: string
  readonly meaning: string
  /** Whether it is on; absent for what is over when it is done. */
  readonly pressed?: boolean
  readonly press: () => void
}

/** Elements by hand: this file is bundled by another tool than the stories, which knows no other way with JSX than `React`. */
function Network(): ReactNode {
  const [condition, setCondition] = useState<Condition | null>(null)
  const emit = useChannel({
    [CHANNEL.condition]: (next: Condition | null) => setCondition(next),
    [STORY_RENDERED]: () => emit(CHANNEL.ask),
  })
  useEffect(() => emit(CHANNEL.ask), [emit])
  const now = condition?.faults ?? []
  const stopped = condition?.stopped ?? false
  const tools: readonly Tool[] = [
    ...faults.map((fault) => ({
      ...FAULTS[fault],
      pressed: now.includes(fault),
      press: () => emit(CHANNEL.hurt, fault),
    })),
    { label: 'Mend', meaning: 'All of this is over.', press: () => emit(CHANNEL.mend) },
    {
      label: '+10 s',
      name: 'Skip 10 seconds',
      meaning: 'Lets ten seconds pass at once, for the page and for its server.',
      press: () => emit(CHANNEL.skip, 10_000),
    },
    {
      label: 'Still',
      name: 'Time stands still',
      meaning: 'States that pass are held. Typing or clicking in the story lets time go on.',
      pressed: stopped,
      press: () => emit(CHANNEL.time, !stopped),
    },
  ]
  return createElement(Fragment, null, ...tools.map((tool) => toolButton(tool, condition === null)))
}

function toolButton({ label, name, meaning, pressed, press }: Tool, disabled: boolean): ReactNode {
  const look = {
    variant: 'ghost',
    padding: 'small',
    disabled,
    tooltip: meaning,
    ariaLabel: name ?? label,
    onClick: press,
  } as const
  if (pressed === undefined) return createElement(Button, { key: label, ...look }, label)
  return createElement(ToggleButton, { key: label, ...look, pressed }, label)
}

addons.register('terminal', () => {
  addons.add('terminal/network', {
    type: types.TOOL,
    title: 'The connection of the story',
    match: ({ viewMode, tabId }) => viewMode === 'story' && !tabId,
    render: () => createElement(Network),
  })
})
