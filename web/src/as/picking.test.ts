import { afterEach, expect, it, vi } from 'vitest'
import { fixtureNow, fixtures } from './fixtures'
import { ago } from './fixtures.lists'
import { details, inOrder, unknown } from './picking'
import { view, type TeamRow } from './view'

afterEach(() => {
  vi.unstubAllEnvs()
})

const row = (id: string, change: Partial<TeamRow> = {}): TeamRow => ({ id, name: id, word: 'Free', since: '4 min', state: 'available', free: true, ...change })

it('lists who is free first, of those whom one asked lately, then who knows the topic', () => {
  const team = [row('busy', { free: false }), row('any'), row('knows'), row('recent'), row('busyKnows', { free: false })]
  const known = { people: ['knows', 'busyKnows'].map((id) => ({ id, freeIn: 0, knows: true })), teams: [] }
  const names = (rank: (id: string) => number) => inOrder(team, known, rank).map((one) => one.id)
  expect(names((id) => (id === 'recent' ? 0 : 8))).toEqual(['recent', 'knows', 'any', 'busyKnows', 'busy'])
  expect(inOrder(team, unknown, () => 8).map((one) => one.id)).toEqual(['any', 'knows', 'recent', 'busy', 'busyKnows'])
})

it('says what somebody does, and when they are usually free, where that is known', () => {
  const known = { people: [{ id: 'ben', freeIn: 230, knows: true }], teams: [{ id: 'team:billing', wait: 20 }] }
  const ben = row('ben', { word: 'On a call', since: '2:10', state: 'on_call', free: false })
  expect(details(ben, unknown)).toBe('On a call 2:10')
  expect(details(ben, known)).toBe('On a call 2:10 · usually free in ~4 min · knows this topic')
  expect(details(row('ben'), known)).toBe('Free 4 min · knows this topic')
  expect(details(row('cy', { word: 'Wrap-up', since: '', free: false }), known)).toBe('Wrap-up')
  const team = row('team:billing', { word: '3 free', since: '', state: 'team' })
  expect(details(team, known)).toBe('3 free, ~0:20')
  expect(details(team, unknown)).toBe('3 free')
})

it('says until when somebody has a break, and since when they are on a call', () => {
  vi.stubEnv('TZ', 'UTC')
  const [ben, cy] = fixtures.talking.team
  const team = [{ ...ben!, state: 'on_call', word: 'On a call', since: ago(130) }, { ...cy!, breakUntil: '2026-11-22T10:30:00Z' }]
  const rows = view({ ...fixtures.talking, team }, { now: fixtureNow, muted: null }).team
  expect(rows.map((one) => details(one, unknown))).toEqual(['On a call 2:10', 'Break until 10:30'])
})

it('reminds whoever takes a break of its end, and changes nothing', () => {
  vi.stubEnv('TZ', 'UTC')
  const shown = (until: string) => view({ ...fixtures.away, breakUntil: until }, { now: fixtureNow, muted: null })
  const soon = shown('2026-11-22T11:30:01Z')
  expect(soon.idle).toMatchObject({ chip: 'Break until 11:30', sentence: "You won't get calls.", offer: 'available' })
  expect(soon.title).toBe('Desk - Away')
  const over = shown('2026-11-22T11:30:00Z')
  expect(over.idle.sentence).toBe('Your break ended at 11:30. Go available when you are back.')
  expect(over.title).toBe('Your break is over')
  expect(over.say).toEqual({ text: over.idle.sentence, alert: false })
})
