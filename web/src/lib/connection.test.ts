import { afterEach, expect, it, vi } from 'vitest'
import { Connection } from './connection'
import type { Sample } from './quality'
import type { Call } from './sdk'

afterEach(() => vi.unstubAllGlobals())

/** told is what a second's sample becomes when the other side reports so. */
async function told(loss: number, reports: object[] | Error): Promise<number> {
  class FakeConnection {
    getStats = () => (reports instanceof Error ? Promise.reject(reports) : Promise.resolve(reports))
  }
  vi.stubGlobal('window', { RTCPeerConnection: FakeConnection })
  const connection = new Connection()
  const { RTCPeerConnection: Made } = connection.options() as { RTCPeerConnection: new () => unknown }
  new Made()
  let sampled: (sample: Sample) => void = () => undefined
  const call = { on: (_: string, hear: typeof sampled) => (sampled = hear) } as unknown as Call
  return new Promise((resolve) => {
    connection.watch(call, (sample) => resolve(sample.packetsLostFraction))
    sampled({ packetsLostFraction: loss, rtt: 20, jitter: 3, packetsReceived: 50 })
  })
}

it.each([
  ['what is lost on the way there', 1, [{ type: 'outbound-rtp' }, { type: 'remote-inbound-rtp', fractionLost: 0.08 }], 8],
  ['what is lost on the way here', 6, [{ type: 'remote-inbound-rtp', fractionLost: 0.01 }], 6],
  ['no report yet', 6, [], 6],
  ['a connection that is gone', 6, new Error('closed'), 6],
] as const)('%s counts', async (_, loss, reports, want) => {
  expect(await told(loss, reports as object[] | Error)).toBe(want)
})
