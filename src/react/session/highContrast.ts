/** Whether a panel is drawn with high contrast: as its host wants it, else as the person has asked the system for. */

export function isHighContrast(host: HTMLElement): boolean {
  const wanted = host.closest<HTMLElement>('.nt')?.dataset['contrast']
  if (matchMedia('(forced-colors: active)').matches || wanted === 'more') return true
  return wanted !== 'normal' && matchMedia('(prefers-contrast: more)').matches
}
