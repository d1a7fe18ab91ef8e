// Three seconds of oneself, to hear what callers hear.

import { audioContext } from '../lib/audio'

const length = 3_000

/** take records 3 s of a stream. */
export function take(stream: MediaStream): Promise<AudioBuffer> {
  return new Promise((resolve, reject) => {
    const recorder = new MediaRecorder(stream)
    const parts: Blob[] = []
    recorder.ondataavailable = (event) => parts.push(event.data)
    recorder.onerror = () => reject(new Error('not recorded'))
    recorder.onstop = () =>
      void new Blob(parts)
        .arrayBuffer()
        .then((bytes) => audioContext().decodeAudioData(bytes))
        .then(resolve, reject)
    recorder.start()
    setTimeout(() => recorder.state === 'recording' && recorder.stop(), length)
  })
}

/** play lets a sound out where calls are heard; it resolves when it is over. */
export async function play(sound: AudioBuffer, device: string): Promise<void> {
  const audio = audioContext()
  const source = audio.createBufferSource()
  const out = audio.createMediaStreamDestination()
  const speaker = new Audio() as HTMLAudioElement & { setSinkId?(id: string): Promise<void> }
  source.buffer = sound
  source.connect(out)
  speaker.srcObject = out.stream
  await speaker.setSinkId?.(device).catch(() => undefined) // heard from the computer's own choice
  await speaker.play()
  const over = new Promise((done) => source.addEventListener('ended', done))
  source.start()
  await over
  speaker.srcObject = null
}
