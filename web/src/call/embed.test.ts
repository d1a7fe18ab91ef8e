import { expect, it } from 'vitest'
import type { CallerState } from '../lib/types'
import { events } from './embed.svelte'
import type { Phase } from './shown'

const at = (phase: Phase, state: CallerState['state'] = 'none', ...people: string[]) => ({ phase, seconds: 7, caller: { state, with: people } })

it('tells a call from ringing to its end, each step once', () => {
  const next = events()
  const told = [
    at('idle'),
    at('asking'),
    at('checking'),
    at('calling'),
    at('in', 'waiting'),
    at('in', 'waiting'),
    at('in', 'talking', 'Ana'),
    at('in', 'hold'),
    at('in', 'talking', 'Ana'),
    at('in', 'talking', 'Ana', 'Ben'),
    at('in', 'talking', 'Ben'),
    at('in', 'hold'),
    at('in', 'talking', 'Cy'),
    at('ended', 'ended'),
    at('ended', 'ended'),
    at('calling'),
  ].flatMap(next)
  expect(told).toEqual([
    { event: 'ringing' },
    { event: 'connected', with: ['Ana'] },
    { event: 'hold' },
    { event: 'connected', with: ['Ana'] },
    { event: 'handed_over', with: ['Ben'] },
    { event: 'hold' },
    { event: 'handed_over', with: ['Cy'] },
    { event: 'ended', seconds: 7 },
    { event: 'ringing' },
  ])
})

it('says of whoever gives the microphone no leave that nothing happened', () => {
  const next = events()
  expect([at('idle'), at('asking'), at('idle')].flatMap(next)).toEqual([])
})
