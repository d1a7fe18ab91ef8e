// Snapshots of every state, for tests and for the gallery. Dana calls, Ana is
// agent1, Ben agent2, Cy agent3.

import type { Call, Colleague, Leg, Request, Snapshot, Waiting } from '../lib/types'

export const fixtureNow = Date.parse('2026-11-22T11:30:00.000Z')
const ago = (seconds: number) => new Date(fixtureNow - seconds * 1000).toISOString()

const leg = (id: string, name: string, state: Leg['state'], word: string, seconds: number): Leg => ({
  id,
  role: id === 'dana' ? 'customer' : 'agent',
  agent: id === 'dana' ? '' : id,
  name,
  state,
  word,
  muted: false,
  since: ago(seconds),
  sid: `CA${id}`,
})

const dana = (state: Leg['state'], word: string, seconds: number) => leg('dana', 'Dana', state, word, seconds)
const ana = (state: Leg['state'], word: string, seconds: number) => leg('agent1', 'Ana', state, word, seconds)
const ben = (state: Leg['state'], word: string, seconds: number) => leg('agent2', 'Ben', state, word, seconds)

function call(change: Partial<Call> & Pick<Call, 'stage' | 'role' | 'sentence' | 'chip'>): Call {
  return {
    id: '01KAN5W0',
    version: 5,
    since: ago(7),
    startedAt: ago(192),
    deadline: null,
    customer: { name: 'Dana', number: 'client:dana' },
    owner: 'agent1',
    target: '',
    from: '',
    reason: '',
    waitingSince: ago(18),
    returned: false,
    legs: [],
    myLeg: 'agent1',
    rejoin: null,
    allowed: [],
    inviteable: [],
    notice: null,
    ...change,
  }
}

const benFree: Colleague = { id: 'agent2', name: 'Ben', state: 'available', since: ago(240), word: 'Free', reachable: true }
const benBusy: Colleague = { ...benFree, state: 'on_call', since: ago(40), word: 'On a call' }
const anaBusy: Colleague = { id: 'agent1', name: 'Ana', state: 'on_call', since: ago(90), word: 'On a call', reachable: true }
const cyAway: Colleague = { id: 'agent3', name: 'Cy', state: 'away', since: ago(1500), word: 'On a break', reachable: true }

const waiting: Waiting[] = [
  {
    id: '01KAN5W1',
    name: 'Emil Okafor',
    number: '+15550100199',
    since: ago(131),
    returned: true,
    reason: "Ben didn't answer",
    position: 1,
    allowed: [],
  },
  { id: '01KAN5W2', name: '', number: '+15550100', since: ago(20), returned: false, reason: '', position: 2, allowed: [] },
]

function snapshot(change: Partial<Snapshot>): Snapshot {
  return {
    version: 17,
    now: ago(0),
    me: { id: 'agent1', name: 'Ana' },
    presence: 'on_call',
    presenceSince: ago(60),
    presenceReason: '',
    calls: [],
    queue: [],
    team: [benFree, cyAway],
    notices: [],
    ...change,
  }
}

const inCall = (c: Call, change: Partial<Snapshot> = {}) => snapshot({ calls: [c], ...change })
const allow = (...requests: Request[]) => requests

const talking = call({
  stage: 'talking',
  role: 'owner',
  chip: 'Talking',
  sentence: 'You and Dana hear each other.',
  legs: [dana('talking', 'Talking', 170), ana('talking', 'Talking', 170)],
  allowed: allow('invite', 'end'),
  inviteable: ['agent2'],
})

