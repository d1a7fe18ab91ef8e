import { expect, it } from 'vitest'
import { fixtureNow, fixtures, type FixtureName } from './fixtures'
import { outage, type Heard } from './outage'
import { view } from './view'

/** of is what is told in a fixture's state. */
function of(name: FixtureName, change: Partial<Heard> = {}, ifLost?: { seconds: number; to: string }) {
  const snapshot = structuredClone(fixtures[name])
  for (const call of snapshot.calls) if (ifLost) call.ifLost = ifLost
  const { card } = view(snapshot, { now: fixtureNow, muted: false })
  return outage({ link: 'up', card, open: true, silent: false, silentSince: null, heardAt: 0, now: 1_000, skew: 0, ...change })
}
const line = { seconds: 20, to: '' }

it('tells nothing while all is well', () => {
  expect(of('talking', {}, line)).toBeNull()
  expect(of('available')).toBeNull()
})

it('tells that the audio is fine where only the desk is away', () => {
  expect(of('talking', { link: 'down' }, line)?.text).toBe("Live updates are paused; your call's audio is fine. Reconnecting...")
  expect(of('available', { link: 'down', open: false })?.text).toBe('Live updates are paused. Reconnecting...')
})

it('counts the seconds without audio, and reads them out once only', () => {
  const told = of('talking', { silent: true, silentSince: 1_000, now: 9_400 }, line)
  expect(told).toMatchObject({
    text: "Dana can't hear you right now. Reconnecting audio... (8 s)",
    said: "Dana can't hear you right now. Reconnecting audio...",
    phone: false,
  })
  expect(of('recovering', { silent: true, silentSince: 1_000, now: 9_400 })?.text).toBe(
    "Dana can't hear you right now and hears music. Reconnecting audio... (8 s)",
  )
})

it('tells when the place is given up, from the last word of the desk', () => {
  const both = { link: 'down', silent: true, heardAt: 1_000 } as const
  const told = (now: number, to = '') => of('talking', { ...both, now }, { seconds: 25, to })?.text
  expect(told(1_000)).toBe("You're offline. Dana's on hold and will go to the queue in 0:25 if you don't come back.")
  expect(told(25_500)).toBe("You're offline. Dana's on hold and will go to the queue in 0:01 if you don't come back.")
  expect(told(26_000)).toBe("You're offline. Dana has gone to the queue by now.")
  expect(told(1_000, 'Ben')).toBe("You're offline. Dana's on hold and will go to Ben in 0:25 if you don't come back.")
  expect(told(26_000, 'Ben')).toBe("You're offline. Dana is with Ben by now.")
})

it('takes the desk at its word where the line was lost before', () => {
  const snapshot = structuredClone(fixtures.recovering)
  for (const call of snapshot.calls) call.deadline = new Date(57_000).toISOString()
  const { card } = view(snapshot, { now: fixtureNow, muted: null })
  const lost = { link: 'down', card, open: false, silent: false, silentSince: null, heardAt: 0 } as const
  expect(outage({ ...lost, now: 40_000, skew: 10_000 })?.text).toContain('in 0:07 if')
})

it('says nothing of a line to who has their calls by phone', () => {
  const snapshot = structuredClone(fixtures.talking)
  for (const leg of snapshot.calls[0]?.legs ?? []) leg.phone = leg.id === snapshot.calls[0]?.myLeg
  const { card } = view(snapshot, { now: fixtureNow, muted: null })
  const told = outage({ link: 'down', card, open: false, silent: false, silentSince: null, heardAt: 0, now: 0, skew: 0 })
  expect(told?.text).toContain('audio is fine')
})
