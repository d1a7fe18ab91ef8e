// What a microphone says about itself: too quiet to be one, or spoken into while muted.

import { audioContext } from './audio'

/** dBFS. Below the first there is nothing at all, not even a room; above the second somebody speaks. */
const nothing = -85
const speech = -45
/** Milliseconds of either before it is told, and of quiet before the second is taken back. */
const silentFor = 6_000
const spokenFor = 1_500
const pauseFor = 4_000
/** Longer between two levels nobody has measured. */
const gap = 500

export type MicHint = '' | 'silent' | 'muted'

/** Judge turns levels, one after the other, into what should be said. Times in milliseconds. */
export class Judge {
  hint: MicHint = ''
  #last = -Infinity
  #quiet = 0
  #spoken = 0
  #pause = 0
  #muted = false

  /** hear takes the level (dBFS) at a time, and whether what is said goes nowhere. */
  hear(level: number, at: number, muted: boolean): MicHint {
    const span = at - this.#last > gap ? 0 : at - this.#last
    this.#last = at
    if (muted !== this.#muted) this.#forget(muted)
    if (muted) this.#whileMuted(level, span)
    else {
      this.#quiet = level < nothing ? this.#quiet + span : 0
      this.hint = this.#quiet >= silentFor ? 'silent' : ''
    }
    return this.hint
  }

  #whileMuted(level: number, span: number): void {
    if (level > speech) {
      this.#spoken += span
      this.#pause = 0
    } else {
      this.#pause += span
    }
    if (this.#spoken >= spokenFor) this.hint = 'muted'
    if (this.#pause >= pauseFor) this.#forget(true)
  }

  #forget(muted: boolean): void {
    this.#muted = muted
    this.#quiet = this.#spoken = this.#pause = 0
    this.hint = ''
  }
}

/** levels tells the level (dBFS) of a stream until the returned function is called; never of a page nobody sees. */
export function levels(stream: MediaStream, heard: (level: number) => void, every = 100): () => void {
  const audio = audioContext()
  const source = audio.createMediaStreamSource(stream)
  const analyser = audio.createAnalyser()
  analyser.fftSize = 4096
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    if (document.hidden || audio.state !== 'running') return
    analyser.getFloatTimeDomainData(samples)
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
    heard(10 * Math.log10(power + 1e-12))
  }, every)
  return () => {
    clearInterval(timer)
    source.disconnect()
  }
}
