// How loud the microphone is, shown for a moment before the call.

import { audioContext } from '../lib/audio'

const often = 50

/** meter tells the level of a stream, 0 to 1, for so many milliseconds, and at last 0. */
export async function meter(stream: MediaStream, ms: number, tell: (level: number) => void): Promise<void> {
  const audio = audioContext()
  const source = audio.createMediaStreamSource(stream)
  const analyser = audio.createAnalyser()
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const until = performance.now() + ms
  while (performance.now() < until) {
    analyser.getFloatTimeDomainData(samples)
    tell(Math.min(1, 4 * Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length)))
    await new Promise((next) => setTimeout(next, often))
  }
  source.disconnect()
  tell(0)
}
