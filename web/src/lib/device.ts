// The voice SDK's device as the pages use it: registered for as long as wanted,
// calls known by the desk's leg ids, errors in words.

import { agentToken } from './api'
import { Connection } from './connection'
import { reason as micReason } from './mic'
import { openMic, plainLabel } from './microphones'
import { prefs } from './prefs.svelte'
import type { Sample } from './quality'
import { t } from './say.svelte'
import { farEnd, options, speakAt, twilio, type Call, type Device } from './sdk'
import type { Config, Mic } from './types'
import type { Voice } from './voices'
import { sdkWords, tokenCodes } from './words'

/** A ring the desk sent to this page. */
export interface Ringing {
  call: string
  leg: string
  kind: string
  key: string
}

/** The SDK call that is open. */
export interface Open {
  sid: string
  leg: string
  muted: boolean
  audio: 'fine' | 'reconnecting'
}

export interface PhoneEvents {
  /** Registration, rings or the open call changed; read the fields again. */
  changed(): void
  ringing(ring: Ringing): void
  opened(open: Open): void
  closed(sid: string): void
  /** Something to tell; empty when it is over. */
  trouble(words: string): void
  mic(state: Mic): void
  /** This microphone speaks from now on; null: none does, the call is over. */
  speaks(stream: MediaStream | null): void
  /** In mid-call the browser has gone from one microphone to another by itself. */
  moved(from: string, to: string): void
  /** How the open call's packets travel, each second. */
  sample(sample: Sample): void
}

const firstRetry = 1_000
const longestRetry = 15_000
/** The SDK reconnects by itself; only after this long is the device made anew. */
const patience = 15_000
/** The id under which the demo voice stands among the SDK's input devices. */
const voiceDevice = 'demo-voice'

export class Phone {
  registered = false
  open: Open | null = null
  /** Whether a demo voice speaks for this page instead of its microphone. */
  speaksByVoice: boolean

  #agent: string
  #config: Config
  #voice: Voice | null
  #events: PhoneEvents
  #device: Device | null = null
  #connection = new Connection()
  #rings = new Map<string, Call>()
  #openCall: Call | null = null
  #hearing = true
  #wanted = false
  /** The SDK holds a token that could not be renewed in time. */
  #stale = false
  /** The attempt to register that is under way, for all who wait for it. */
  #attempt: Promise<void> | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #retryAt = Infinity
  #delay = firstRetry
  /** The microphone that speaks, while a call is open. */
  #track: MediaStreamTrack | null = null
  /** A person chooses another one just now. */
  #choosing = false

  /** voice is what speaks in demo mode; null where only the microphone may. */
  constructor(agent: string, config: Config, voice: Voice | null, events: PhoneEvents) {
    this.#agent = agent
    this.#config = config
    this.#voice = voice
    this.#events = events
    this.speaksByVoice = voice !== null
  }

