import { describe, expect, it } from 'vitest'
import type { Call, Request } from '../lib/types'
import { fixtureNow, fixtures, type FixtureName } from './fixtures'
import { view } from './view'

const unmuted = { now: fixtureNow, muted: null }
const of = (name: FixtureName, muted: boolean | null = null) => view(fixtures[name], { now: fixtureNow, muted })
const labels = (name: FixtureName) => of(name).card?.buttons.map((button) => button.label) ?? []

describe('the card', () => {
  // The words are a contract: tests of the whole product select by them.
  it.each<[FixtureName, string[]]>([
    ['ringing', ['Answer', 'Pass']],
    ['connecting', []],
    ['talking', ['Bring someone in', 'End call']],
    ['inviting', ['Back to Dana', 'End call']],
    ['invited', ['Answer', 'Pass']],
    ['together', ['Leave - Ben stays with Dana', 'Remove Ben', 'End call']],
    ['togetherTarget', ['Leave - Ana stays with Dana']],
    ['handingOver', []],
    ['recovering', []],
    ['ending', []],
  ])('offers in %s: %j', (name, wanted) => {
    expect(labels(name)).toEqual(wanted)
  })

  it.each<[FixtureName, string]>([
    ['offline', 'Desk'],
    ['available', 'Desk - Available'],
    ['ringing', '(1) Dana is calling'],
    ['invited', '(1) Ana needs you'],
    ['talking', '03:12 Dana'],
    ['inviting', 'Calling Ben'],
    ['together', 'All - Dana, Ben'],
    ['recovering', 'Reconnecting - Dana'],
  ])('titles the tab in %s: %s', (name, wanted) => {
    expect(of(name).title).toBe(wanted)
  })

  it('has exactly one primary button wherever the desk allows anything but ending', () => {
    for (const [name, snapshot] of Object.entries(fixtures)) {
      const card = view(snapshot, unmuted).card
      const some = snapshot.calls.some((call: Call) => call.allowed.some((request) => request !== 'end'))
      const primaries = card?.buttons.filter((button) => button.look === 'primary') ?? []
      expect(primaries, name).toHaveLength(some ? 1 : 0)
      if (some) expect(card?.buttons[0], name).toBe(primaries[0])
    }
  })

  it('draws nothing the desk did not allow, and skips requests it does not know', () => {
    for (const snapshot of Object.values(fixtures)) {
      const changed = structuredClone(snapshot) as typeof fixtures.talking
      changed.calls.forEach((call) => (call.allowed = ['consult' as Request]))
      expect(view(changed, unmuted).card?.buttons ?? []).toEqual([])
    }
  })

  it('says who cannot hear a muted agent', () => {
    expect(of('talking', true).card).toMatchObject({ chip: 'Talking · Muted', sentence: "Dana can't hear you." })
    expect(of('together', true).card?.sentence).toBe("Dana and Ben can't hear you.")
    expect(of('talking', true).title).toBe('Muted - Dana')
    expect(of('talking', false).card?.sentence).toBe('You and Dana hear each other.')
  })

  it('says so when the audio is gone, whatever the desk still believes', () => {
    const card = view(fixtures.together, { now: fixtureNow, muted: false, silent: true }).card
    expect(card?.sentence).toBe("Dana and Ben can't hear you right now. Reconnecting audio...")
    expect(card?.tone).toBe('hold')
    expect(card?.people.map((p) => p.linked)).toEqual([false, false, false])
  })

  it('joins people by a solid line only where they hear each other', () => {
    expect(of('inviting').card?.people.map((p) => [p.name, p.word, p.linked])).toEqual([
      ['Dana', 'Talking', false],
      ['You', 'Talking', true],
      ['Ben', 'Ringing 0:07', false],
    ])
    expect(of('invited').card?.people.map((p) => [p.name, p.linked])).toEqual([
      ['Dana', false],
      ['Ana', true],
      ['You', false],
    ])
    expect(of('together').card?.people.map((p) => p.linked)).toEqual([false, true, true])
    expect(of('recovering').card?.people.map((p) => p.linked)).toEqual([false, false])
  })

  it('rings for a customer and for a colleague differently, and only then', () => {
    const rings = Object.keys(fixtures).map((name) => [name, of(name as FixtureName).card?.ringing ?? null])
    expect(rings.filter(([, ringing]) => ringing)).toEqual([
      ['ringing', 'customer'],
      ['ringingReturned', 'customer'],
      ['invited', 'colleague'],
    ])
  })

  it('shows the call one is in before another that rings', () => {
    const both = structuredClone(fixtures.talking)
    both.calls.unshift({ ...structuredClone(fixtures.ringing.calls[0]!), id: 'other' })
    expect(view(both, unmuted).card?.call.stage).toBe('talking')
  })
})

describe('without a call', () => {
  it('says what will happen, and offers the way to change it', () => {
    expect(of('offline').idle).toMatchObject({ sentence: "You won't get calls.", offer: 'available' })
    expect(of('available').idle).toMatchObject({
      sentence: 'Waiting for a call. 0 people in the queue.',
      offer: 'break',
    })
    expect(of('away').idle.sentence).toBe("You won't get calls. You're away: missed a call.")
  })

  it('lists the queue with its longest wait and answers only where allowed', () => {
    expect(of('availableBusy').longest).toBe('2:11')
    expect(of('availableBusy').queue.map((row) => row.answer)).toEqual([true, true])
    expect(of('talkingQueue').queue.map((row) => row.answer)).toEqual([false, false])
  })
})

describe('what is spoken', () => {
  it('interrupts for a ring and waits its turn otherwise', () => {
    expect(of('ringing').say).toEqual({ text: 'Incoming call from Dana. Press A to answer.', alert: true })
    expect(of('talking').say).toEqual({ text: 'You and Dana hear each other.', alert: false })
    expect(of('declined').say.text).toBe("Ben can't right now. You are still with Dana.")
  })

  it('does not change with the clock', () => {
    for (const snapshot of Object.values(fixtures)) {
      expect(view(snapshot, { now: fixtureNow + 7_000, muted: null }).say).toEqual(view(snapshot, unmuted).say)
    }
  })
})
