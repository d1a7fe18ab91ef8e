// The table of states (console.md 2.3), row by row: chip, sentence, buttons with the
// primary one first, title of the tab.

import { render } from 'svelte/server'
import { afterEach, expect, it, vi } from 'vitest'
import AfterCard from './AfterCard.svelte'
import { fixtureNow, fixtures, type FixtureName } from './fixtures'
import { ago } from './fixtures.lists'
import Picker from './Picker.svelte'
import Queue from './Queue.svelte'
import type { Shown } from './shown'
import { view } from './view'

interface Row {
  state: string
  fixture: FixtureName
  muted?: boolean
  chip: string
  sentence: string
  /** Beside Mute, which the card adds itself, and the end. */
  buttons: string[]
  title?: string
}

afterEach(() => {
  vi.unstubAllEnvs()
})

const rows: Row[] = [
  { state: 'Offline', fixture: 'offline', chip: 'Offline', sentence: "You won't get calls.", buttons: ['available'], title: 'Desk' },
  {
    state: 'Available, idle',
    fixture: 'available',
    chip: 'Available',
    sentence: 'Waiting for a call. 0 people in the queue.',
    buttons: ['break'],
    title: 'Desk - Available',
  },
  {
    state: 'Ringing (inbound)',
    fixture: 'ringing',
    chip: 'Ringing',
    sentence: 'Dana is calling. Waited 0:18. Stays in the queue if you pass.',
    buttons: ['Answer', 'Pass'],
    title: '(1) Dana is calling',
  },
  {
    state: 'Ringing (transfer to me)',
    fixture: 'asked',
    chip: 'Transfer from Ana',
    sentence: "Ana wants your help with Dana: refund over limit. Dana is on hold 0:24 and can't hear you.",
    buttons: ['Join Ana privately', 'Not now'],
    title: '(1) Ana needs you',
  },
  { state: 'Connecting', fixture: 'connecting', chip: 'Connecting', sentence: 'Connecting you to Dana...', buttons: ['Cancel'], title: 'Connecting - Dana' },
  {
    state: 'In call',
    fixture: 'talking',
    chip: 'Talking',
    sentence: 'You and Dana hear each other.',
    buttons: ['Bring someone in', 'Hold', 'Give to queue', 'End call'],
    title: '03:12 Dana',
  },
  {
    state: 'Muted',
    fixture: 'talking',
    muted: true,
    chip: 'Talking · Muted',
    sentence: "Dana can't hear you.",
    buttons: ['Bring someone in', 'Hold', 'Give to queue', 'End call'],
    title: 'Muted - Dana',
  },
  {
    state: 'Hold',
    fixture: 'held',
    chip: 'On hold 0:42',
    sentence: "Dana hears music. You can't hear each other.",
    buttons: ['Back to Dana', 'Bring someone in', 'Give to queue', 'End call'],
    title: 'Hold 0:42 - Dana',
  },
  {
    state: 'Consult ringing',
    fixture: 'asking',
    chip: 'Calling Ben',
    sentence: 'Dana hears music. Ringing Ben (20 s).',
    buttons: ['Back to Dana', 'Try someone else', 'End call'],
    title: 'Calling Ben',
  },
  {
    state: 'Consult talking',
    fixture: 'private',
    chip: 'Private with Ben',
    sentence: 'You and Ben talk privately. Dana hears music 1:05.',
    buttons: ['Hand over to Ben', 'Join all three', 'Swap to Dana', 'Back to Dana', 'End call'],
    title: 'Private - Ben',
  },
  {
    state: 'Swapped',
    fixture: 'swapped',
    chip: 'Talking to Dana',
    sentence: 'You and Dana talk. Ben waits.',
    buttons: ['Hand over to Ben', 'Join all three', 'Swap to Ben', 'Back to Dana', 'End call'],
  },
  {
    state: 'Three-way',
    fixture: 'together',
    chip: 'All three',
    sentence: 'Everyone hears everyone.',
    buttons: ['Leave - Ben stays with Dana', 'Private with Ben', 'Remove Ben', 'End call'],
    title: 'All - Dana, Ben',
  },
  {
    state: 'Three-way, after a hand-over that the carrier did not carry out (F14)',
    fixture: 'notJoined',
    chip: 'All three',
    sentence: 'Joining all three...',
    buttons: ['Leave - Ben stays with Dana', 'Private with Ben', 'Remove Ben', 'Leave anyway - customer goes to hold music and the queue', 'End call'],
  },
  {
    state: 'Handing over',
    fixture: 'handingOver',
    chip: 'Handing over',
    sentence: 'Connecting Dana to Ben... you leave when they can hear each other.',
    buttons: ['Keep me in'],
  },
  {
    state: 'Handed over',
    fixture: 'handedOver',
    chip: 'Handed over',
    sentence: 'Ben has Dana. Notes sent.',
    buttons: ['Finish', 'Take back'],
    title: 'Handed to Ben',
  },
  { state: 'Wrap-up', fixture: 'wrapUp', chip: 'Wrap-up 0:25', sentence: "Dana's call ended.", buttons: ['done'], title: 'Wrap-up' },
  { state: 'Wrap-up, the call goes on', fixture: 'wrapUpHanded', chip: 'Wrap-up 0:25', sentence: 'Dana is with Ben.', buttons: ['done'], title: 'Wrap-up' },
  {
    state: 'Colleague declined',
    fixture: 'declinedWhy',
    chip: 'On hold 0:42',
    sentence: "Dana hears music. You can't hear each other.",
    buttons: ['Back to Dana', 'Try someone else', 'Give to queue', 'End call'],
  },
  {
    state: 'Colleague left consult',
    fixture: 'colleagueLeft',
    chip: 'On hold 0:42',
    sentence: "Dana hears music. You can't hear each other.",
    buttons: ['Back to Dana', 'Bring someone in', 'Give to queue', 'End call'],
  },
  {
    state: 'My line lost',
    fixture: 'recovering',
    chip: 'Reconnecting',
    sentence: 'Your connection dropped. Dana hears music. Getting you back... 3 s',
    buttons: [],
    title: 'Reconnecting',
  },
]

