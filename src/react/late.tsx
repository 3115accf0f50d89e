/** Components that are loaded when they are first shown. One that cannot be loaded is reported, shows nothing, and is tried again the next time. */
import { createContext, useContext, useEffect, useState, type ComponentType, type ReactNode } from 'react'

/** Where the host hears of it: nothing may be thrown into its page. */
export const Failures = createContext<(error: Error) => void>(() => {})

const all: (() => Promise<unknown>)[] = []

/** Loads them before they are needed: whoever asks for one while the network is away must not wait for the network. */
export function comeAhead(): void {
  for (const bring of all) bring().catch(() => {})
}

export function late<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  const bring = async (): Promise<ComponentType<Props>> => (loaded ??= await load())
  all.push(bring)

  return function Late(props: Props): ReactNode {
    const [Component, setComponent] = useState(() => loaded)
    const failed = useContext(Failures)
    useEffect(() => {
      if (Component !== null) return
      let wanted = true
      bring().then(
        (component) => wanted && setComponent(() => component),
        (cause: unknown) => wanted && failed(new Error('A part of the terminal could not be loaded.', { cause })),
      )
      return () => {
        wanted = false
      }
    }, [Component, failed])
    return Component && <Component {...props} />
  }
}
