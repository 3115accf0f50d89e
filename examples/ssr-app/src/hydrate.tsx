/** Takes over what the server has rendered. */
import { hydrateRoot } from 'react-dom/client'
import { App } from './App.tsx'

const root = document.getElementById('root')
if (root !== null) hydrateRoot(root, <App />)
