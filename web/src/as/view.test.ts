import { describe, expect, it } from 'vitest'
import type { Call, Request, Snapshot, Way } from '../lib/types'
import { fixtureNow, fixtures, type FixtureName } from './fixtures'
import { view } from './view'

const unmuted = { now: fixtureNow, muted: null }
const of = (name: FixtureName, muted: boolean | null = null) => view(fixtures[name], { now: fixtureNow, muted })
const labels = (name: FixtureName) => of(name).card?.buttons.map((button) => button.label) ?? []

describe('the card', () => {
  // The words are a contract: tests of the whole product select by them.
  it.each<[FixtureName, string[]]>([
    ['ringing', ['Answer', 'Pass']],
    ['talking', ['Bring someone in', 'Hold', 'Give to queue', 'End call']],
    ['held', ['Back to Dana', 'Bring someone in', 'Give to queue', 'End call']],
    ['declinedPrivately', ['Back to Dana', 'Try someone else', 'Give to queue', 'End call']],
    ['colleagueLeft', ['Back to Dana', 'Bring someone in', 'Give to queue', 'End call']],
    ['asking', ['Back to Dana', 'Try someone else', 'End call']],
    ['declinedWhy', ['Back to Dana', 'Try someone else', 'Give to queue', 'End call']],
    ['asked', ['Join Ana privately', 'Not now']],
    ['private', ['Hand over to Ben', 'Join all three', 'Swap to Dana', 'Back to Dana', 'End call']],
    ['privateTarget', ['Leave - Ana stays with Dana']],
    ['swapped', ['Hand over to Ben', 'Join all three', 'Swap to Ben', 'Back to Dana', 'End call']],
    ['swappedTarget', ['Leave - Ana stays with Dana']],
    ['sending', ['Back to Dana', 'Finish']],
    ['sent', ['Answer', 'Pass']],
    ['handedOver', ['Finish', 'Take back']],
    ['takingBack', ['Cancel']],
    ['ownerLost', ['Take', 'Leave']],
    ['inviting', ['Back to Dana', 'End call']],
    ['invited', ['Answer', 'Pass']],
    ['supervising', ['Stop listening', 'Take', 'Listen', 'Join']],
    ['together', ['Leave - Ben stays with Dana', 'Private with Ben', 'Remove Ben', 'End call']],
    ['togetherTarget', ['Leave - Ana stays with Dana']],
    ['handingOver', ['Keep me in']],
    ['recovering', []],
    ['connecting', ['Cancel']],
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
    ['held', 'Hold 0:42 - Dana'],
    ['asking', 'Calling Ben'],
    ['asked', '(1) Ana needs you'],
    ['private', 'Private - Ben'],
    ['privateTarget', 'Private - Ana'],
    ['swapped', 'Talking to Dana'],
    ['sent', '(1) Ana needs you'],
    ['handedOver', 'Handed to Ben'],
    ['wrapUp', 'Wrap-up'],
    ['inviting', 'Calling Ben'],
    ['together', 'All - Dana, Ben'],
    ['recovering', 'Reconnecting'],
  ])('titles the tab in %s: %s', (name, wanted) => {
    expect(of(name).title).toBe(wanted)
  })

  it('has exactly one primary button wherever there is something to do', () => {
    // None is what one wants as a rule: staying in a hand-over, giving up a taking back or a call on its way.
    const aside: FixtureName[] = ['handingOver', 'takingBack', 'connecting']
    for (const [name, snapshot] of Object.entries(fixtures)) {
      const card = view(snapshot, unmuted).card
      const some =
        !aside.includes(name as FixtureName) &&
        snapshot.calls.some((call: Call) => call.allowed.some((request) => request !== 'end'))
      const primaries = card?.buttons.filter((button) => button.look === 'primary') ?? []
      expect(primaries, name).toHaveLength(some ? 1 : 0)
      if (some) expect(card?.buttons[0], name).toBe(primaries[0])
    }
  })

  it('draws nothing the desk did not allow, and skips requests it does not know', () => {
    for (const snapshot of Object.values(fixtures)) {
      const changed = structuredClone(snapshot) as typeof fixtures.talking
      changed.calls.forEach((call) => (call.allowed = ['juggle' as Request]))
      expect(view(changed, unmuted).card?.buttons ?? []).toEqual([])
    }
  })

  it('says who cannot hear a muted agent', () => {
    expect(of('talking', true).card).toMatchObject({ chip: 'Talking · Muted', sentence: "Dana can't hear you." })
    expect(of('together', true).card?.sentence).toBe("Dana and Ben can't hear you.")
    expect(of('talking', true).title).toBe('Muted - Dana')
    expect(of('talking', false).card?.sentence).toBe('You and Dana hear each other.')
  })

  it('draws every request only where the desk allows it', () => {
    for (const [name, snapshot] of Object.entries(fixtures)) {
      const [call] = structuredClone(snapshot).calls as Call[]
      if (!call) continue
      for (const request of call.allowed) {
        const without = { ...snapshot, calls: [{ ...call, allowed: call.allowed.filter((one) => one !== request) }] }
        const drawn = view(without, unmuted).card?.buttons ?? []
        expect(drawn.some((button) => button.request === request || button.ways?.includes(request as Way)), name).toBe(false)
      }
    }
  })

  it('opens the choice of a colleague with the ways the desk allows', () => {
    const ways = (name: FixtureName) => of(name).card?.buttons.find((button) => button.ways)?.ways
    expect(ways('talking')).toEqual(['consult', 'invite', 'send'])
    expect(ways('held')).toEqual(['consult', 'invite', 'send'])
    expect(ways('asking')).toEqual(['consult'])
    expect(ways('together')).toBeUndefined()
  })

  it.each<[FixtureName, string]>([
    ['talking', 'T H Shift+E'],
    ['held', 'B/H T Shift+E'],
    ['asking', 'B T Shift+E'],
    ['asked', 'A X'],
    ['private', 'L J S B Shift+E'],
    ['swapped', 'L J S B Shift+E'],
    ['together', 'L Shift+E'],
    ['handedOver', 'U'],
  ])('has its keys in %s: %s', (name, wanted) => {
    const keys = of(name).card?.buttons.flatMap(({ shortcut, also }) => (shortcut ? [also ? `${shortcut}/${also}` : shortcut] : []))
    expect(keys?.join(' ')).toBe(wanted)
  })

  it('says who is on hold and for how long', () => {
    expect(of('held').card).toMatchObject({ chip: 'On hold 0:42', hold: '', tone: 'hold', private: false })
    expect(of('asking').card).toMatchObject({ chip: 'Calling Ben', timer: '0:07', hold: 'Dana on hold 0:24' })
    expect(of('asked').card).toMatchObject({ chip: 'Transfer from Ana', hold: 'Dana on hold 0:24', tone: 'ring', reason: '' })
    expect(of('private').card).toMatchObject({ hold: 'Dana on hold 1:05', tone: 'consult', private: true })
    expect(of('swapped').card).toMatchObject({ hold: 'Ben on hold 0:12', tone: 'live', private: false })
    expect(of('swappedTarget').card).toMatchObject({ chip: 'On hold', timer: '0:12', hold: '', tone: 'hold' })
  })

  it('counts down what is over soon', () => {
    expect(of('handedOver').card?.countdown).toBe('You can take Dana back for 17 s.')
    expect(of('colleagueLeft').card?.countdown).toBe('Back to Dana in 8 s.')
    expect(of('talking').card?.countdown).toBe('')
  })

  it('says of a muted agent only what is true on hold and in private', () => {
    expect(of('private', true).card).toMatchObject({
      chip: 'Private with Ben · Muted',
      sentence: "Ben can't hear you. Dana hears music.",
      tone: 'consult',
    })
    expect(of('held', true).card?.sentence).toBe("Dana hears music. You can't hear each other.")
    expect(of('swappedTarget', true).card?.sentence).toBe('Ana and Dana talk. You hear music.')
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
    expect(of('private').card?.people.map((p) => [p.name, p.word, p.linked])).toEqual([
      ['Dana', 'Listening to music', false],
      ['You', 'Talking', false],
      ['Ben', 'Talking', true],
    ])
    expect(of('swapped').card?.people.map((p) => [p.name, p.word, p.linked])).toEqual([
      ['Dana', 'Talking', false],
      ['You', 'Talking', true],
      ['Ben', 'On hold', false],
    ])
    expect(of('swappedTarget').card?.people.map((p) => [p.name, p.linked])).toEqual([
      ['Dana', false],
      ['Ana', true],
      ['You', false],
    ])
    expect(of('held').card?.people.map((p) => p.linked)).toEqual([false, false])
  })

  it('shows who supervises, and no line to whoever only looks on', () => {
    expect(of('listened').card?.people.map((p) => [p.name, p.role, p.word, p.linked])).toEqual([
      ['Dana', 'Customer', 'Talking', false],
      ['You', 'Agent', 'Talking', true],
      ['Mia', 'Lead', 'Listening', null],
    ])
    expect(of('joined').card?.people.map((p) => [p.word, p.linked])).toEqual([['Talking', false], ['Talking', true], ['Talking', true], ['Talking', true]])
    expect(of('joined').title).toBe('All - Dana, Ben')
    expect(of('supervising').card?.people.map((p) => [p.name, p.word])).toEqual([
      ['Dana', 'Talking'],
      ['Ana', 'Talking'],
      ['You', 'Coaching'],
    ])
  })

  it('rings for a customer and for a colleague differently, and only then', () => {
    const rings = Object.keys(fixtures).map((name) => [name, of(name as FixtureName).card?.ringing ?? null])
    expect(rings.filter(([, ringing]) => ringing)).toEqual([
      ['ringing', 'customer'],
      ['ringingReturned', 'customer'],
      ['asked', 'colleague'],
      ['askedWithNote', 'colleague'],
      ['sent', 'colleague'],
      ['invited', 'colleague'],
    ])
  })

  it('shows the call one is in before another that rings', () => {
    const both = structuredClone(fixtures.talking)
    both.calls.unshift({ ...structuredClone(fixtures.ringing.calls[0]!), id: 'other' })
    expect(view(both, unmuted).card?.call.stage).toBe('talking')
  })
})

