import { expect, it } from 'vitest'
import { clock, roughly, since, titleClock } from './time'

it.each([
  [0, '0:00', '00:00'],
  [7_900, '0:07', '00:07'],
  [192_000, '3:12', '03:12'],
  [754_000, '12:34', '12:34'],
  [3_723_000, '1:02:03', '1:02:03'],
  [-5_000, '0:00', '00:00'],
])('writes %d ms', (ms, text, title) => {
  expect(clock(ms)).toBe(text)
  expect(titleClock(ms)).toBe(title)
})

it('tells roughly how long', () => {
  expect([59_000, 60_000, 3_599_000, 7_200_000].map(roughly)).toEqual(['now', '1 min', '59 min', '2 h'])
})

it('takes a missing or future time for now', () => {
  const now = Date.parse('2026-11-22T11:30:00Z')
  expect(since('2026-11-22T11:29:30Z', now)).toBe(30_000)
  expect(since('2026-11-22T11:31:00Z', now)).toBe(0)
  expect(since(null, now)).toBe(0)
  expect(since('', now)).toBe(0)
  expect(since('0001-01-01T00:00:00Z', now)).toBe(0)
})
