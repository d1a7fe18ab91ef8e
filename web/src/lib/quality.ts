// How well a call's packets travel, in one word.

/** What the voice SDK measures each second: percent lost, milliseconds. */
export interface Sample {
  packetsLostFraction: number
  rtt: number | null
  jitter: number
  packetsReceived: number
}

export type Word = 'good' | 'fair' | 'weak'

interface Figures {
  loss: number
  rtt: number
  jitter: number
}

/** From here on it is heard (G.711 with a small buffer); below the first, nobody notices. */
const limits = {
  fair: { loss: 2, rtt: 250, jitter: 30 },
  weak: { loss: 5, rtt: 400, jitter: 60 },
} as const
/** Seconds that are judged together: of what is lost at random, one second has much and the next has nothing. */
const span = 5
/** So many of them have to be weak before it is told: one bad moment is over when it could be read. */
const most = 3
/** And for so long: in all, a connection is told of that has been weak for 5 s. */
const toldAfter = 2_000

export class Quality implements Figures {
  word: Word = 'good'
  loss = 0
  rtt = 0
  jitter = 0
  /** Nothing comes in: so many seconds. */
  stalled = 0
  /** Of the last seconds, the oldest first. */
  #seconds: Figures[] = []
  #weakSince: number | null = null
  /** Weak for so long that the agent should know, until it is better on the whole. */
  told = false

  add(sample: Sample, at: number): void {
    const silent = sample.packetsReceived === 0
    this.stalled = silent ? this.stalled + 1 : 0
    // Before the first packet there is nothing to judge.
    if (silent && this.#seconds.length === 0) return
    const rtt = sample.rtt ?? this.#seconds.at(-1)?.rtt ?? 0
    const second = { loss: silent ? 100 : sample.packetsLostFraction || 0, rtt, jitter: sample.jitter || 0 }
    this.#seconds = [...this.#seconds, second].slice(-span)
    this.loss = this.#mean('loss')
    this.rtt = this.#mean('rtt')
    this.jitter = this.#mean('jitter')
    this.word = over(this, 'weak') ? 'weak' : over(this, 'fair') ? 'fair' : 'good'
    if (this.#seconds.filter((one) => over(one, 'weak')).length < most) this.#weakSince = null
    else this.#weakSince ??= at
    const lasted = this.#weakSince !== null && at - this.#weakSince >= toldAfter
    this.told = this.word === 'weak' && (this.told || lasted)
  }

  #mean(what: keyof Figures): number {
    return Math.round(this.#seconds.reduce((sum, second) => sum + second[what], 0) / this.#seconds.length)
  }
}

function over(figures: Figures, word: 'fair' | 'weak'): boolean {
  const limit = limits[word]
  return figures.loss >= limit.loss || figures.rtt >= limit.rtt || figures.jitter >= limit.jitter
}
