import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { named } from '../lib/api'
import { speak } from '../lib/say.svelte'
import * as fixtures from './fixtures'
import { Listing } from './listing.svelte'
import { draw } from './picture'
import { ceiling, days, percent } from './plot'
import { search, type Page } from './records'
import * as words from './words'

afterEach(() => {
  vi.unstubAllGlobals()
  return speak('en')
})

/** Requests under way, each with its answer still to be given. */
let asked: { url: string; agent: string; answer: (page: Page) => void; fail: () => void }[]

beforeEach(() => {
  asked = []
  vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
    new Promise<Response>((resolve) => {
      asked.push({
        url,
        agent: (init.headers as Record<string, string>)['Warmdesk-Agent']!,
        answer: (page) => resolve(Response.json(page)),
        fail: () => resolve(Response.json({ code: 'internal', message: 'Try again.' }, { status: 500 })),
      })
    }),
  )
})

const settled = () => new Promise((resolve) => setTimeout(resolve))

it('fetches page after page, in their order', async () => {
  const listing = new Listing('agent1')
  void listing.show(new URLSearchParams('outcome=answered'))
  expect([listing.loading, asked[0]!.url, asked[0]!.agent]).toEqual(['first', '/api/history?outcome=answered', 'agent1'])
  asked[0]!.answer(fixtures.many)
  await settled()
  void listing.more(new URLSearchParams('outcome=answered'))
  void listing.more(new URLSearchParams('outcome=answered')) // pressed twice
  expect(asked).toHaveLength(2)
  expect(asked[1]!.url).toBe(`/api/history?outcome=answered&cursor=${fixtures.many.next}`)
  asked[1]!.answer(fixtures.few)
  await settled()
  expect(listing.rows).toEqual([...fixtures.many.calls, ...fixtures.few.calls])
  expect([listing.next, listing.loading]).toEqual(['', ''])
})

it('shows the answer to what was asked last, whichever comes last', async () => {
  const listing = new Listing('agent1')
  void listing.show(new URLSearchParams('q=da'))
  void listing.show(new URLSearchParams('q=dana'))
  asked[1]!.answer(fixtures.few)
  asked[0]!.answer(fixtures.many)
  await settled()
  expect(listing.rows).toEqual(fixtures.few.calls)
  expect(listing.of).toBe('q=dana')
})

it('keeps what it has: coming back asks nothing, a failure takes nothing away', async () => {
  const listing = new Listing('agent1')
  void listing.show(new URLSearchParams())
  asked[0]!.answer(fixtures.few)
  await settled()
  await listing.show(new URLSearchParams())
  expect(asked).toHaveLength(1)
  void listing.refresh(new URLSearchParams())
  asked[1]!.fail()
  await settled()
  expect([listing.trouble, listing.rows.length]).toEqual(['Try again.', fixtures.rows.length])
  void listing.show(new URLSearchParams())
  expect([asked.length, listing.trouble]).toEqual([3, ''])
})

it('asks for whole days of the reader, the last one too', () => {
  const asking = search(new URLSearchParams('from=2026-11-01&to=2026-11-01&q= dana &page=3&team='))
  expect([...asking.keys()]).toEqual(['q', 'from', 'to'])
  expect(asking.get('q')).toBe('dana')
  expect(asking.get('from')).toBe(new Date(2026, 10, 1).toISOString())
  expect(asking.get('to')).toBe(new Date(2026, 10, 2).toISOString())
  expect(String(search(new URLSearchParams('from=yesterday')))).toBe('')
})

it('names the agent where a browser sends no headers', () => {
  expect(named('/x', 'a b')).toBe('/x?agent=a%20b')
  expect(named('/x?q=1', 'ana')).toBe('/x?q=1&agent=ana')
})

it('says every outcome in words', () => {
  expect(Object.values(fixtures.each).map(words.outcome)).toEqual([
    'On the call now', 'Answered', 'Hung up while waiting', 'Left a message', 'Dropped by us', 'Their connection was lost',
  ])
  expect(words.outcome(fixtures.rows[1]!)).toBe('Handed over to Ben')
  expect(words.outcome({ ...fixtures.rows[1]!, outcome: 'dropped' })).toBe('Dropped by us')
  expect(words.who(fixtures.rows[1]!)).toBe('Ana and Ben')
  expect(words.length(fixtures.rows[0]!, fixtures.now)).toBe(60_000)
})

it('says when: the time today, the day before, the year of another', () => {
  const now = new Date(2026, 10, 22, 12).getTime()
  const at = (...date: [number, number, number]) => words.moment(new Date(...date, 9, 5).toISOString(), now)
  expect(at(2026, 10, 22)).toMatch(/^09:05/)
  expect(at(2026, 10, 21)).toMatch(/^Nov 21, 09:05/)
  expect(at(2025, 10, 22)).toMatch(/^Nov 22, 2025, 09:05/)
})

it('draws bars from the start of the call', () => {
  const picture = draw(fixtures.detail.picture)
  expect([picture.length, picture.marks]).toEqual([94_000, [0, 30_000, 60_000, 90_000]])
  expect(picture.lanes[2]!.bars[0]).toMatchObject({ condition: 'ringing', start: 30_000, end: 36_000 })
  expect(draw([{ agent: '', name: 'Dana', bars: [] }])).toMatchObject({ length: 1000, marks: [0] })
})

it.each([[0, 2], [1, 2], [3, 4], [10, 10], [11, 20], [21, 30], [47, 50], [151, 200], [999, 1000]])('puts %i calls under a ceiling of %i', (most, want) => {
  expect(ceiling(most)).toBe(want)
  expect(Number.isInteger(want / 2)).toBe(true)
})

it('counts days from midnight to midnight, over a change of the clocks too', () => {
  const { from, to } = days(30, new Date(2026, 10, 10, 15).getTime())
  expect([from, to]).toEqual([new Date(2026, 9, 12), new Date(2026, 10, 11)])
  expect(percent(999, 1000)).toBe(99)
})
