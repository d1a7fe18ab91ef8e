import { expect, it } from 'vitest'
import { Gap } from './gap'

/** Feeds one level per 50 ms and returns the longest gap. */
function longest(...spans: [level: number, ms: number][]): number {
  const gap = new Gap()
  let at = 0
  for (const [level, ms] of spans) {
    for (let end = at + ms; at < end; at += 50) gap.hear(level, at)
  }
  return gap.longest
}

it('takes the pauses of speech for no gap', () => {
  expect(longest([-20, 1000], [-90, 250], [-20, 1000], [-52, 1150], [-20, 100])).toBe(0)
})

it('finds the longest of several gaps', () => {
  expect(longest([-20, 1000], [-90, 1500], [-20, 100], [-90, 2000], [-20, 100])).toBe(1950)
})

it('takes quiet music for sound', () => {
  expect(longest([-59, 10_000])).toBe(0)
  expect(longest([-61, 10_000])).toBeGreaterThan(9000)
})

it('forgets what nobody measured', () => {
  const gap = new Gap()
  gap.hear(-90, 0)
  gap.skip()
  gap.hear(-90, 5000)
  expect(gap.longest).toBe(0)
})
