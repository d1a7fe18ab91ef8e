// What stands beside the call, for tests and for the gallery, and the time at
// which all of it is looked at.

import type { Happening, Need, Task, Wrap } from '../lib/types'

export const fixtureNow = Date.parse('2026-11-22T11:30:00.000Z')
export const ago = (seconds: number) => new Date(fixtureNow - seconds * 1000).toISOString()

export const need: Need = {
  id: '01KAN5W3',
  name: 'Emil Okafor',
  number: '+15550100199',
  sentence: "Ben's connection dropped. Emil Okafor hears music.",
  since: ago(8),
  allowed: ['take'],
}

const task = (id: string, change: Partial<Task>): Task => ({
  id,
  kind: 'voicemail',
  call: `call-${id}`,
  sentence: 'Dana left a message of 0:12.',
  customer: { name: 'Dana', number: 'client:dana' },
  owner: { id: 'agent1', name: 'Ana' },
  state: 'open',
  createdAt: ago(600),
  due: ago(-13_000),
  overdue: false,
  length: 12,
  recording: `/api/tasks/${id}/recording`,
  allowed: ['done', 'assign'],
  ...change,
})

const callback: Partial<Task> = {
  kind: 'callback',
  sentence: 'Emil Okafor wants to be called back at +15550100199.',
  customer: { name: 'Emil Okafor', number: '+15550100199' },
  length: 0,
  recording: '',
}

export const tasks: Task[] = [
  task('T1', {}),
  task('T2', { ...callback, due: ago(1_500), overdue: true }),
  task('T3', {
    owner: { id: 'agent2', name: 'Ben' },
    sentence: 'Noor Haddad left a message of 1:40.',
    length: 100,
    due: ago(-1_200),
    allowed: ['take', 'assign', 'done'],
  }),
  task('T4', { ...callback, state: 'done', allowed: ['reopen'] }),
  task('T5', { ...callback, call: '', due: ago(-9_000), topic: 'Invoice 1042, which is there twice', when: 'Tomorrow after 10' }),
]

export const outcomes = ['Solved', 'Follow-up needed', 'Wrong number']

export const wrap: Wrap = {
  id: '01KAN5W0',
  customer: { name: 'Dana', number: 'client:dana' },
  note: 'Ordered twice by mistake, wants the second one refunded.',
  topic: 'Refund of order 12',
  outcome: '',
  allowed: ['finish', 'note', 'topic', 'outcome'],
}

export const happenings: Happening[] = [
  { at: ago(210), sentence: 'Dana called.' },
  { at: ago(195), sentence: 'Ana was rung.' },
  { at: ago(192), sentence: 'Ana and Dana hear each other.' },
  { at: ago(65), sentence: 'Ana asked for a private word with Ben; Dana is on hold.' },
]

/** What is usual of those whom the fixtures can bring in. */
export const usual = {
  people: [
    { id: 'agent2', freeIn: 0, knows: true },
    { id: 'agent4', freeIn: 230, knows: false },
  ],
  teams: [{ id: 'team:billing', wait: 20 }],
}
