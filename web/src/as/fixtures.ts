// Snapshots of every state, for tests and for the gallery. Dana calls, Ana is
// agent1, Ben agent2, Cy agent3.

import type { Call, Colleague, Leg, Request, Snapshot, Waiting } from '../lib/types'
import { ago, need, outcomes, tasks, wrap } from './fixtures.lists'

export { fixtureNow } from './fixtures.lists'

const leg = (id: string, name: string, state: Leg['state'], word: string, seconds: number): Leg => ({
  id,
  role: id === 'dana' ? 'customer' : ['listening', 'coaching', 'joined'].includes(state) ? 'supervisor' : 'agent',
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
const mia = (state: Leg['state'], word: string, seconds: number) => leg('agent4', 'Mia', state, word, seconds)

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
    targets: [],
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
    teams: [],
    notices: [],
    ...change,
    waiting: change.waiting ?? change.queue?.length ?? 0,
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
  allowed: allow('consult', 'hold', 'invite', 'send', 'requeue', 'end'),
  inviteable: ['agent2'],
  targets: [
    { id: 'team:billing', name: 'Billing', free: 3 },
    { id: 'team:second_line', name: 'Second line', free: 0 },
  ],
})

const held = call({
  stage: 'held',
  role: 'owner',
  since: ago(42),
  holdSince: ago(42),
  chip: 'On hold',
  sentence: "Dana hears music. You can't hear each other.",
  legs: [dana('music', 'Listening to music', 42), ana('waiting', 'Waiting', 42)],
  allowed: allow('resume', 'cancel', 'consult', 'invite', 'send', 'requeue', 'end'),
  inviteable: ['agent2'],
})

const asking = call({
  stage: 'asking',
  role: 'owner',
  target: 'agent2',
  holdSince: ago(24),
  chip: 'Calling Ben',
  sentence: 'Dana hears music. Ringing Ben (20 s).',
  legs: [dana('music', 'Listening to music', 24), ana('waiting', 'Waiting', 24), ben('ringing', 'Ringing', 7)],
  allowed: allow('cancel', 'resume', 'consult', 'end'),
  inviteable: ['agent3'],
})

const inPrivate = call({
  stage: 'private',
  role: 'owner',
  target: 'agent2',
  since: ago(30),
  holdSince: ago(65),
  chip: 'Private with Ben',
  sentence: 'You and Ben talk privately. Dana hears music.',
  legs: [dana('music', 'Listening to music', 65), ana('talking', 'Talking', 170), ben('talking', 'Talking', 30)],
  allowed: allow('handover', 'merge', 'swap', 'cancel', 'resume', 'end'),
})

const swapped = call({
  ...inPrivate,
  stage: 'swapped',
  since: ago(12),
  holdSince: ago(12),
  chip: 'Talking to Dana',
  sentence: 'You and Dana talk. Ben waits.',
  legs: [dana('talking', 'Talking', 170), ana('talking', 'Talking', 170), ben('held', 'On hold', 12)],
})

const togetherTalk = call({
  stage: 'together',
  role: 'owner',
  target: 'agent2',
  chip: 'All three',
  sentence: 'Everyone hears everyone.',
  legs: [dana('talking', 'Talking', 200), ana('talking', 'Talking', 200), ben('talking', 'Talking', 30)],
  allowed: allow('leave', 'handover', 'consult', 'remove', 'end'),
})

const asBen = (change: Partial<Snapshot> = {}) => ({
  me: { id: 'agent2', name: 'Ben' },
  team: [anaBusy, cyAway],
  ...change,
})

