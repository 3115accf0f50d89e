/** The panel of this package with every default, on a page of its own. */
import { createRoot } from 'react-dom/client'
import { TerminalPanel } from '../../../src/react/index.ts'
import '../../../src/react/styles.css'
import { watchStart } from './watch.ts'

const host = document.querySelector<HTMLElement>('#host')!
watchStart(host, '.nt')
createRoot(host).render(<TerminalPanel allocationId={new URLSearchParams(location.search).get('id') ?? 'bench'} />)
