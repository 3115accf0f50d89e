/** Budgets of whole entries, minified and gzipped: what was measured, and a tenth. What a page loads at first is a test: scripts/package/firstLoad.test.ts. */

const peers = ['react', 'react-dom', 'zustand', '@xterm/xterm', '@xterm/addon-fit']

export default [
  {
    name: 'panel with everything that it may load later, without its peers',
    path: 'dist/react/index.js',
    ignore: peers,
    gzip: true,
    limit: '203 kB',
  },
  { name: 'details alone, without their peers', path: 'dist/react/details/index.js', ignore: peers, gzip: true, limit: '9.7 kB' },
  { name: 'client', path: 'dist/client/index.js', gzip: true, limit: '25 kB' },
  { name: 'protocol', path: 'dist/protocol/index.js', gzip: true, limit: '6.1 kB' },
]
