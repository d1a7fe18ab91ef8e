// What a test call has shown, in words.

import { Quality, type Sample } from '../lib/quality'
import { t } from '../lib/say.svelte'

/** dBFS of the loudest tenth of a second: from here on somebody is heard at all, well, and too well. */
const heardFrom = -55
const goodFrom = -40
const loudFrom = -4

export class Verdict {
  #loudest = -Infinity
  #quality = new Quality()
  #rtt: number | null = null

  /** hear takes the level (dBFS) of what came back. */
  hear(level: number): void {
    this.#loudest = Math.max(this.#loudest, level)
  }

  /** Whether anything came back. */
  get heard(): boolean {
    return this.#loudest >= heardFrom
  }

  add(sample: Sample, at: number): void {
    this.#quality.add(sample, at)
    this.#rtt = sample.rtt ?? this.#rtt
  }

  /** words tell what to do where something is to be done. */
  words(): string {
    if (!this.heard) return t('We heard nothing of you. Check your microphone, then try again.')
    const loud = this.#loudest >= loudFrom
    const low = this.#loudest < goodFrom
    const figures = this.#figures(loud ? t('level high') : low ? t('level low') : t('level good'))
    if (this.#quality.word === 'weak') return t('You sound choppy: {figures}. A cable or a place closer to the wireless helps.', { figures })
    if (loud) return t('You sound too loud: {figures}. Move away from the microphone a little.', { figures })
    if (low) return t('You sound faint: {figures}. Move closer to the microphone.', { figures })
    return t('You sound fine: {figures}.', { figures })
  }

  #figures(level: string): string {
    const { loss } = this.#quality
    // A round trip is not known before the first report of the other side.
    if (this.#rtt === null) return t('{level}, loss {loss} %', { level, loss })
    return t('{level}, round trip {rtt} ms, loss {loss} %', { level, loss, rtt: Math.round(this.#rtt) })
  }
}