describe('beside the buttons', () => {
  it('offers another ring of who did not come only where the desk does', () => {
    expect(of('declinedWhy').card).toMatchObject({ notice: "Ben can't right now: in 2 minutes. Dana is still on hold.", again: true })
    expect(of('declinedPrivately').card?.again).toBe(false)
  })

  it('has the note of a call where the desk lets it be written', () => {
    expect(of('noted').card?.note).toBe('')
    expect(of('askedWithNote').card?.note).toBe('Ordered twice by mistake, wants the second one refunded.')
    expect(of('talking').card?.note).toBeNull()
  })

  it('tells how the recording stands, by word and shape, and what may be done about it', () => {
    expect(of('talking').card?.recording).toBeNull()
    expect(of('recorded').card?.recording).toMatchObject({ words: 'Recording', mark: 'on', timer: '', alert: false })
    expect(of('recorded').card?.recording?.buttons.map((button) => button.label)).toEqual(['Pause recording', 'Stop recording'])
    expect(of('recordingPaused').card?.recording).toMatchObject({ words: 'Recording paused', mark: 'paused', timer: '0:20' })
    expect(of('recordingPaused').card?.recording?.buttons[0]).toEqual({ request: 'record-resume', label: 'Resume recording' })
    expect(of('recordingNotPaused').card?.recording).toMatchObject({ mark: 'on', timer: '', alert: true })
    expect(of('recordingStopped').card?.recording).toMatchObject({ words: 'Recording stopped', mark: 'stopped', buttons: [] })
  })

  it('lets a colleague who asks be told why not, and nobody else', () => {
    const why = Object.keys(fixtures).filter((name) => of(name as FixtureName).card?.whyNot)
    expect(why).toEqual(['asked', 'askedWithNote'])
  })
})

