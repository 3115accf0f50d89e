/** The table of all states with their pictures, made from the table that the stories are checked against. */
import type { ReactNode } from 'react'
import { DRAWN, type Group, type State, states, storyIdOf } from '../states/drawn.ts'
import './docs.css'

/** The pictures that the stories are compared with, by path. */
const pictures = import.meta.glob<string>('../baseline/states-*.png', { eager: true, query: '?url', import: 'default' })

export function StatesTable(): ReactNode {
  const groups = [...new Set(states.map((state) => DRAWN[state].group))]
  return groups.map((group) => <GroupTable key={group} group={group} />)
}

function GroupTable({ group }: { readonly group: Group }): ReactNode {
  return (
    <section className="guide">
      <h2>{group}</h2>
      <ul className="guide-states">
        {states
          .filter((state) => DRAWN[state].group === group)
          .map((state) => (
            <StateItem key={state} state={state} />
          ))}
      </ul>
    </section>
  )
}

function StateItem({ state }: { readonly state: State }): ReactNode {
  const id = storyIdOf(state)
  const picture = pictures[`../baseline/${id}.png`]
  return (
    <li>
      <a href={`./?path=/story/${id}`} target="_top">
        {picture && <img src={picture} alt="" loading="lazy" />}
        <code>{state}</code>
      </a>
      <p>{DRAWN[state].when}</p>
    </li>
  )
}
