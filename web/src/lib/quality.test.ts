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

/** told is at which seconds a connection with so much loss in each is told of. */
function told(losses: number[]): number[] {
  const quality = new Quality()
  return losses.flatMap((loss, i) => {
    quality.add(sample(loss, 20, 3), (i + 1) * 1_000)
    return quality.told ? [i + 1] : []
  })
}

it('tells of a connection that has been weak for 5 s, until it is good again', () => {
  expect(told([6, 6, 6, 6, 6, 6, 0, 0, 0, 0])).toEqual([5, 6, 7])
})

it('is not misled by the second in which nothing happens to be lost', () => {
  expect(told([8, 12, 2, 8, 4, 10, 8, 6])).toEqual([6, 7, 8])
})

it('says nothing of one bad moment', () => {
  expect(told([0, 60, 60, 0, 0, 0, 0, 60, 0])).toEqual([])
})

it('judges nothing before the first packet', () => {
  const quality = new Quality()
  quality.add(sample(0, null, 0, 0), 0)
  quality.add(sample(0, 20, 3), 1_000)
  expect(quality).toMatchObject({ word: 'good', loss: 0, stalled: 0 })
})

it('judges five seconds together', () => {
  const quality = new Quality()
  for (const loss of [0, 0, 0, 0, 24]) quality.add(sample(loss, 400, 10), 0)
  expect(quality).toMatchObject({ word: 'weak', loss: 5, rtt: 400, jitter: 10 })
  for (let i = 0; i < 5; i++) quality.add(sample(0, 20, 3), 0)
  expect(quality).toMatchObject({ word: 'good', loss: 0, rtt: 20, jitter: 3 })
})

it('counts the seconds without a packet, and keeps a round trip it is not told anew', () => {
  const quality = new Quality()
  quality.add(sample(0, 80, 3), 0)
  quality.add(sample(0, null, 3, 0), 1_000)
  quality.add(sample(0, null, 3, 0), 2_000)
  expect(quality).toMatchObject({ stalled: 2, rtt: 80, word: 'weak' })
  quality.add(sample(0, null, 3), 3_000)
  expect(quality.stalled).toBe(0)
})