/** What a row has beyond a snapshot: what the page itself knows. */
it('says who took a call that rang here, for 3 s (2.7)', () => {
  const notice = { id: 't1', kind: 'taken', text: 'Ben took it.', at: ago(0) }
  const shown = (shownFor: number) => view(fixtures.available, { now: fixtureNow, muted: null, after: { notice, shownFor } })
  expect(shown(2_900).after).toMatchObject({ kind: 'taken', sentence: 'Ben took it.' })
  expect(shown(2_900).say.text).toBe('Ben took it.')
  expect(shown(3_000).after).toBeNull()
  expect(view(fixtures.talking, { now: fixtureNow, muted: null, after: { notice, shownFor: 0 } }).after).toBeNull()
})

it('Customer gone in consult', () => {
  vi.stubEnv('TZ', 'UTC')
  const notice = { id: 't2', kind: 'left_consult', name: 'Dana', text: 'Dana hung up after 4:12.', at: '2026-11-22T10:06:00Z' }
  const shown = view(fixtures.wrapUp, { now: fixtureNow, muted: null, after: { notice, shownFor: 60_000 } })
  expect(shown.after).toEqual({ kind: 'left', chip: 'Caller left', sentence: 'Dana hung up at 10:06.', title: 'Dana hung up' })
  expect(shown.title).toBe('Dana hung up')
  expect(render(AfterCard, { props: { after: shown.after!, onfinish: () => undefined } }).body).toMatch(/<button[^>]*primary.*Finish/s)
})

