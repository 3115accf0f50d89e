/** What the page complains of, for browsers whose drivers do not tell: errors, and what its policy forbids. */

/** Notes them from now on in the page's own `complaints`. */
export function noteComplaints(): void {
  const complaints: string[] = []
  Object.assign(globalThis, { complaints })
  addEventListener('error', (event) => complaints.push(event.message))
  addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)))
  document.addEventListener('securitypolicyviolation', (event) => complaints.push(event.effectiveDirective))
}
