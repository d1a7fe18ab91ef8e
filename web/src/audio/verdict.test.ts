import { expect, it } from 'vitest'
import { Verdict } from './verdict'

const sample = (packetsLostFraction: number, rtt: number | null) => ({ packetsLostFraction, rtt, jitter: 3, packetsReceived: 50 })

it.each([
  [[-70, -22, -30], [sample(0, 40)], 'You sound fine: level good, round trip 40 ms, loss 0 %.'],
  [[-22], [sample(0, null)], 'You sound fine: level good, loss 0 %.'],
  [[-22], [sample(0, 40), sample(0, null)], 'You sound fine: level good, round trip 40 ms, loss 0 %.'],
  [[-48], [sample(0, 40)], 'You sound faint: level low, round trip 40 ms, loss 0 %. Move closer to the microphone.'],
  [[-3], [sample(0, 40)], 'You sound too loud: level high, round trip 40 ms, loss 0 %. Move away from the microphone a little.'],
  [
    [-22],
    [sample(8, 40), sample(8, 40)],
    'You sound choppy: level good, round trip 40 ms, loss 8 %. A cable or a place closer to the wireless helps.',
  ],
  [[-70], [sample(0, 40)], 'We heard nothing of you. Check your microphone, then try again.'],
  [[], [], 'We heard nothing of you. Check your microphone, then try again.'],
])('of levels %j and samples %j says: %s', (levels, samples, words) => {
  const verdict = new Verdict()
  levels.forEach((level) => verdict.hear(level))
  samples.forEach((one, i) => verdict.add(one, i * 1_000))
  expect(verdict.words()).toBe(words)
})
