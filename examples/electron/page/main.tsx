/** The page of the app: a panel that asks its own scheme for tokens, and needs no bridge to anything. */
import { TerminalPanel } from '@nimbus/terminal'
import '@nimbus/terminal/styles.css'
import { createRoot } from 'react-dom/client'
import './page.css'

const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<TerminalPanel allocationId="shell" label="Shell" />)
