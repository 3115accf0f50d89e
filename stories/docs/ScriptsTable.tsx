/** All scripts of the fake server, made from their own table. */
import type { ReactNode } from 'react'
import { scripts } from '../../mock-server/scripts.ts'

export function ScriptsTable(): ReactNode {
  return (
    <table>
      <thead>
        <tr>
          <th>Script</th>
          <th>What it shows</th>
        </tr>
      </thead>
      <tbody>
        {scripts.map(({ name, sentence }) => (
          <tr key={name}>
            <td>
              <a href={`./?path=/story/scripts--${name}`} target="_top">
                <code>{name}</code>
              </a>
            </td>
            <td>{sentence}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
