/** Starts the app; `vite --mode mock` gives it a fake server, of which nothing is left in any other build. */
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'

if (import.meta.env.MODE === 'mock') await import('./mocks.ts')

const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<App />)