describe('the lists', () => {
  it('names who needs somebody, with Take only where it is allowed', () => {
    expect(of('needsSomeone').needs).toEqual([
      { id: '01KAN5W3', name: 'Emil Okafor', sentence: "Ben's connection dropped. Emil Okafor hears music.", waited: '0:08', take: true },
    ])
    const busy = structuredClone(fixtures.needsSomeone) as Snapshot
    busy.needsSomeone![0]!.allowed = []
    expect(view(busy, unmuted).needs[0]?.take).toBe(false)
    expect(of('talking').needs).toEqual([])
  })

  it('says of each task whose it is, when it is due, and what may be done', () => {
    expect(of('tasks').tasks.map(({ state, overdue, number, sound, requests }) => [state, overdue, number, sound, requests.map((r) => r.label)])).toEqual([
      ['Yours · due in 3 h', false, '', '/api/tasks/T1/recording?agent=agent1', ['Done']],
      ['Yours · overdue for 25 min', true, '+15550100199', '', ['Done']],
      ['Ben · due in 20 min', false, '', '/api/tasks/T3/recording?agent=agent1', ['Done', 'Take']],
      ['Yours · done', false, '', '', ['Not done after all']],
      ['Yours · due in 2 h', false, '+15550100199', '', ['Done']],
    ])
    expect(of('tasks').tasks.at(-1)?.about).toBe('Invoice 1042, which is there twice · When it suits: Tomorrow after 10')
  })
})

