// The table of states (console.md 2.3), row by row: chip, sentence, buttons with the
// primary one first, title of the tab.

import { expect, it } from 'vitest'
import { fixtureNow, fixtures, type FixtureName } from './fixtures'
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
    sentence: "Ana wants your help with Dana: refund over limit. Dana is on hold and can't hear you.",
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
    sentence: 'You and Ben talk privately. Dana hears music.',
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
    sentence: 'Your connection dropped. Dana hears music. Getting you back...',
    buttons: [],
    title: 'Reconnecting',
  },
]

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
