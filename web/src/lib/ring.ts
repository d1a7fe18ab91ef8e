// The desk's own sounds: the ring, the tick in a call, and the chime that proves
// that a ring will be heard.

import { audioContext } from './audio'

const e5 = 659.26
const b5 = 987.77
const b4 = 493.88
/** -18 dBFS: heard across a desk, startling nobody. */
const ringLevel = 0.126
/** -30 dBFS, for whoever has a caller in the ear. */
const tickLevel = 0.0316
/** Seconds between two rings, and how many are played at most: nothing rings for so long. */
const every = 3
const most = 30

export type RingKind = 'customer' | 'colleague'

function note(frequency: number, at: number, seconds: number, level: number, to: AudioNode): void {
  const audio = audioContext()
  const start = audio.currentTime + at
  const tone = audio.createOscillator()
  const gain = audio.createGain()
  tone.frequency.value = frequency
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(level, start + seconds * 0.2)
  gain.gain.setValueAtTime(level, start + seconds * 0.5)
  gain.gain.linearRampToValueAtTime(0, start + seconds)
  tone.connect(gain).connect(to)
  tone.start(start)
  tone.stop(start + seconds)
}

/** loudness is the factor of a volume from 0 to 100. */
const loudness = (volume: number) => volume / 50

/** chime plays 0.4 s, to prove that the next ring will be heard. */
export function chime(volume = 50): void {
  const out = audioContext().destination
  note(e5, 0, 0.2, (ringLevel / 2) * loudness(volume), out)
  note(b5, 0.2, 0.2, (ringLevel / 2) * loudness(volume), out)
}

/** tick tells whoever is in a call that somebody begins to wait. */
export function tick(volume = 50): void {
  note(b5, 0, 0.06, tickLevel * loudness(volume), audioContext().destination)
}

/** once is one ring, to hear how it sounds. */
export function once(volume: number): void {
  const out = audioContext().destination
  note(e5, 0, 0.18, ringLevel * loudness(volume), out)
  note(b5, 0.24, 0.18, ringLevel * loudness(volume), out)
}

/**
 * Rings every 3 s until stopped: rising for a customer, another interval for a
 * colleague. All of it is handed to the audio clock at the start, because browsers
 * give the timers of a hidden page a turn once a minute.
 */
export class Ring {
  #out: GainNode | null = null

  play(kind: RingKind, volume: number): void {
    this.stop()
    const audio = audioContext()
    const out = audio.createGain()
    out.gain.value = loudness(volume)
    out.connect(audio.destination)
    this.#out = out
    const [first, second] = kind === 'customer' ? [e5, b5] : [b4, e5]
    for (let i = 0; i < most; i++) {
      note(first, i * every, 0.18, ringLevel, out)
      note(second, i * every + 0.24, 0.18, ringLevel, out)
    }
  }

  stop(): void {
    this.#out?.disconnect()
    this.#out = null
  }
}
