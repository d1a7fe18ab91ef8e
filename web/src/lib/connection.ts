// What the voice SDK does not measure: how much of what this page says is lost on its way.
// An uplink that is busy is the usual trouble, and its owner hears nothing of it.

import type { Call } from './sdk'
import type { Sample } from './quality'

export class Connection {
  #newest: RTCPeerConnection | null = null

  /** options are a Device's; they let this see the connections that it makes. */
  options(): object {
    const made = (one: RTCPeerConnection) => (this.#newest = one)
    return {
      RTCPeerConnection: class extends window.RTCPeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super(configuration)
          made(this)
        }
      },
    }
  }

  /** watch tells each second how a call's packets travel, with the loss of the worse direction. */
  watch(call: Call, tell: (sample: Sample) => void): void {
    call.on('sample', (sample: Sample) => {
      void this.#lostThere().then((there) => tell({ ...sample, packetsLostFraction: Math.max(sample.packetsLostFraction || 0, there) }))
    })
  }

  /** Percent, as of the other side's last report; 0 where it has made none. */
  async #lostThere(): Promise<number> {
    const stats = await this.#newest?.getStats().catch(() => null)
    let lost = 0
    stats?.forEach((report: { type: string; fractionLost?: number }) => {
      if (report.type === 'remote-inbound-rtp') lost = 100 * (report.fractionLost ?? 0)
    })
    return lost
  }
}
