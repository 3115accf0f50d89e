/** A server component with a panel in it. What it says of the panel is data; tokens come from the page's own origin. */
import { TerminalPanel } from '@nimbus/terminal'

export default function Page() {
  return (
    <main>
      <h1>Build 7</h1>
      <div style={{ height: 400 }}>
        <TerminalPanel allocationId="build-7" label="Shell of build 7" theme="dark" />
      </div>
    </main>
  )
}
