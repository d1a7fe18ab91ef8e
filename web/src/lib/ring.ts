// The desk's own sounds: the ring, and the chime that proves it will be heard.

import { audioContext } from './audio'

const e5 = 659.26
const b5 = 987.77
const b4 = 493.88
/** -18 dBFS: heard across a desk, startling nobody. */
const ringLevel = 0.126

function note(frequency: number, at: number, seconds: number, level: number): void {
  const audio = audioContext()
  const start = audio.currentTime + at
  const tone = audio.createOscillator()
  const gain = audio.createGain()
  tone.frequency.value = frequency
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(level, start + seconds * 0.2)
  gain.gain.setValueAtTime(level, start + seconds * 0.5)
  gain.gain.linearRampToValueAtTime(0, start + seconds)
  tone.connect(gain).connect(audio.destination)
  tone.start(start)
  tone.stop(start + seconds)
}

/** chime plays 0.4 s, to prove that the next ring will be heard. */
export function chime(): void {
  note(e5, 0, 0.2, ringLevel / 2)
  note(b5, 0.2, 0.2, ringLevel / 2)
}

/** Rings every 3 s until stopped: rising for a customer, another interval for a colleague. */
export class Ring {
  #timer: ReturnType<typeof setInterval> | undefined
  #kind = ''

  play(kind: 'customer' | 'colleague'): void {
    if (kind === this.#kind) return
    this.stop()
    this.#kind = kind
    const [first, second] = kind === 'customer' ? [e5, b5] : [b4, e5]
    const once = () => {
      note(first, 0, 0.18, ringLevel)
      note(second, 0.24, 0.18, ringLevel)
    }
    once()
    this.#timer = setInterval(once, 3_000)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#kind = ''
  }
}
