// What the customer hears by: whether sound is let out, at which speaker, and how
// long the longest silence was.

import { audioContext, unlock } from '../lib/audio'
import { measure } from '../lib/gap'
import { framed } from '../lib/pane'
import { farEnd, type Call, type Device } from '../lib/sdk'
import type { Speaker } from './shown'

export class Ears {
  blocked = $state(false)
  speakers = $state.raw<readonly Speaker[]>([])
  speaker = $state('default')
  /** The longest silence of the call in seconds; null: none was measured. */
  gap: number | null = null

  #measured: () => void
  #device: Device | null = null
  #call: Call | null = null
  #listening = !framed
  #out = new Audio()
  #stop: () => void = () => undefined

  /** measured is called whenever gap has changed. */
  constructor(measured: () => void) {
    this.#measured = measured
  }

  /** at says which device tells the speakers; they change as things are plugged in. */
  at(device: Device): void {
    this.#device = device
    device.audio?.on('deviceChange', () => this.#look())
  }

  /** hear listens to a call that was just answered; byVoice: sound is made here, too. */
  async hear(call: Call, byVoice: boolean): Promise<void> {
    this.#call = call
    this.#look() // names need the microphone's leave
    const stream = await farEnd(call)
    if (!stream) return
    this.again()
    void this.#audible(stream, byVoice)
    this.gap = 0
    this.#stop = measure(audioContext(), stream, (longest) => {
      this.gap = longest / 1000
      this.#measured()
    })
    this.#measured()
  }

  /** again silences the call, or does not, after it got another stream. */
  again(): void {
    const tracks = this.#call?.getRemoteStream()?.getAudioTracks() ?? []
    tracks.forEach((track) => (track.enabled = this.#listening))
  }

  /** listen(false) silences the call here without the far end noticing. */
  listen(on: boolean): void {
    this.#listening = on
    this.again()
  }

  by(speaker: string): void {
    this.speaker = speaker
    void this.#device?.audio?.speakerDevices.set(speaker).catch(() => this.#look())
  }

  allow = async (): Promise<void> => {
    this.blocked = !(await unlock())
    if (this.#out.srcObject) await this.#out.play()
  }

  /** off lets go of the call and its device. */
  off(): void {
    this.#stop()
    this.blocked = false
    this.#out.srcObject = null
    this.#device = this.#call = null
  }

  #look(): void {
    const audio = this.#device?.audio
    if (!audio?.isOutputSelectionSupported) return
    this.speakers = [...audio.availableOutputDevices.values()].map(({ deviceId, label }) => ({ id: deviceId, name: label }))
    this.speaker = [...audio.speakerDevices.get()][0]?.deviceId ?? 'default'
  }

  /** Nobody has clicked since a reload: is sound let out, and the demo voice in? */
  async #audible(stream: MediaStream, byVoice: boolean): Promise<void> {
    if (navigator.userActivation?.hasBeenActive) return
    this.#out.srcObject = stream
    try {
      await this.#out.play()
      this.#out.srcObject = null // the SDK's own plays, then
      this.blocked = byVoice && !(await unlock())
    } catch {
      this.blocked = true
    }
  }
}
