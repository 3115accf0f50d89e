/** A server component around a frame of the app's own. */
import { Own } from './Own'

export default function Page() {
  return (
    <main>
      <h1>Build 9</h1>
      <Own />
    </main>
  )
}
