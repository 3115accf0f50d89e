/** Budgets of what a page loads, minified and gzipped: what was measured, and a tenth. The aim for the panel is 20 kB. */

const peers = ['react', 'react-dom', 'zustand', '@xterm/xterm', '@xterm/addon-fit']

export default [
  { name: 'panel, without its peers', path: 'dist/react/index.js', ignore: peers, gzip: true, limit: '42 kB' },
  { name: 'client', path: 'dist/client/index.js', gzip: true, limit: '23 kB' },
  { name: 'protocol', path: 'dist/protocol/index.js', gzip: true, limit: '6.1 kB' },
]
