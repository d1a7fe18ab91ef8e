import { expect, it } from 'vitest'
import { fixtureNow } from '../as/fixtures'
import { fixtures } from '../as/fixtures'
import { allowed, screens } from '../as/screens'
import { agentRow, callRow, frozen, nobody, tiles } from './board'
import { empty, full } from './fixtures'

const told = (board: typeof full) => Object.fromEntries(tiles(board, fixtureNow).map((tile) => [tile.id, [tile.value, tile.mark]]))

it('tells the six numbers, each with its target', () => {
  expect(told(full)).toEqual({
    waiting: ['2', 'bad'],
    longest: ['2:11', 'bad'],
    answered: ['78 %', 'bad'],
    free: ['1 of 4', 'good'],
    hold: ['1', 'bad'],
    dropped: ['0', 'good'],
  })
  expect(tiles(full, fixtureNow).map((tile) => tile.target)).toEqual([
    'target: none over 0:20',
    'target: under 0:20',
    'target: 80 %',
    'target: at least 1',
    'target: none over 2 min',
    'target: 0',
  ])
})

it('claims nothing about a day that could not be counted, or had no calls', () => {
  expect(told(empty)).toMatchObject({ answered: ['-', 'none'], dropped: ['-', 'none'], waiting: ['0', 'good'], free: ['0 of 0', 'bad'] })
  expect(told({ ...empty, numbers: { ...empty.numbers, known: true } })).toMatchObject({ answered: ['-', 'none'], dropped: ['0', 'good'] })
})

it('offers what the desk allows, in its lane', () => {
  const labels = (lane: 'needs' | 'calls', i: number) => callRow(full[lane][i]!, lane, null, fixtureNow).buttons.map((button) => button.label)
  expect(labels('needs', 0)).toEqual(['Take'])
  expect(labels('needs', 1)).toEqual(['Take']) // who waits is answered
  expect(labels('calls', 0)).toEqual(['Listen', 'Coach', 'Join'])
  expect(labels('calls', 1)).toEqual(['Listen', 'Coach', 'Join', 'Take'])
  expect(full.needs.map((row) => callRow(row, 'needs', null, fixtureNow).send)).toEqual([true, true, true])
  expect(callRow(full.calls[1]!, 'calls', null, fixtureNow)).toMatchObject({ state: 'On hold', hold: '2:22', time: '3:34', send: false })
})

it('says how well a call is heard, where that is known, with a word and a shape', () => {
  const of = (word: 'good' | 'fair' | 'weak') => callRow({ ...full.calls[0]!, quality: { word, loss: 6, rtt: 410, jitter: 38 } }, 'calls', null, fixtureNow).quality
  expect(of('good')).toEqual({ word: 'Good', detail: '', mark: 'good', tone: 'live' })
  expect(of('fair')).toMatchObject({ word: 'Fair', mark: 'half' })
  expect(of('weak')).toEqual({ word: 'Weak', detail: 'loss 6 %, round trip 410 ms, jitter 38 ms', mark: 'bad', tone: 'danger' })
  expect(callRow(full.calls[2]!, 'calls', null, fixtureNow).quality).toBeNull()
})

it('says what becomes of callers when nobody is signed in', () => {
  const after = (askedAfter: number) => nobody({ ...empty, numbers: { ...empty.numbers, askedAfter } })
  expect(after(120)).toBe("Nobody is available. New callers hear music; after 2 min they're offered a callback.")
  expect(after(30)).toBe("Nobody is available. New callers hear music; after 30 s they're offered a callback.")
  expect(after(0)).toBe('Nobody is available. New callers are offered a callback at once.')
  expect(nobody(full)).toBe('')
})

it('draws the call one listens to from what one may do there', () => {
  const mine = { ...fixtures.talking.calls[0]!, id: 'c1', role: 'supervisor' as const, chip: 'Listening', allowed: ['coach', 'join', 'unlisten'] as const }
  const row = callRow(full.calls[0]!, 'calls', { ...mine, allowed: [...mine.allowed] }, fixtureNow)
  expect(row.mine).toBe('Listening')
  expect(row.buttons.map((button) => button.label)).toEqual(['Coach', 'Join', 'Stop listening'])
})

it('tells of each colleague how they are, and how many calls they had', () => {
  expect(full.team.map((row) => agentRow(row, fixtureNow)).map(({ name, state, since, today }) => [name, state, since, today])).toEqual([
    ['Ana', 'on_call', '5 min', '14'],
    ['Ben', 'not_reachable', 'now', '9'],
    ['Cy', 'available', '15 min', '11'],
    ['Dora', 'away', '10 min', '7'],
    ['Eve', 'offline', '', '0'],
  ])
})

it('keeps rows where they are and counts what has changed', () => {
  const rows = (ids: string) => [...ids].map((id) => ({ id, text: ids }))
  expect(frozen(rows('abc'), rows('abc'))).toEqual({ rows: rows('abc'), changes: 0 })
  const { rows: shown, changes } = frozen(rows('abc'), rows('cad'))
  expect(shown).toEqual([
    { id: 'a', text: 'cad' },
    { id: 'b', text: 'abc', gone: true },
    { id: 'c', text: 'cad' },
  ])
  expect(changes).toBe(3) // b went, d came, c is before a
})

it('is for leads and admins', () => {
  const ids = (role: 'agent' | 'lead' | 'admin') => allowed(screens, role).map((screen) => screen.id)
  expect(ids('agent')).not.toContain('board')
  expect(ids('lead')).toContain('board')
  expect(ids('admin')).toContain('board')
})
