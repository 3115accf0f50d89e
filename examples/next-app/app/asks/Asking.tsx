/** A panel that asks for its tokens in the app's own way. */
'use client'
import { TerminalPanel } from '@nimbus/terminal'
import { requestToken } from '../requestToken'

export function Asking({ build }: { readonly build: number }) {
  return (
    <div style={{ height: 400 }}>
      <TerminalPanel allocationId={`build-${build}`} label={`Shell of build ${build}`} requestToken={requestToken} />
    </div>
  )
}
