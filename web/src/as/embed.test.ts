import { expect, it } from 'vitest'
import type { Call, Presence, Snapshot } from '../lib/types'
import { events, obey } from './embed.svelte'
import { fixtures } from './fixtures'

const snapshot = (presence: Presence, ...calls: Call[]): Snapshot => ({ ...fixtures.available, presence, calls })
const talking = fixtures.talking.calls[0]!
const at = (change: Partial<Call>): Call => ({ ...talking, ...change })
const dana = { call: talking.id, from: { name: 'Dana', number: '', phone: '', reference: '', verified: false }, topic: talking.topic ?? '' }

it('tells how things stand for the agent, each step once', () => {
  const next = events()
  const told = [
    snapshot('available'),
    snapshot('available', at({ role: 'offered', stage: 'offering', allowed: ['answer', 'pass'] })),
    snapshot('available', at({ role: 'offered', stage: 'connecting', allowed: [] })),
    snapshot('available', talking),
    snapshot('available', talking),
    snapshot('available', at({ stage: 'held' })),
    snapshot('available', at({ stage: 'asking' })),
    snapshot('available', at({ stage: 'private' })),
    snapshot('available', at({ stage: 'recovering' })),
    snapshot('available', at({ stage: 'talking', role: 'former' })),
    snapshot('away'),
  ].flatMap(next)
  expect(told.map(({ event, call, presence }) => [event, call ?? presence])).toEqual([
    ['status', 'available'],
    ['ringing', talking.id],
    ['connected', talking.id],
    ['hold', talking.id],
    ['consult', talking.id],
    ['handed_over', talking.id],
    ['ended', talking.id],
    ['status', 'away'],
  ])
  expect(told[2]).toEqual({ event: 'connected', ...dana })
})

it('says who the site around had signed the customer to be', () => {
  const vouched = at({ customer: { name: 'Dana Reyes', number: 'client:caller_1', verified: true, phone: '+15550100', reference: '42' }, topic: 'Invoice' })
  expect(events()(snapshot('available', vouched))[0]).toEqual({
    event: 'connected',
    call: talking.id,
    from: { name: 'Dana Reyes', number: '', phone: '+15550100', reference: '42', verified: true },
    topic: 'Invoice',
  })
})

/** A session that notes what it is asked. */
function session(state: Snapshot, wrong = '') {
  const asked: unknown[] = []
  return {
    asked,
    snapshot: state,
    presence: state.presence,
    open: { sid: 'CA1', muted: false } as never,
    ask: async (...args: unknown[]) => (asked.push(args.filter((one) => one !== undefined)), wrong),
    setPresence: async (to: Presence) => (asked.push(to), wrong),
    mute: () => void asked.push('mute'),
  }
}

it.each([
  [{ command: 'hold' }, ['hold', 'consult'], [[talking.id, 'hold']], ''],
  [{ command: 'hold', call: 'another' }, ['hold'], [], 'That cannot be done now.'],
  [{ command: 'consult', to: 'agent2', reason: 'refund' }, ['consult'], [[talking.id, 'consult', { to: 'agent2', reason: 'refund' }]], ''],
  [{ command: 'complete' }, ['handover'], [[talking.id, 'handover']], ''],
  [{ command: 'complete' }, ['leave', 'finish'], [[talking.id, 'leave']], ''],
  [{ command: 'complete' }, ['end', 'hold'], [], 'That cannot be done now.'],
  [{ command: 'end' }, ['end'], [], 'There is no such command.'],
  [{ command: 'constructor' }, ['end'], [], 'There is no such command.'],
  [{ command: 'mute' }, [], ['mute'], ''],
  [{ command: 'mute', on: false }, [], [], ''],
  [{ command: 'status', presence: 'available' }, [], ['available'], ''],
  [{ command: 'status', presence: 'away' }, [], ['away'], "Press the button in the desk's own frame: the browser wants a click there first."],
  [{ command: 'status', presence: 'asleep' }, [], [], 'A status is one of available, away and offline.'],
] as const)('does what is asked: %j', async (command, allowed, asked, error) => {
  const desk = session(snapshot('available', at({ allowed: [...allowed] })))
  expect(await obey(desk, command)).toBe(error)
  expect(desk.asked).toEqual(asked)
})

it('says what the desk says when it refuses', async () => {
  const desk = session(snapshot('available', at({ allowed: ['hold'] })), 'That changed meanwhile.')
  expect(await obey(desk, { command: 'hold' })).toBe('That changed meanwhile.')
})
