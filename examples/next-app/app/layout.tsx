/** What all pages share: the style sheet of the panel, and a name. */
import '@nimbus/terminal/styles.css'
import type { ReactNode } from 'react'

export const metadata = { title: 'Builds', icons: { icon: 'data:,' } }

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