export const fixtures = {
  offline: snapshot({ presence: 'offline' }),
  available: snapshot({ presence: 'available' }),
  availableBusy: snapshot({
    presence: 'available',
    queue: waiting.map((row) => ({ ...row, allowed: allow('answer') })),
  }),
  away: snapshot({ presence: 'away', presenceReason: 'missed a call' }),
  notReachable: snapshot({ presence: 'not_reachable' }),
  ringing: inCall(
    call({
      stage: 'offering',
      role: 'offered',
      owner: '',
      chip: 'Ringing',
      sentence: 'Dana is calling.',
      legs: [dana('music', 'Listening to music', 18), ana('ringing', 'Ringing', 3)],
      allowed: allow('answer', 'pass'),
    }),
    { presence: 'available' },
  ),
  ringingReturned: inCall(
    call({
      stage: 'offering',
      role: 'offered',
      owner: '',
      returned: true,
      chip: 'Returned',
      sentence: 'Dana is calling.',
      legs: [dana('music', 'Listening to music', 18), ana('ringing', 'Ringing', 3)],
      allowed: allow('answer', 'pass'),
      notice: { id: 'n4', text: "Returned - Ben didn't answer.", at: ago(18) },
    }),
    { presence: 'available' },
  ),
  connecting: inCall(
    call({
      stage: 'connecting',
      role: 'owner',
      since: ago(1),
      chip: 'Connecting',
      sentence: 'Connecting you to Dana...',
      legs: [dana('music', 'Listening to music', 19), ana('connecting', 'Connecting', 1)],
    }),
  ),
  talking: inCall(talking),
  talkingQueue: inCall(talking, { queue: waiting }),
  declined: inCall({
    ...talking,
    notice: { id: 'n7', kind: 'declined', text: "Ben can't right now. You are still with Dana.", at: ago(2) },
  }),
  inviting: inCall(
    call({
      stage: 'inviting',
      role: 'owner',
      target: 'agent2',
      chip: 'Calling Ben',
      sentence: 'You and Dana hear each other. Ringing Ben (20 s).',
      legs: [dana('talking', 'Talking', 170), ana('talking', 'Talking', 170), ben('ringing', 'Ringing', 7)],
      allowed: allow('cancel', 'end'),
    }),
    { team: [{ ...benBusy, word: 'Ringing', state: 'ringing' }, cyAway] },
  ),
  invited: inCall(
    call({
      stage: 'inviting',
      role: 'target',
      target: 'agent2',
      from: 'agent1',
      reason: 'refund over limit',
      myLeg: 'agent2',
      chip: 'Transfer from Ana',
      sentence: 'Ana wants your help with Dana. You join both at once.',
      legs: [dana('talking', 'Talking', 170), ana('talking', 'Talking', 170), ben('ringing', 'Ringing', 7)],
      allowed: allow('answer', 'pass'),
    }),
    { me: { id: 'agent2', name: 'Ben' }, presence: 'available', team: [anaBusy, cyAway] },
  ),
  together: inCall(
    call({
      stage: 'together',
      role: 'owner',
      target: 'agent2',
      chip: 'All three',
      sentence: 'Everyone hears everyone.',
      legs: [dana('talking', 'Talking', 200), ana('talking', 'Talking', 200), ben('talking', 'Talking', 30)],
      allowed: allow('leave', 'remove', 'end'),
    }),
    { team: [benBusy, cyAway] },
  ),
  togetherTarget: inCall(
    call({
      stage: 'together',
      role: 'target',
      target: 'agent2',
      myLeg: 'agent2',
      chip: 'All three',
      sentence: 'Everyone hears everyone.',
      legs: [dana('talking', 'Talking', 200), ana('talking', 'Talking', 200), ben('talking', 'Talking', 30)],
      allowed: allow('leave'),
    }),
    { me: { id: 'agent2', name: 'Ben' }, team: [anaBusy, cyAway] },
  ),
  handingOver: inCall(
    call({
      stage: 'handing_over',
      role: 'owner',
      target: 'agent2',
      since: ago(1),
      chip: 'Handing over',
      sentence: 'Connecting Dana to Ben... you leave when they can hear each other.',
      legs: [dana('talking', 'Talking', 200), ana('talking', 'Talking', 200), ben('talking', 'Talking', 30)],
    }),
    { team: [benBusy, cyAway] },
  ),
  recovering: inCall(
    call({
      stage: 'recovering',
      role: 'owner',
      since: ago(3),
      chip: 'Reconnecting',
      sentence: 'Your connection dropped. Dana hears music. Getting you back...',
      legs: [dana('music', 'Listening to music', 3), ana('connecting', 'Coming back', 3)],
      rejoin: { leg: 'agent1', key: 'k1' },
    }),
  ),
  ending: inCall(
    call({
      stage: 'ending',
      role: 'owner',
      since: ago(1),
      chip: 'Ending',
      sentence: "Dana's call is ending.",
      legs: [ana('talking', 'Talking', 200)],
    }),
  ),
} satisfies Record<string, Snapshot>

export type FixtureName = keyof typeof fixtures
