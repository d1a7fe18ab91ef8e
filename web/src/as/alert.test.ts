import { afterEach, expect, it } from 'vitest'
import { choose } from '../lib/prefs.svelte'
import { alertOf, ticks } from './alert'
import { fixtureNow, fixtures, type FixtureName } from './fixtures'
import { view } from './view'

const of = (name: FixtureName) => alertOf(view(fixtures[name], { now: fixtureNow, muted: null }).card, fixtureNow)
afterEach(() => choose({ waiting: false, quiet: false }))

it('says who is calling, and how long they have waited', () => {
  expect(of('ringing')).toMatchObject({ kind: 'customer', title: 'Dana is calling', body: 'Waited 0:18.' })
})

it('says which colleague asks, and why', () => {
  expect(of('asked')).toMatchObject({ kind: 'colleague', title: 'Ana needs you', body: expect.stringMatching(/^refund over limit - Waited \d:\d\d\.$/) })
})

it.each(['talking', 'available', 'recovering'] as const)('has nothing to say of %s', (name) => expect(of(name)).toBeNull())

it('leaves a ring to the telephone it is at', () => {
  const card = view(fixtures.ringing, { now: fixtureNow, muted: null }).card!
  expect(alertOf({ ...card, call: { ...card.call, allowed: [] } }, fixtureNow)).toBeNull()
})

it('ticks for who begins to wait, only where that is wanted', () => {
  const before = fixtures.talking
  const next = { ...before, queue: [...before.queue, { ...fixtures.ringing.queue[0]!, id: 'new', number: '', name: 'Eve', since: '', returned: false, position: 1, allowed: [] }] }
  expect(ticks(before, next)).toBe(false)
  choose({ waiting: true })
  expect(ticks(before, next)).toBe(true)
  expect(ticks(next, before)).toBe(false)
  expect(ticks(null, next)).toBe(false)
  choose({ quiet: true })
  expect(ticks(before, next)).toBe(false)
})