describe('without a call', () => {
  it('says what will happen, and offers the way to change it', () => {
    expect(of('offline').idle).toMatchObject({ sentence: "You won't get calls.", offer: 'available' })
    expect(of('available').idle).toMatchObject({
      sentence: 'Waiting for a call. 0 people in the queue.',
      offer: 'break',
    })
    expect(of('wrapUp').idle).toMatchObject({ chip: 'Wrap-up 0:25', offer: 'done', breakNext: false })
    expect(of('wrapUpThenBreak').idle).toMatchObject({
      sentence: "Dana's call ended.",
      then: 'Then you are on a break.',
      breakNext: true,
    })
    expect(of('available').idle.breakNext).toBeNull()
    expect(of('away').idle.sentence).toBe("You won't get calls. You're away: missed a call.")
  })

  it('says what became of the call, and what it may be said to have come to', () => {
    const choices = ['Solved', 'Follow-up needed', 'Wrong number']
    expect(of('wrapUp').idle).toMatchObject({ sentence: "Dana's call ended.", outcome: { call: '01KAN5W0', chosen: '', choices } })
    expect(of('wrapUpThenBreak').idle.outcome?.chosen).toBe('Solved')
    expect(of('wrapUpHanded').idle.sentence).toBe('Dana is with Ben.')
    expect(of('available').idle.outcome).toBeNull()
  })

  it('goes on with what was written of the call just over', () => {
    expect(of('wrapUp').about).toMatchObject({ id: '01KAN5W0', topic: 'Refund of order 12', reader: '' })
    expect(of('noted').about).toMatchObject({ id: '01KAN5W0', topic: 'Refund of order 12', note: '', reader: '' })
    expect(of('noted').card).toMatchObject({ recently: '3rd call this week' })
    expect(of('available').about).toBeNull()
    expect(of('askedWithNote').about).toBeNull()
  })

  it('names who else reads the note, and nobody who has no page', () => {
    const both = structuredClone(fixtures.together) as Snapshot
    both.calls[0]!.allowed.push('note')
    expect(view(both, unmuted).about?.reader).toBe('Ben')
    both.calls[0]!.legs.at(-1)!.phone = true
    expect(view(both, unmuted).about?.reader).toBe('')
  })

  it('lists the queue with its longest wait and answers only where allowed', () => {
    expect(of('availableBusy').longest).toBe('2:11')
    expect(of('availableBusy').queue.map((row) => row.answer)).toEqual([true, true])
    expect(of('talkingQueue').queue.map((row) => row.answer)).toEqual([false, false])
  })
})

describe('what is wrong for everybody', () => {
  it('is told as long as the desk tells it, beside whatever else there is', () => {
    expect(of('carrierTrouble').alarms).toEqual([expect.stringContaining("Can't reach Twilio: wrong auth token (20003).")])
    expect(of('carrierTrouble').idle).toEqual(of('available').idle)
    expect(of('talking').alarms).toEqual([])
  })
})

describe('who can be brought in', () => {
  it('lists the teams with how many are free, and none who has nobody', () => {
    expect(of('talking').groups).toMatchObject([
      { id: 'team:billing', name: 'Billing', word: '3 free', free: true },
      { id: 'team:second_line', name: 'Second line', word: '0 free', free: false },
    ])
    expect(of('available').groups).toEqual([])
  })
})

describe('what is spoken', () => {
  it('interrupts for a ring and waits its turn otherwise', () => {
    expect(of('ringing').say).toEqual({ text: 'Incoming call from Dana. Press A to answer.', alert: true })
    expect(of('sent').say).toEqual({ text: 'Ana sends you Dana. Press A to answer.', alert: true })
    expect(of('needsSomeone').say).toEqual({
      text: "Needs someone. Ben's connection dropped. Emil Okafor hears music.",
      alert: true,
    })
    expect(of('talking').say).toEqual({ text: 'You and Dana hear each other.', alert: false })
    expect(of('declined').say.text).toBe("Ben can't right now. You are still with Dana.")
  })

  it('does not change with the clock', () => {
    for (const snapshot of Object.values(fixtures)) {
      expect(view(snapshot, { now: fixtureNow + 7_000, muted: null }).say).toEqual(view(snapshot, unmuted).say)
    }
  })
})