export const fixtures = {
  offline: snapshot({ presence: 'offline' }),
  available: snapshot({ presence: 'available' }),
  carrierTrouble: snapshot({
    presence: 'available',
    alarms: [
      {
        kind: 'carrier',
        code: 20003,
        since: ago(40),
        text: "Can't reach Twilio: wrong auth token (20003). Calls in progress go on. Nobody can be rung until that is put right.",
      },
    ],
  }),
  availableBusy: snapshot({
    presence: 'available',
    queue: waiting.map((row) => ({ ...row, allowed: allow('answer') })),
  }),
  needsSomeone: snapshot({ presence: 'available', needsSomeone: [need] }),
  tasks: snapshot({ presence: 'available', tasks }),
  away: snapshot({ presence: 'away', presenceReason: 'missed a call' }),
  wrapUp: snapshot({ presence: 'wrap_up', wrapUntil: ago(-25), wrap, outcomes }),
  wrapUpThenBreak: snapshot({ presence: 'wrap_up', wrapUntil: ago(-25), next: 'away', wrap: { ...wrap, outcome: 'Solved' }, outcomes }),
  wrapUpHanded: snapshot({ presence: 'wrap_up', wrapUntil: ago(-25), wrap: { ...wrap, with: 'agent2' }, outcomes, team: [benBusy, cyAway] }),
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
  listened: inCall({
    ...talking,
    watched: 'Mia is listening.',
    legs: [dana('talking', 'Talking', 192), ana('talking', 'Talking', 192), mia('listening', 'Listening', 30)],
  }),
  joined: inCall({
    ...togetherTalk,
    watched: 'Mia joined.',
    legs: [...togetherTalk.legs, mia('joined', 'Talking', 30)],
  }),
  supervising: inCall(
    call({
      stage: 'talking',
      role: 'supervisor',
      myLeg: 'agent4',
      chip: 'Coaching',
      sentence: 'Ana and Dana hear each other. Only Ana hears you.',
      legs: [dana('talking', 'Talking', 192), ana('talking', 'Talking', 192), mia('coaching', 'Coaching', 30)],
      allowed: allow('listen', 'join', 'unlisten', 'take'),
    }),
    { me: { id: 'agent4', name: 'Mia', role: 'lead' }, team: [anaBusy, benBusy] },
  ),
  recorded: inCall({
    ...talking,
    allowed: [...talking.allowed, 'record-pause', 'record-stop'],
    recording: { state: 'on', words: 'Recording' },
  }),
  recordingPaused: inCall({
    ...talking,
    allowed: [...talking.allowed, 'record-resume', 'record-stop'],
    recording: { state: 'paused', words: 'Recording paused', by: 'agent1', since: ago(20) },
  }),
  recordingNotPaused: inCall({
    ...talking,
    allowed: [...talking.allowed, 'record-resume', 'record-stop'],
    recording: { state: 'unpaused', words: 'Not paused - still recording. Trying again.', by: 'agent1', since: ago(2) },
  }),
  recordingStopped: inCall({ ...talking, recording: { state: 'stopped', words: 'Recording stopped', by: 'agent1', since: ago(60) } }),
  noted: inCall({
    ...talking,
    customer: { name: 'Dana Reyes', number: '+15550100', recent: 3 },
    allowed: [...talking.allowed, 'note', 'topic', 'outcome'],
    note: '',
    topic: 'Refund of order 12',
  }),
  talkingQueue: inCall(talking, { queue: waiting }),
  declined: inCall({
    ...talking,
    notice: { id: 'n7', kind: 'declined', text: "Ben can't right now. You are still with Dana.", at: ago(2) },
  }),
  held: inCall(held),
  declinedPrivately: inCall({
    ...held,
    notice: { id: 'n8', kind: 'passed', text: "Ben can't right now. Dana is still on hold.", at: ago(2) },
  }),
  declinedWhy: inCall({
    ...held,
    allowed: [...held.allowed, 'redial', 'note'],
    note: 'Ordered twice by mistake, wants the second one refunded.\nOver the limit: 240 EUR.',
    notice: { id: 'n12', kind: 'passed', text: "Ben can't right now: in 2 minutes. Dana is still on hold.", at: ago(2) },
  }),
  colleagueLeft: inCall({
    ...held,
    backAt: ago(-8),
    notice: { id: 'n10', kind: 'completed', text: 'Ben left. Dana is still on hold, and you go back by yourself in 10 s.', at: ago(2) },
  }),
  notHeld: inCall({
    ...talking,
    notice: { id: 'n11', kind: 'not_held', text: 'Dana could not be put on hold. You still hear each other.', at: ago(2) },
  }),
  asking: inCall(asking, { team: [{ ...benBusy, word: 'Ringing', state: 'ringing' }, { ...benFree, id: 'agent3', name: 'Cy' }] }),
  asked: inCall(
    call({
      ...asking,
      role: 'target',
      from: 'agent1',
      reason: 'refund over limit',
      myLeg: 'agent2',
      chip: 'Transfer from Ana',
      sentence: "Ana wants your help with Dana: refund over limit. Dana is on hold and can't hear you.",
      allowed: allow('answer', 'pass'),
      inviteable: [],
    }),
    asBen({ presence: 'available' }),
  ),
  askedWithNote: inCall(
    call({
      ...asking,
      role: 'target',
      from: 'agent1',
      myLeg: 'agent2',
      chip: 'Transfer from Ana',
      sentence: "Ana wants your help with Dana. Dana is on hold and can't hear you.",
      allowed: allow('answer', 'pass', 'note'),
      inviteable: [],
      note: 'Ordered twice by mistake, wants the second one refunded.',
    }),
    asBen({ presence: 'available' }),
  ),
  private: inCall(inPrivate, { team: [benBusy, cyAway] }),
  privateTarget: inCall(
    call({
      ...inPrivate,
      role: 'target',
      myLeg: 'agent2',
      chip: 'Private with Ana',
      sentence: 'You and Ana talk privately. Dana hears music.',
      allowed: allow('leave'),
    }),
    asBen(),
  ),
  swapped: inCall(swapped, { team: [benBusy, cyAway] }),
  swappedTarget: inCall(
    call({
      ...swapped,
      role: 'target',
      myLeg: 'agent2',
      chip: 'On hold',
      sentence: 'Ana and Dana talk. You hear music.',
      allowed: allow('leave'),
    }),
    asBen(),
  ),
  sending: inCall(
    call({
      stage: 'sending',
      role: 'former',
      owner: '',
      target: 'agent2',
      myLeg: '',
      chip: 'Calling Ben',
      sentence: "Dana hears music. Ringing Ben (20 s). If Ben doesn't answer, Dana comes back to you.",
      legs: [dana('music', 'Listening to music', 7), ben('ringing', 'Ringing', 7)],
      allowed: allow('cancel', 'finish'),
    }),
    { team: [benBusy, cyAway] },
  ),
  sent: inCall(
    call({
      stage: 'sending',
      role: 'target',
      owner: '',
      target: 'agent2',
      from: 'agent1',
      reason: 'refund over limit',
      myLeg: 'agent2',
      chip: 'Transfer from Ana',
      sentence: 'Ana sends you Dana: refund over limit. Dana hears music.',
      legs: [dana('music', 'Listening to music', 7), ben('ringing', 'Ringing', 7)],
      allowed: allow('answer', 'pass'),
    }),
    asBen({ presence: 'available' }),
  ),
  handedOver: inCall(
    call({
      stage: 'talking',
      role: 'former',
      owner: 'agent2',
      since: ago(3),
      deadline: ago(-17),
      myLeg: '',
      chip: 'Handed over',
      sentence: 'Ben has Dana.',
      legs: [dana('talking', 'Talking', 200), ben('talking', 'Talking', 40)],
      allowed: allow('takeback', 'finish', 'note', 'topic', 'outcome'),
      note: 'Ordered twice by mistake, wants the second one refunded.',
    }),
    { team: [benBusy, cyAway] },
  ),
  takingBack: inCall(
    call({
      stage: 'inviting',
      role: 'target',
      owner: 'agent2',
      target: 'agent1',
      from: 'agent2',
      since: ago(1),
      chip: 'Taking back',
      sentence: 'Getting Dana back...',
      legs: [dana('talking', 'Talking', 200), ben('talking', 'Talking', 40), ana('ringing', 'Calling', 1)],
      rejoin: { leg: 'agent1', key: 'k2' },
      allowed: allow('answer', 'pass'),
    }),
    { team: [benBusy, cyAway] },
  ),
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
      sentence: 'Ana wants you in the call with Dana. They hear each other.',
      legs: [dana('talking', 'Talking', 170), ana('talking', 'Talking', 170), ben('ringing', 'Ringing', 7)],
      allowed: allow('answer', 'pass'),
    }),
    { me: { id: 'agent2', name: 'Ben' }, presence: 'available', team: [anaBusy, cyAway] },
  ),
  together: inCall(togetherTalk, { team: [benBusy, cyAway] }),
  togetherTarget: inCall(
    { ...togetherTalk, role: 'target', myLeg: 'agent2', allowed: allow('leave') },
    asBen(),
  ),
  handingOver: inCall(
    call({
      stage: 'handing_over',
      role: 'owner',
      target: 'agent2',
      since: ago(1),
      chip: 'Handing over',
      sentence: 'Connecting Dana to Ben... you leave when they can hear each other.',
      legs: [dana('music', 'Listening to music', 60), ana('talking', 'Talking', 200), ben('talking', 'Talking', 30)],
      allowed: allow('keep'),
    }),
    { team: [benBusy, cyAway] },
  ),
  ownerLost: inCall(
    call({
      stage: 'recovering',
      role: 'target',
      target: 'agent2',
      from: 'agent1',
      since: ago(2),
      holdSince: ago(40),
      myLeg: 'agent2',
      chip: 'Reconnecting',
      sentence: 'Ana lost the connection. Dana hears music. Take Dana, or wait a moment for Ana.',
      legs: [dana('music', 'Listening to music', 40), ben('waiting', 'Waiting', 40)],
      allowed: allow('take', 'leave'),
    }),
    asBen(),
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
