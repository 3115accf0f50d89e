/** Storybook's toolbar: buttons that hurt and mend the connection of whatever story is open, and move its time. */
import { type ReactNode, useEffect, useState } from 'react'
import { STORY_RENDERED } from 'storybook/internal/core-events'
import { Button, ToggleButton } from 'storybook/internal/components'
import { addons, types, useChannel } from 'storybook/manager-api'
import { CHANNEL, type Condition, FAULTS, faults } from '../stories/stage/faults.ts'

const none: Condition = { faults: [], stopped: false }

function Network(): ReactNode {
  const [condition, setCondition] = useState<Condition | null>(null)
  const emit = useChannel({
    [CHANNEL.condition]: (next: Condition | null) => setCondition(next),
    [STORY_RENDERED]: () => emit(CHANNEL.ask),
  })
  useEffect(() => emit(CHANNEL.ask), [emit])
  const { faults: now, stopped } = condition ?? none
  const disabled = condition === null
  return (
    <>
      {faults.map((fault) => (
        <ToggleButton
          key={fault}
          variant="ghost"
          padding="small"
          disabled={disabled}
          pressed={now.includes(fault)}
          ariaLabel={FAULTS[fault].label}
          tooltip={FAULTS[fault].meaning}
          onClick={() => emit(CHANNEL.hurt, fault)}
        >
          {FAULTS[fault].label}
        </ToggleButton>
      ))}
      <Button
        variant="ghost"
        padding="small"
        disabled={disabled}
        ariaLabel="Mend"
        tooltip="All of this is over."
        onClick={() => emit(CHANNEL.mend)}
      >
        Mend
      </Button>
      <Button
        variant="ghost"
        padding="small"
        disabled={disabled}
        ariaLabel="Skip 10 seconds"
        tooltip="Lets ten seconds pass at once, for the page and for its server."
        onClick={() => emit(CHANNEL.skip, 10_000)}
      >
        +10 s
      </Button>
      <ToggleButton
        variant="ghost"
        padding="small"
        disabled={disabled}
        pressed={stopped}
        ariaLabel="Time stands still"
        tooltip="States that pass by are held; typing or clicking in the story lets time go on."
        onClick={() => emit(CHANNEL.time, !stopped)}
      >
        Still
      </ToggleButton>
    </>
  )
}

addons.register('terminal', () => {
  addons.add('terminal/network', {
    type: types.TOOL,
    title: 'The connection of the story',
    match: ({ viewMode, tabId }) => viewMode === 'story' && !tabId,
    render: () => <Network />,
  })
})
