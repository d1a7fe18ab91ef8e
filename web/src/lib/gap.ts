// Measures silence: how long a listener heard neither voice nor music.

/** Quieter than this is silence (dBFS). */
const floor = -60
/** Shorter silence nobody notices as such; a pause in speech has the sound of a room. */
const pause = 300
const every = 50

/** Gap turns levels, one after the other, into the longest gap. Times in milliseconds. */
export class Gap {
  longest = 0
  #since: number | null = null

  /** hear takes the level (dBFS) at a time. */
  hear(level: number, at: number): void {
    if (level > floor) {
      this.#since = null
      return
    }
    this.#since ??= at
    const silent = at - this.#since
    if (silent > pause) this.longest = Math.max(this.longest, silent)
  }

  /** skip forgets a silence under way, for a time in which nobody measured. */
  skip(): void {
    this.#since = null
  }
}

/**
 * measure listens to a stream until the returned function is called. It listens
 * to a copy: the stream itself may be silenced for the ears of this computer.
 */
export function measure(audio: AudioContext, stream: MediaStream, changed: (longest: number) => void): () => void {
  const copy = new MediaStream(stream.getAudioTracks().map((track) => track.clone()))
  copy.getAudioTracks().forEach((track) => (track.enabled = true))
  const source = audio.createMediaStreamSource(copy)
  const analyser = audio.createAnalyser()
  analyser.fftSize = 4096
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const gap = new Gap()
  let last = 0
  const timer = setInterval(() => {
    // Hidden pages are given a turn once a second only: too rarely to judge.
    if (document.hidden || audio.state !== 'running') return gap.skip()
    analyser.getFloatTimeDomainData(samples)
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
    gap.hear(10 * Math.log10(power + 1e-12), performance.now())
    if (gap.longest !== last) changed((last = gap.longest))
  }, every)
  return () => {
    clearInterval(timer)
    source.disconnect()
    copy.getTracks().forEach((track) => track.stop())
  }
}
