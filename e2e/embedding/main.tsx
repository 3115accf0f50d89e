/**
 * A panel with the fake server in its page: `?place=shadow` puts it into a shadow tree, `?place=own` is another frame, `?place=cast`
 * plays a recording, `?full` asks for all that can be asked for, `?props=` for what its JSON says. `?bare` leaves the style sheet away
 * until the page gets a click.
 */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createMockServer } from '../../mock-server/mockServer.ts'
import { connect } from '../../src/client/index.ts'
import {
  playCast,
  readCast,
  TerminalPanel,
  TerminalProvider,
  useTerminal,
  type Connect,
  type TerminalPanelProps,
} from '../../src/react/index.ts'
import { german } from '../../src/react/words/de.ts'
import styles from '../../src/react/styles.css?inline'
import { obeyNetworkOrders } from '../../src/testing/page/networkOrders.ts'
import { noteComplaints } from './complaints.ts'

noteComplaints()
const asked = new URLSearchParams(location.search)
const server = createMockServer({ script: 'happy-path' })
obeyNetworkOrders(server.network)
const connectHere: Connect = (options) =>
  connect({ ...options, getToken: server.getToken, ports: { openSocket: server.openSocket } })

const full: Partial<TerminalPanelProps> = {
  softKeys: 'always',
  renderer: 'webgl',
  graphemes: true,
  theme: 'dark',
  onSaveOutput: ({ text }) => (document.documentElement.dataset['saved'] = String(text.length)),
}

/** A frame of a page's own, of the hook. */
function Own() {
  const { frame, grid, parts, line, act } = useTerminal('embedded', { label: 'Embedded' })
  return (
    <section {...frame} style={{ display: 'flex', flexDirection: 'column', border: '2px solid teal' }}>
      <header style={{ padding: 8 }}>
        Build 7: {line.id}{' '}
        {line.action && (
          <button type="button" onClick={() => line.action && act(line.action.kind)}>
            {line.action.label}
          </button>
        )}
      </header>
      <div style={{ flex: 1, minHeight: 0, position: 'relative' }}>
        <div {...grid} style={{ height: '100%' }} />
        {parts.overlays}
      </div>
      {parts.speech}
    </section>
  )
}

const player = playCast(
  readCast(
    '{"version":2,"width":80,"height":24}\n[0,"o","first\\r\\n"]\n[0.2,"o","\\u001b[31msecond\\r\\n"]\n[0.4,"o","third"]\n',
  ),
)

/** What a journey asks for in the address, as the types of the props have it. */
const props = JSON.parse(asked.get('props') ?? '{}') as Partial<TerminalPanelProps>

function Asked() {
  switch (asked.get('place')) {
    case 'own':
      return <Own />
    case 'cast':
      return <TerminalPanel allocationId="recorded" label="Recorded" connect={player.connect} viewOnly />
    default:
      return <TerminalPanel allocationId="embedded" label="Embedded" {...(asked.has('full') && full)} {...props} />
  }
}

const place = document.getElementById('root')
if (place === null) throw new Error('The page has no root.')
place.style.height = '420px'
const isShadow = asked.get('place') === 'shadow'
const root = isShadow ? place.attachShadow({ mode: 'open' }) : place
// A constructed sheet works in both places, and under any policy.
const sheet = new CSSStyleSheet()
sheet.replaceSync(styles)
const adopt = () => {
  ;(root instanceof ShadowRoot ? root : document).adoptedStyleSheets = [sheet]
}
if (asked.has('bare')) document.addEventListener('click', adopt)
else adopt()
const failed = ({ message }: Error) => (document.documentElement.dataset['failed'] = message)

createRoot(root).render(
  <StrictMode>
    <TerminalProvider connect={connectHere} onError={failed} {...(asked.get('words') === 'de' && { words: german })}>
      <Asked />
    </TerminalProvider>
  </StrictMode>,
)