  /** start registers and stays registered; it resolves at the end of an attempt, good or bad. */
  async start(): Promise<void> {
    this.#wanted = true
    if (!this.registered && !this.#openCall) await this.#build()
  }

  stop(): void {
    this.#wanted = false
    this.#noLater()
    this.#discard()
  }

  rings(leg: string): boolean {
    return this.#rings.has(leg)
  }

  accept(leg: string): void {
    const call = this.#rings.get(leg)
    if (!call) return
    this.#rings.delete(leg)
    call.accept()
  }

  reject(leg: string): void {
    this.#rings.get(leg)?.reject()
    this.#rings.delete(leg)
  }

  /** hangUp ends the open call of this leg, if it is still open. */
  hangUp(leg: string): void {
    if (this.open?.leg === leg) this.#openCall?.disconnect()
  }

  mute(on: boolean): void {
    this.#openCall?.mute(on)
  }

  /** digits sends keys as tones to whoever is at the other end. */
  digits(keys: string): void {
    this.#openCall?.sendDigits(keys)
  }

  /** hear(false) silences the far end here without the far end noticing. */
  hear(on: boolean): void {
    this.#hearing = on
    if (this.#openCall) listen(this.#openCall, on)
  }

  /** speakBy chooses between demo voice and microphone, also during a call. */
  async speakBy(voice: boolean): Promise<void> {
    if (!this.#voice || voice === this.speaksByVoice) return
    this.speaksByVoice = voice
    const audio = this.#device?.audio
    if (!audio || !this.#openCall) return
    try {
      if (voice) await audio.setInputDevice(voiceDevice)
      else await this.useInput()
    } catch (error) {
      this.speaksByVoice = !voice
      throw error
    }
  }

  /** useInput has the chosen microphone speak in the open call; later ones take it by themselves. */
  async useInput(): Promise<void> {
    const audio = this.#device?.audio
    if (!audio || !this.#openCall || this.speaksByVoice) return
    const inputs = [...audio.availableInputDevices.keys()].filter((id) => id !== voiceDevice)
    const wanted = [prefs.input, 'default'].find((id) => inputs.includes(id)) ?? inputs[0]
    if (wanted === undefined) throw new DOMException('no microphone', 'NotFoundError')
    this.#choosing = true
    try {
      await audio.setInputDevice(wanted)
    } finally {
      this.#choosing = false
    }
  }

  /** useOutput lets the call out at the chosen device. */
  useOutput(): Promise<void> {
    return speakAt(this.#device, prefs.output)
  }

  #build(): Promise<void> {
    this.#attempt ??= this.#register().finally(() => (this.#attempt = null))
    return this.#attempt
  }

  async #register(): Promise<void> {
    this.#noLater()
    try {
      const { Device } = await twilio()
      const token = await agentToken(this.#agent)
      if (!this.#wanted) return
      this.#discard()
      const device = new Device(token, {
        ...options(this.#config),
        ...this.#connection.options(),
        getUserMedia: this.#microphone,
        ...(this.#voice && { enumerateDevices: inputsWithVoice }),
      })
      this.#device = device
      this.#listenTo(device)
      await device.register()
    } catch (error) {
      this.#fail(error, this.#delay)
    }
  }

  #listenTo(device: Device): void {
    device.on('registered', () => {
      this.#delay = firstRetry
      this.#events.trouble('')
      this.#setRegistered(true)
      void this.useOutput().catch(() => undefined) // heard from the computer's own choice
    })
    device.on('unregistered', () => {
      this.#setRegistered(false)
      this.#later(patience)
    })
    device.on('incoming', (call: Call) => this.#incoming(call))
    device.on('tokenWillExpire', () => void this.#renew())
    device.on('error', (error: { code: number; message: string }, call?: Call) => {
      // Errors of a call are told by the call's own listener.
      if (!call) this.#fail(error, tokenCodes.includes(error.code) ? this.#delay : patience)
    })
  }

  #incoming(call: Call): void {
    const given = call.customParameters
    const ring: Ringing = {
      call: given.get('call') ?? '',
      leg: given.get('leg') ?? call.parameters.CallSid ?? '',
      kind: given.get('kind') ?? '',
      key: given.get('key') ?? '',
    }
    this.#rings.set(ring.leg, call)
    const gone = () => {
      if (this.#rings.get(ring.leg) === call) this.#rings.delete(ring.leg)
      this.#events.changed()
    }
    call.on('cancel', gone)
    call.on('reject', gone)
    call.on('accept', () => this.#accepted(call, ring.leg))
    call.on('disconnect', () => this.#ended(call))
    call.on('error', (error: { code: number; message: string }) => {
      if (error.code === 31401 || error.code === 31402) this.#events.mic(error.code === 31401 ? 'denied' : 'busy')
      this.#events.trouble(sdkWords(error.code, error.message))
    })
    call.on('mute', (muted: boolean) => this.#update(call, { muted }))
    this.#connection.watch(call, (sample) => {
      if (call === this.#openCall) this.#events.sample(sample)
    })
    call.on('reconnecting', (error: { code: number }) => {
      // 53001 is signalling alone: the audio goes on.
      if (error.code !== 53001) this.#update(call, { audio: 'reconnecting' })
    })
    call.on('reconnected', () => {
      this.#events.trouble('')
      this.#update(call, { audio: 'fine' })
    })
    this.#events.ringing(ring)
  }

  #accepted(call: Call, leg: string): void {
    this.#openCall = call
    this.open = { sid: call.parameters.CallSid ?? '', leg, muted: call.isMuted(), audio: 'fine' }
    void farEnd(call).then(() => listen(call, this.#hearing))
    this.#events.opened(this.open)
    this.#events.changed()
  }

  #ended(call: Call): void {
    if (!this.#openCall) this.#noMic() // it came to nothing
    if (call !== this.#openCall) return
    const sid = this.open?.sid ?? ''
    this.#openCall = null
    this.open = null
    // Releases a microphone that speakBy opened; without one this does nothing.
    void this.#device?.audio?.unsetInputDevice().catch(() => undefined)
    this.#noMic()
    this.#events.closed(sid)
    this.#events.changed()
  }

  #update(call: Call, change: Partial<Open>): void {
    if (call !== this.#openCall || !this.open) return
    this.open = { ...this.open, ...change }
    if (change.audio === 'fine') listen(call, this.#hearing)
    this.#events.changed()
  }

  #setRegistered(registered: boolean): void {
    if (registered === this.registered) return
    this.registered = registered
    this.#events.changed()
  }

  /** What the SDK calls instead of the browser's getUserMedia. */
  #microphone = async (constraints: MediaStreamConstraints): Promise<MediaStream> => {
    if (this.#voice && this.speaksByVoice) {
      this.#events.speaks(null)
      return this.#voice.stream()
    }
    try {
      const stream = await openMic(constraints)
      this.#events.mic('granted')
      this.#spoken(stream)
      return stream
    } catch (error) {
      this.#events.mic(micReason(error))
      throw error
    }
  }

  /** No microphone is heard any more, and none is kept open. */
  #noMic(): void {
    this.#track = null
    this.#events.speaks(null)
  }

  #spoken(stream: MediaStream): void {
    const [track] = stream.getAudioTracks()
    if (!track) return
    const [from, to] = [plainLabel(this.#track?.label ?? ''), plainLabel(track.label)]
    if (this.#track && !this.#choosing && from !== to) this.#events.moved(from, to)
    this.#track = track
    // Where the SDK does not notice that a device is gone, its track's end tells.
    track.addEventListener('ended', () => {
      if (track === this.#track) void this.useInput().catch((error) => this.#events.mic(micReason(error)))
    })
    this.#events.speaks(stream)
  }

  /** signedIn: a token that could not be had before can be had now. */
  signedIn(): void {
    if (!this.#wanted) return
    if (this.#device) void this.#renew()
    else void this.#build()
  }

  async #renew(): Promise<void> {
    try {
      const token = await agentToken(this.#agent)
      this.#stale = false
      this.#device?.updateToken(token)
    } catch {
      this.#stale = true
      this.#later(this.#delay)
    }
  }

  #fail(error: unknown, retry: number): void {
    // A registration that the server closes fails without a reason of its own;
    // the device's error event has told it then.
    const { code, message = '' } = (error ?? {}) as { code?: number | string; message?: string }
    const words = typeof code === 'number' ? sdkWords(code, message) : message
    if (words) this.#events.trouble(words)
    this.#later(retry)
    this.#delay = Math.min(this.#delay * 2, longestRetry)
  }

  /** Looks again after a while, or sooner if that is planned: a device still not registered is renewed. */
  #later(delay: number): void {
    const at = Date.now() + delay
    if (!this.#wanted || at >= this.#retryAt) return
    clearTimeout(this.#retry)
    this.#retryAt = at
    this.#retry = setTimeout(() => {
      this.#retryAt = Infinity
      if (this.#device?.state === 'registered') return void (this.#stale && this.#renew())
      // An open call lives in its device; it gets a new token instead of a new device.
      if (this.#openCall) void this.#renew().then(() => this.#later(patience))
      else void this.#build()
    }, delay)
  }

  #noLater(): void {
    clearTimeout(this.#retry)
    this.#retryAt = Infinity
  }

  #discard(): void {
    const device = this.#device
    this.#device = null
    if (!device) return
    device.removeAllListeners()
    device.destroy()
    this.#rings.clear()
    if (this.#openCall) this.#ended(this.#openCall)
    this.#setRegistered(false)
  }
}

function listen(call: Call, on: boolean): void {
  call.getRemoteStream()?.getAudioTracks().forEach((track) => (track.enabled = on))
}

async function inputsWithVoice(): Promise<Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label' | 'groupId'>[]> {
  const real = (await navigator.mediaDevices?.enumerateDevices()) ?? []
  return [...real, { deviceId: voiceDevice, kind: 'audioinput', label: t('Demo voice'), groupId: voiceDevice }]
}
