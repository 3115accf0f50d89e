/** Tabs as a host and a person meet them: kept by either, named for whoever listens, and never unmounting a panel. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { useContext, useEffect, type ReactNode } from 'react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { PanelReports, type PanelReport } from './panelReport.ts'
import { TerminalTabs, type TerminalTab } from './TerminalTabs.tsx'

afterEach(cleanup)

const QUIET: PanelReport = { icon: 'ready', tone: 'ok', percent: null, exitCode: null }

/** Stands where a panel stands, and tells the tabs what a panel would. */
function Panel({ name, says = QUIET, log = [] }: { name: string; says?: PanelReport; log?: string[] }): ReactNode {
  const tell = useContext(PanelReports)
  useEffect(() => tell?.(says), [tell, says])
  useEffect(() => {
    log.push(`${name} mounts`)
    return () => void log.push(`${name} goes`)
  }, [name, log])
  return <p>{name} is here</p>
}

const tab = (id: string, says?: PanelReport, log?: string[]): TerminalTab => ({
  id,
  title: id,
  panel: <Panel name={id} says={says} log={log} />,
})

const names = (): (string | null)[] => screen.getAllByRole('tab').map((tab) => tab.getAttribute('aria-label'))
const shown = (): string | null => screen.getByRole('tabpanel').getAttribute('aria-label')
const press = (key: string): boolean => fireEvent.keyDown(document.activeElement ?? document.body, { key })

