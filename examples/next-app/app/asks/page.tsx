/** A server component around one of the app's own that runs in the page. */
import { Asking } from './Asking'

export default function Page() {
  return (
    <main>
      <h1>Build 8</h1>
      <Asking build={8} />
    </main>
  )
}
