// What the snapshots of the fixtures are made of. Dana calls, Ana is agent1, Ben
// agent2, Cy agent3.

import type { Call, Colleague, Leg, Request, Snapshot, Waiting } from '../lib/types'
import { ago } from './fixtures.lists'

export const leg = (id: string, name: string, state: Leg['state'], word: string, seconds: number): Leg => ({
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

export const dana = (state: Leg['state'], word: string, seconds: number) => leg('dana', 'Dana', state, word, seconds)
export const ana = (state: Leg['state'], word: string, seconds: number) => leg('agent1', 'Ana', state, word, seconds)
export const ben = (state: Leg['state'], word: string, seconds: number) => leg('agent2', 'Ben', state, word, seconds)
export const mia = (state: Leg['state'], word: string, seconds: number) => leg('agent4', 'Mia', state, word, seconds)

export function call(change: Partial<Call> & Pick<Call, 'stage' | 'role' | 'sentence' | 'chip'>): Call {
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

export const benFree: Colleague = { id: 'agent2', name: 'Ben', state: 'available', since: ago(240), word: 'Free', reachable: true }
export const benBusy: Colleague = { ...benFree, state: 'on_call', since: ago(40), word: 'On a call' }
export const anaBusy: Colleague = { id: 'agent1', name: 'Ana', state: 'on_call', since: ago(90), word: 'On a call', reachable: true }
export const cyAway: Colleague = { id: 'agent3', name: 'Cy', state: 'away', since: ago(1500), word: 'Away', reachable: true }

export const waiting: Waiting[] = [
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

export function snapshot(change: Partial<Snapshot>): Snapshot {
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

export const inCall = (c: Call, change: Partial<Snapshot> = {}) => snapshot({ calls: [c], ...change })
export const allow = (...requests: Request[]) => requests

export const talking = call({
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

export const held = call({
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

export const asking = call({
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

export const inPrivate = call({
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

export const swapped = call({
  ...inPrivate,
  stage: 'swapped',
  since: ago(12),
  holdSince: ago(12),
  chip: 'Talking to Dana',
  sentence: 'You and Dana talk. Ben waits.',
  legs: [dana('talking', 'Talking', 170), ana('talking', 'Talking', 170), ben('held', 'On hold', 12)],
})

export const togetherTalk = call({
  stage: 'together',
  role: 'owner',
  target: 'agent2',
  chip: 'All three',
  sentence: 'Everyone hears everyone.',
  legs: [dana('talking', 'Talking', 200), ana('talking', 'Talking', 200), ben('talking', 'Talking', 30)],
  allowed: allow('leave', 'handover', 'consult', 'remove', 'end'),
})

export const asBen = (change: Partial<Snapshot> = {}) => ({
  me: { id: 'agent2', name: 'Ben' },
  team: [anaBusy, cyAway],
  ...change,
})