describe('tabs', () => {
  test('are named with how their task stands and how their program ended', () => {
    const busy = { ...QUIET, percent: 42 }
    const ended = { ...QUIET, exitCode: 1 }
    render(<TerminalTabs defaultTabs={[tab('bash'), tab('build', busy), tab('migrate', ended)]} onClose={() => {}} />)
    expect(names()).toEqual(['bash', 'build, 42 percent', 'migrate, exited with code 1'])
    expect(screen.getByRole('tablist').getAttribute('aria-owns')?.split(' ')).toEqual(
      screen.getAllByRole('tab').map(({ id }) => id),
    )
  })

  test('lead to their panels, whatever their ids are', () => {
    render(<TerminalTabs defaultTabs={[tab('logs eu-2'), tab('a "b"\t%')]} />)
    const tabs = screen.getAllByRole('tab')
    expect(screen.getByRole('tablist').getAttribute('aria-owns')?.split(' ')).toEqual(tabs.map(({ id }) => id))
    for (const element of tabs) {
      const panel = element.getAttribute('aria-controls') ?? ''
      expect(panel).not.toMatch(/\s/)
      expect(document.getElementById(panel)?.getAttribute('role')).toBe('tabpanel')
    }
  })

  test('are one stop for Tab, and arrows move and show', () => {
    render(<TerminalTabs defaultTabs={[tab('a'), tab('b'), tab('c')]} defaultActive="b" />)
    expect(screen.getAllByRole('tab').map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1])
    screen.getByRole('tab', { name: 'b' }).focus()
    press('ArrowRight')
    expect(shown()).toBe('c')
    press('ArrowRight')
    expect(shown()).toBe('a')
    press('End')
    expect(document.activeElement?.textContent).toContain('c')
  })

  test('close with Delete, and the one beside takes the focus', () => {
    const onClose = vi.fn()
    render(<TerminalTabs defaultTabs={[tab('a'), tab('b'), tab('c')]} defaultActive="b" onClose={onClose} />)
    screen.getByRole('tab', { name: 'b' }).focus()
    press('Delete')
    expect(onClose).toHaveBeenCalledWith('b')
    expect(names()).toEqual(['a', 'c'])
    expect(shown()).toBe('c')
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'c' }))
  })

  test('give the focus to New terminal when the last one closes', () => {
    render(<TerminalTabs defaultTabs={[tab('a')]} onClose={() => {}} onNew={() => tab('b')} />)
    screen.getByRole('tab', { name: 'a' }).focus()
    press('Delete')
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'New terminal' }))
  })

  test('do not close where the host does not want it', () => {
    render(<TerminalTabs defaultTabs={[tab('a'), tab('b')]} />)
    screen.getByRole('tab', { name: 'a' }).focus()
    press('Delete')
    expect(names()).toEqual(['a', 'b'])
    expect(screen.queryByRole('button', { name: 'Close a' })).toBeNull()
  })

  test('keep every panel mounted while another is shown', () => {
    const log: string[] = []
    render(<TerminalTabs defaultTabs={[tab('a', QUIET, log), tab('b', QUIET, log)]} onClose={() => {}} />)
    fireEvent.click(screen.getByRole('tab', { name: 'b' }))
    fireEvent.click(screen.getByRole('tab', { name: 'a' }))
    expect(log).toEqual(['a mounts', 'b mounts'])
    fireEvent.click(screen.getByRole('button', { name: 'Close b' }))
    expect(log).toEqual(['a mounts', 'b mounts', 'b goes'])
  })

  test('of their own grow by what the host makes', () => {
    let made = 0
    render(<TerminalTabs defaultTabs={[tab('a')]} onNew={() => tab(`new-${++made}`)} />)
    fireEvent.click(screen.getByRole('button', { name: 'New terminal' }))
    expect(names()).toEqual(['a', 'new-1'])
    expect(shown()).toBe('new-1')
  })

  test('that the host keeps change only as the host does', () => {
    const onActiveChange = vi.fn()
    const onClose = vi.fn()
    const tabs = [tab('a'), tab('b')]
    const view = render(<TerminalTabs tabs={tabs} active="a" onActiveChange={onActiveChange} onClose={onClose} />)
    fireEvent.click(screen.getByRole('tab', { name: 'b' }))
    expect(onActiveChange).toHaveBeenCalledWith('b')
    expect(shown()).toBe('a')
    fireEvent.click(screen.getByRole('button', { name: 'Close b' }))
    expect(onClose).toHaveBeenCalledWith('b')
    expect(names()).toEqual(['a', 'b'])
    view.rerender(<TerminalTabs tabs={tabs.slice(1)} active="b" />)
    expect(names()).toEqual(['b'])
    expect(shown()).toBe('b')
  })

  test('that the host keeps stay, with the focus, where it does not let them close', () => {
    const told = vi.fn()
    const tabs = [tab('a'), tab('b')]
    render(<TerminalTabs tabs={tabs} defaultActive="a" onActiveChange={told} onClose={() => {}} />)
    screen.getByRole('tab', { name: 'a' }).focus()
    press('Delete')
    expect(shown()).toBe('a')
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'a' }))
    expect(told).not.toHaveBeenCalled()
  })

  test.each([
    ['b', ['a', 'c'], 'c'],
    ['c', ['a', 'b'], 'b'],
  ])('that the host takes away while %s is shown make room for the one beside, which is told once', (active, left, next) => {
    const told = vi.fn()
    const all = [tab('a'), tab('b'), tab('c')]
    const props = { defaultActive: active, onActiveChange: told, onClose: () => {} }
    const view = render(<TerminalTabs tabs={all} {...props} />)
    screen.getByRole('tab', { name: active }).focus()
    press('Delete')
    view.rerender(<TerminalTabs tabs={all.filter(({ id }) => left.includes(id))} {...props} />)
    expect(shown()).toBe(next)
    expect(told.mock.calls).toEqual([[next]])
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: next }))
  })

  test('show the first one where the host names one that is not there', () => {
    render(<TerminalTabs tabs={[tab('a')]} active="gone" />)
    expect(shown()).toBe('a')
  })
})

test('where there is no room, one menu says which of how many, and leads to the others', () => {
  render(
    <TerminalTabs
      defaultTabs={[tab('bash'), tab('build', { ...QUIET, percent: 42 })]}
      defaultActive="build"
      onClose={() => {}}
    />,
  )
  const button = screen.getByRole('button', { name: '2 of 2: build' })
  fireEvent.click(button)
  const menu = screen.getByRole('menu', { name: 'Terminals' })
  expect(
    within(menu)
      .getAllByRole('menuitemradio')
      .map((item) => item.getAttribute('aria-checked')),
  ).toEqual(['false', 'true'])
  expect(document.activeElement?.textContent).toContain('build')
  press('ArrowUp')
  fireEvent.click(document.activeElement!)
  expect(shown()).toBe('bash')
  expect(screen.queryByRole('menu')).toBeNull()
})
