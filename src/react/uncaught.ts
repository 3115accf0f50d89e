/** Leaves an exception of the host to the browser, which reports it as it does for any listener. It ends nothing: it comes in a task of its own. */
export function uncaught(cause: unknown): void {
  setTimeout(() => {
    throw cause
  })
}
