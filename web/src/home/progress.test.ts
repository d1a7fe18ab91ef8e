import { expect, it } from 'vitest'
import type { FromPane } from '../lib/pane'
import type { CallerState, Presence, Role, Stage } from '../lib/types'
import { items, next, nothing, step, type Progress } from './progress'

const names = { customer: 'Dana', first: { id: 'agent1', name: 'Ana' }, second: { id: 'agent2', name: 'Ben' } }

const dana = (state: CallerState['state'], gap: number | null = 0): FromPane => ({
  kind: 'customer',
  state,
  with: [],
  gap,
  byVoice: true,
})
const agent = (id: string, presence: Presence, stage?: Stage, role: Role = 'owner'): FromPane => ({
  kind: 'agent',
  agent: id,
  presence,
  calls: stage ? [{ stage, role }] : [],
})
const run = (...messages: FromPane[]): Progress => messages.reduce(step, nothing)
const done = (progress: Progress) => items(progress, names).map((item) => item.done)

const ready = [agent('agent1', 'available'), agent('agent2', 'available')]
const called = [...ready, dana('waiting')]
const answered = [...called, agent('agent1', 'on_call', 'talking'), dana('talking')]
const together = [
  ...answered,
  agent('agent2', 'available', 'inviting', 'target'),
  agent('agent2', 'on_call', 'together', 'target'),
  agent('agent1', 'on_call', 'together'),
]
const over = [...together, agent('agent1', 'available'), agent('agent2', 'on_call', 'talking')]

it('ticks what has happened and says what comes next', () => {
  expect(next(nothing, names)).toBe('Press Go available at Ana.')
  expect(next(run(...ready), names)).toBe('Press Call now at Dana.')
  expect(done(run(...called))).toEqual([true, false, false, false, false])
  expect(next(run(...called), names)).toContain('Press Answer at Ana')
  expect(done(run(...answered))).toEqual([true, true, false, false, false])
  expect(next(run(...answered, agent('agent2', 'available', 'inviting', 'target')), names)).toBe('Press Answer at Ben.')
  expect(done(run(...together))).toEqual([true, true, true, false, false])
  expect(next(run(...together), names)).toContain('Press Leave at Ana')
  expect(done(run(...over))).toEqual([true, true, true, true, true])
})

it('counts a private talk as bringing in', () => {
  const asking = [...answered, agent('agent1', 'on_call', 'asking'), agent('agent2', 'available', 'asking', 'target')]
  expect(done(run(...asking))).toEqual([true, true, false, false, false])
  expect(next(run(...asking), names)).toBe('Press Join Ana privately at Ben.')
  const talk = [...asking, agent('agent2', 'on_call', 'private', 'target'), agent('agent1', 'on_call', 'private')]
  expect(done(run(...talk))).toEqual([true, true, true, false, false])
  expect(next(run(...talk), names)).toContain('Press Hand over at Ana')
  const handed = [...talk, agent('agent1', 'on_call', 'talking', 'former'), agent('agent2', 'on_call', 'talking')]
  expect(done(run(...handed))).toEqual([true, true, true, true, true])
})

it('takes no step back when somebody reports late', () => {
  expect(done(run(...over, agent('agent1', 'available')))).toEqual([true, true, true, true, true])
})

it('does not call it a handover when the colleague leaves again', () => {
  const left = run(...together, agent('agent2', 'available'), agent('agent1', 'on_call', 'talking'))
  expect(left.handedOver).toBe(false)
})

it('says how long the silence was', () => {
  const text = (...messages: FromPane[]) => items(run(...messages), names)[4]
  expect(text()).toEqual({ text: 'Dana never hears silence', done: false })
  expect(text(...over)).toEqual({ text: 'Dana never heard silence: longest gap 0.0 s', done: true })
  expect(text(...over, dana('talking', 1.25))).toEqual({
    text: 'Dana heard silence: longest gap 1.3 s',
    done: false,
  })
})

it('begins anew with a new call', () => {
  expect(done(run(...over, dana('ended'), dana('waiting')))).toEqual([true, false, false, false, false])
})

it('goes on with the list of a customer who was away, or was asked what else they want', () => {
  for (const state of ['away', 'choosing'] as const) {
    expect(done(run(...answered, dana(state), dana('talking'))), state).toEqual([true, true, false, false, false])
  }
})
