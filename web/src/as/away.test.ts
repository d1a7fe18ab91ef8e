import { beforeEach, expect, it, vi } from 'vitest'
import type { Call } from '../lib/types'
import { Back, leave } from './away'
import { fixtures } from './fixtures'

let store: Record<string, string> = {}
beforeEach(() => {
  store = {}
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => store[key] ?? null,
    setItem: (key: string, value: string) => (store[key] = value),
    removeItem: (key: string) => delete store[key],
  })
})

const talking = fixtures.talking.calls
const id = (talking[0] as Call).id

it('tells once how long somebody was away who loaded the page anew', () => {
  leave('agent1', id, 1_000)
  const back = new Back('agent1')
  expect(back.words(fixtures.recovering.calls.map((call) => ({ ...call, id })), 3_000)).toBeNull()
  expect(back.words(talking, 7_200)).toEqual({ call: id, words: "You're back with Dana (away 6 s)." })
  expect(back.words(talking, 8_000)).toBeNull()
  expect(new Back('agent1').words(talking, 9_000)).toBeNull()
})

it('tells nobody else in another frame of the same tab', () => {
  leave('agent1', id, 1_000)
  expect(new Back('agent2').words(talking, 7_000)).toBeNull()
})

it('tells that nothing was lost only where a call was live, and still is', () => {
  const back = new Back('agent1')
  back.lost(talking)
  expect(back.words(talking, 0)).toEqual({ call: '', words: 'Back online. Nothing was lost.' })
  expect(back.words(talking, 0)).toBeNull()
  back.lost([])
  expect(back.words(talking, 0)).toBeNull()
  back.lost(talking)
  expect(back.words([], 0)).toBeNull()
})
