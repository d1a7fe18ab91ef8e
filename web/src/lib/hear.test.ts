import { expect, it } from 'vitest'
import { Judge } from './hear'

/** feed lets a judge hear one level for a time (ms) and returns what it says at the end. */
function feed(judge: Judge, from: number, ms: number, level: number, muted: boolean) {
  let hint = judge.hint
  for (let at = from; at <= from + ms; at += 100) hint = judge.hear(level, at, muted)
  return hint
}

it('tells of a microphone without any sound after 6 s, and no sooner', () => {
  const judge = new Judge()
  expect(feed(judge, 0, 5_900, -120, false)).toBe('')
  expect(feed(judge, 6_000, 100, -120, false)).toBe('silent')
  expect(feed(judge, 6_200, 100, -50, false)).toBe('')
})

it('takes a quiet room for no broken microphone', () => {
  expect(feed(new Judge(), 0, 20_000, -75, false)).toBe('')
})

it('tells who speaks while muted after 1.5 s, until they stop', () => {
  const judge = new Judge()
  expect(feed(judge, 0, 1_400, -30, true)).toBe('')
  expect(feed(judge, 1_500, 200, -30, true)).toBe('muted')
  expect(feed(judge, 1_800, 2_000, -60, true)).toBe('muted')
  expect(feed(judge, 3_900, 2_500, -60, true)).toBe('')
})

it('lets the pauses between words pass', () => {
  const judge = new Judge()
  feed(judge, 0, 800, -30, true)
  feed(judge, 900, 500, -70, true)
  expect(feed(judge, 1_500, 900, -30, true)).toBe('muted')
})

it('is quiet again once the microphone is open, and does not count a time nobody measured', () => {
  const judge = new Judge()
  feed(judge, 0, 2_000, -30, true)
  expect(judge.hear(-30, 2_100, false)).toBe('')
  judge.hear(-120, 2_200, false)
  expect(judge.hear(-120, 60_000, false)).toBe('')
})
