// Demo voices: a spoken clip instead of a microphone, so that several people on
// one laptop do not make it howl.

import { audioContext } from './audio'
import { t } from './say.svelte'

export class Voice {
  #url: string
  #stream: Promise<MediaStream> | null = null

  /** name is that of a demo person, such as "ana". */
  constructor(name: string) {
    this.#url = `/assets/voices/${name}.wav`
  }

  /**
   * stream gives a fresh copy of the looped clip, which the caller may stop.
   * It is silent for as long as the audio context is locked.
   */
  async stream(): Promise<MediaStream> {
    this.#stream ??= this.#start()
    try {
      return (await this.#stream).clone()
    } catch (error) {
      this.#stream = null
      throw error
    }
  }

  async #start(): Promise<MediaStream> {
    const audio = audioContext()
    const response = await fetch(this.#url)
    if (!response.ok) throw new Error(t('The demo voice is missing ({url}: {status}).', { url: this.#url, status: response.status }))
    const source = audio.createBufferSource()
    source.buffer = await audio.decodeAudioData(await response.arrayBuffer())
    source.loop = true
    const out = audio.createMediaStreamDestination()
    source.connect(out)
    source.start()
    return out.stream
  }
}
