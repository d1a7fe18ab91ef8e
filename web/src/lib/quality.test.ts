import { expect, it } from 'vitest'
import { Quality } from './quality'

const sample = (packetsLostFraction: number, rtt: number | null, jitter: number, packetsReceived = 50) => ({
  packetsLostFraction,
  rtt,
  jitter,
  packetsReceived,
})

it.each([
  ['good', sample(0, 20, 3)],
  ['good', sample(1.4, null, 3)],
  ['fair', sample(2, 20, 3)],
  ['fair', sample(0, 300, 3)],
  ['fair', sample(0, 20, 38)],
  ['weak', sample(6, 20, 3)],
  ['weak', sample(0, 410, 3)],
  ['weak', sample(0, 20, 60)],
] as const)('calls it %s: %o', (word, measured) => {
  const quality = new Quality()
  quality.add(measured, 0)
  expect(quality.word).toBe(word)
})

it('tells of a weak connection after 5 s without a better second', () => {
  const quality = new Quality()
  for (let at = 0; at <= 4_000; at += 1_000) quality.add(sample(6, 410, 38), at)
  expect(quality.told(4_900)).toBe(false)
  expect(quality.told(5_000)).toBe(true)
  expect(quality).toMatchObject({ loss: 6, rtt: 410, jitter: 38 })
  quality.add(sample(0, 20, 3), 5_000)
  expect(quality.told(20_000)).toBe(false)
})

it('counts the seconds without a packet, and keeps a round trip it is not told anew', () => {
  const quality = new Quality()
  quality.add(sample(0, 80, 3), 0)
  quality.add(sample(0, null, 3, 0), 1_000)
  quality.add(sample(0, null, 3, 0), 2_000)
  expect(quality).toMatchObject({ stalled: 2, rtt: 80 })
  quality.add(sample(0, null, 3), 3_000)
  expect(quality.stalled).toBe(0)
})
