// How well a call's packets travel, in one word.

/** What the voice SDK measures each second: percent lost, milliseconds. */
export interface Sample {
  packetsLostFraction: number
  rtt: number | null
  jitter: number
  packetsReceived: number
}

export type Word = 'good' | 'fair' | 'weak'

/** From here on it is heard (G.711 with a small buffer); below the first, nobody notices. */
const limits = {
  fair: { loss: 2, rtt: 250, jitter: 30 },
  weak: { loss: 5, rtt: 400, jitter: 60 },
} as const
/** A weak connection is told once it has lasted. */
const toldAfter = 5_000

export class Quality {
  word: Word = 'good'
  loss = 0
  rtt = 0
  jitter = 0
  /** Nothing comes in: so many seconds. */
  stalled = 0
  #weakSince: number | null = null

  add(sample: Sample, at: number): void {
    this.loss = Math.round(sample.packetsLostFraction || 0)
    this.rtt = Math.round(sample.rtt ?? this.rtt)
    this.jitter = Math.round(sample.jitter || 0)
    this.stalled = sample.packetsReceived > 0 ? 0 : this.stalled + 1
    this.word = this.#over('weak') ? 'weak' : this.#over('fair') ? 'fair' : 'good'
    if (this.word !== 'weak') this.#weakSince = null
    else this.#weakSince ??= at
  }

  /** Whether it has been weak for so long that the agent should know. */
  told(at: number): boolean {
    return this.#weakSince !== null && at - this.#weakSince >= toldAfter
  }

  #over(word: 'fair' | 'weak'): boolean {
    const limit = limits[word]
    return this.loss >= limit.loss || this.rtt >= limit.rtt || this.jitter >= limit.jitter
  }
}
