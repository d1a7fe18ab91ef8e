import { describe, expect, it } from 'vitest'
import type { Call, Snapshot } from '../lib/types'
import { fixtureNow, fixtures, type FixtureName } from './fixtures'
import { numberTrouble, outsideHint } from './numbers'
import { view } from './view'

const outsider = { agent: '+4930901820', name: '+49 30 901820', phone: true }

/** A fixture whose call, and the rest, are otherwise. */
function of(name: FixtureName, call: Partial<Call>, change: Partial<Snapshot> = {}) {
  const before: Snapshot = fixtures[name]
  const calls = before.calls.map((one) => ({ ...one, ...call }))
  return view({ ...before, ...change, calls }, { now: fixtureNow, muted: null })
}

describe('a telephone number', () => {
  it.each([
    ['+49 30 901820', ''],
    ['(030) 90-18.20', ''],
    ['+49 30', 'That number looks short.'],
    ['', 'That number looks short.'],
    ['ben', 'A telephone number has digits only, and perhaps a + before them.'],
  ])('%s: %s', (typed, trouble) => expect(numberTrouble(typed)).toBe(trouble))

  it('has a hint of what is allowed', () => {
    expect(outsideHint({ allowed: 'DE, +1555', home: 'DE' })).toBe('Allowed: DE, +1555. Without a + it is a number in DE.')
    expect(outsideHint({ allowed: '+1555' })).toBe('Allowed: +1555.')
  })

  it('can be brought in only where the desk allows any', () => {
    expect(of('talking', {}).outside).toBeNull()
    expect(of('talking', {}, { outside: { allowed: 'DE' } }).outside).toEqual({ allowed: 'DE' })
  })

  it('is a person on the call, told apart from agents', () => {
    const legs = fixtures.private.calls[0]!.legs.map((leg) => (leg.agent === 'agent2' ? { ...leg, ...outsider } : leg))
    const { card, title } = of('private', { legs, target: outsider.agent })
    expect(card?.people.map(({ name, role }) => [name, role])).toEqual([
      ['Dana', 'Customer'],
      ['You', 'Agent'],
      ['+49 30 901820', 'Phone'],
    ])
    expect(card?.buttons[0]?.label).toBe('Hand over to +49 30 901820')
    expect(title).toBe('Private - +49 30 901820')
  })
})

describe('an agent by phone', () => {
  it('answers there, and may pass here', () => {
    const { card, say } = of('ringing', { allowed: ['pass'], sentence: 'Dana is calling your phone. Press 1 there to take the call.' })
    expect(card?.buttons.map((button) => button.label)).toEqual(['Pass'])
    expect(say.text).toContain('Press 1 there')
    expect(say.alert).toBe(true)
  })

  it('has the phone rung in place of a line that was lost', () => {
    const lost: Partial<Call> = { allowed: ['phone', 'requeue'], rejoin: null }
    const labels = (byPhone: boolean) => of('recovering', lost, { phone: '+49 30 111111', byPhone }).card?.buttons.map((button) => button.label)
    expect(labels(false)).toEqual(['Use phone instead', 'Give to queue'])
    expect(labels(true)).toEqual(['Call my phone', 'Give to queue'])
  })

  it('is seen to be by phone', () => {
    expect(of('available', {}, { byPhone: true }).presence).toBe('Available - by phone')
    const legs = fixtures.talking.calls[0]!.legs.map((leg) => ({ ...leg, phone: leg.role === 'agent' }))
    expect(of('talking', { legs }).card?.people[1]?.role).toBe('Agent, by phone')
  })
})
