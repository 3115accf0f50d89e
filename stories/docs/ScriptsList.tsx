/** All scripts of the fake server, made from their own table. */
import type { ReactNode } from 'react'
import { scripts } from '../../mock-server/scripts.ts'

export function ScriptsList(): ReactNode {
  return (
    <ul>
      {scripts.map(({ name, sentence }) => (
        <li key={name}>
          <a href={`./?path=/story/scripts--${name}`} target="_top">
            <code>{name}</code>
          </a>{' '}
          {sentence}
        </li>
      ))}
    </ul>
  )
}
