import { expect, it, vi } from 'vitest'
import { rows } from '../history/fixtures'
import type { Command } from './commands'
import { actions, calls, people } from './finding'
import { fixtureNow, fixtures } from './fixtures'
import { view } from './view'

const { team } = view(fixtures.available, { now: fixtureNow, muted: null })

it('finds what can be done, and not itself', () => {
  const command = (id: string, label: string): Command => ({ id, label, here: false, run: () => undefined })
  const list = [command('hold', 'Hold'), command('to history', 'Go to History'), command('palette', 'Search people and actions'), command('search', 'Search people, history')]
  expect(actions(list, ' HI ').map((one) => one.id)).toEqual(['to history'])
  expect(actions(list, '').map((one) => one.id)).toEqual(['hold', 'to history'])
})

it('finds people by name, with what they do, and leads to the calls with them', () => {
  const go = vi.fn()
  const found = people(team, 'be', go)
  expect(found.map(({ label, detail }) => [label, detail])).toEqual([['Ben', 'Free 4 min']])
  found[0]!.run()
  expect(go).toHaveBeenCalledWith('history?with=agent2')
})

it('tells the calls of the past apart, and leads to each', () => {
  const go = vi.fn()
  const found = calls(rows, go)
  expect(found[0]!.label).toBe(`Call with ${rows[0]!.name}`)
  expect(found[0]!.detail).toMatch(/\d\d:\d\d/)
  found[0]!.run()
  expect(go).toHaveBeenCalledWith(`calls/${rows[0]!.id}`)
})