it('After reload', () => {
  const back = { call: fixtures.talking.calls[0]!.id, words: "You're back with Dana (away 6 s)." }
  const shown = view(fixtures.talking, { now: fixtureNow, muted: null, back })
  expect(shown.card).toMatchObject({ chip: 'Back in call', back: "You're back with Dana (away 6 s).", sentence: 'You and Dana hear each other.' })
  expect(shown.say).toEqual({ text: "You're back with Dana (away 6 s).", alert: false })
})

it('Returned to queue: first in line, in words', () => {
  const { queue } = view(fixtures.availableBusy, { now: fixtureNow, muted: null })
  expect(queue[0]).toMatchObject({ returned: true, reason: "Ben didn't answer", answer: true })
  const session = { pending: {}, link: 'up' } as unknown as Shown
  const html = render(Queue, { props: { rows: queue, waiting: 2, longest: '2:11', lastEnded: '', session, frozen: false } }).body
  expect(html.replace(/<[^>]*>|<!--.*?-->/g, '')).toContain("Returned - Ben didn't answer")
})

it('Picking: choose who', () => {
  const shown = view(fixtures.talking, { now: fixtureNow, muted: null })
  const props = { team: shown.team, groups: shown.groups, outside: null, ways: shown.card!.buttons[0]!.ways!, customer: 'Dana', onchoose: () => undefined }
  const html = render(Picker, { props }).body
  expect(html).toContain('aria-label="Choose who"')
  expect(html).toContain('role="combobox"')
  // Everyone is an option; who is free is chosen, and who is not cannot be.
  const options = [...html.matchAll(/<li[^>]*role="option"[^>]*>/g)].map(([tag]) => [/aria-selected="true"/.test(tag), /aria-disabled="true"/.test(tag)])
  const all = shown.team.concat(shown.groups)
  expect(options.length).toBe(all.length)
  expect(options.filter(([, disabled]) => disabled).length).toBe(all.filter((row) => !row.free).length)
  expect(options.filter(([selected]) => selected)).toEqual([[true, false]])
  for (const way of ['Ask privately', 'Join all three at once', 'Send without asking']) expect(html).toContain(`aria-label="${way}, Ben"`)
})

it('tells what the carrier refused, and lets the number be put right (2.7)', () => {
  const card = view(fixtures.refused, { now: fixtureNow, muted: null }).card
  expect(card).toMatchObject({ refused: { number: '+15550100', code: 21211 }, again: true })
  expect(card?.notice).toContain('number not valid (Twilio 21211)')
  expect(view(fixtures.declinedWhy, { now: fixtureNow, muted: null }).card?.refused).toBeNull()
})

it.each(rows)('$state', ({ fixture, muted, chip, sentence, buttons, title }) => {
  const shown = view(fixtures[fixture], { now: fixtureNow, muted: muted ?? null })
  const { card, idle } = shown
  expect({ chip: card?.chip ?? idle.chip, sentence: card?.sentence ?? idle.sentence }).toEqual({ chip, sentence })
  expect(card?.buttons.map((button) => button.label) ?? [idle.offer]).toEqual(buttons)
  if (title) expect(shown.title).toBe(title)
})

it('tells a colleague who declined, and one who left, above the sentence', () => {
  const notice = (name: FixtureName) => view(fixtures[name], { now: fixtureNow, muted: null }).card
  expect(notice('declinedWhy')?.notice).toBe("Ben can't right now: in 2 minutes. Dana is still on hold.")
  expect(notice('colleagueLeft')?.notice).toContain('Ben left.')
  expect(notice('colleagueLeft')).toMatchObject({ countdown: 'Back to Dana in 8 s.' })
})

it('marks the first button of every row with something to do as the primary one', () => {
  for (const { state, fixture, buttons } of rows) {
    const card = view(fixtures[fixture], { now: fixtureNow, muted: null }).card
    if (!card || buttons.length === 0 || fixture === 'handingOver' || fixture === 'connecting') continue
    expect(card.buttons[0]?.look, state).toBe('primary')
  }
})
