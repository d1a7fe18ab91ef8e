// What a line is made of while there is one: the SDK's call, the desk's word on it,
// ears and voice. It loads when it is needed; a page that nobody has called from yet
// does without.

import { language } from '../lib/say.svelte'
import { options, twilio, type Call, type Device } from '../lib/sdk'
import { Socket } from '../lib/socket'
import type { CallerState, CallerToken, Config } from '../lib/types'
import { Voice } from '../lib/voices'
import { sdkWords } from '../lib/words'
import { Ears } from './ears.svelte'

export { twilio } from '../lib/sdk'
export { meter } from './meter'

/** What a line is told. */
export interface Told {
  caller(state: CallerState): void
  /** The call with this carrier's id is up; muted is how it is to be. */
  answered(sid: string): void
  muted(on: boolean): void
  reconnecting(on: boolean): void
  trouble(words: string): void
  /** The call is over, or there is none. */
  lost(words: string): void
  /** Another longest silence. */
  measured(): void
  /** A fresh token for the call that is on. */
  renew(): Promise<CallerToken>
}

/** What the desk is told with the call. */
export type Wish = Readonly<{ Team?: string; Topic?: string }>

export class Connection {
  readonly ears: Ears
  #config: Config
  #told: Told
  #voice: Voice | null
  #byVoice = false
  #device: Device | null = null
  #call: Call | null = null
  #socket: Socket | null = null
  #token = ''

  constructor(config: Config, told: Told) {
    this.#config = config
    this.#told = told
    this.#voice = config.demo ? new Voice('dana') : null
    this.ears = new Ears(told.measured)
  }

  /** token is that of the present call, or the last one. */
  get token(): string {
    return this.#token
  }

  /** dial calls; it rejects with words for people when it cannot. */
  async dial(granted: CallerToken, wish: Wish, how: { muted: boolean; byVoice: boolean }): Promise<void> {
    try {
      await this.#dial(granted, wish, how)
    } catch (error) {
      const { code, message } = error as { code?: number; message: string }
      throw new Error(code ? sdkWords(code, message) : message)
    }
  }

  async #dial(granted: CallerToken, wish: Wish, how: { muted: boolean; byVoice: boolean }): Promise<void> {
    this.#token = granted.token
    this.#byVoice = how.byVoice
    const { Device } = await twilio()
    const device = new Device(granted.token, {
      ...options(this.#config),
      ...(this.#voice && { getUserMedia: this.#input }),
    })
    this.#device = device
    device.on('error', (error: { code: number; message: string }) => {
      if (!this.#call) this.#told.lost(sdkWords(error.code, error.message))
    })
    device.on('tokenWillExpire', () => void this.#renew())
    this.ears.at(device)
    this.#watch()
    const call = await device.connect({ params: { To: granted.number, CallerName: granted.name, ReturnKey: granted.return, Language: language(), ...wish } })
    // Ended before the SDK was ready to dial.
    if (this.#device !== device) return call.disconnect()
    this.#call = call
    this.#listenTo(call, how.muted)
  }

  mute = (on: boolean): void => this.#call?.mute(on)

  tone = (key: string): void => this.#call?.sendDigits(key)

  speak = (language: string): void => this.#socket?.send({ type: 'language', language })

  /** hangUp ends the call once what is to come before has come, or takes too long; false: there is none. */
  hangUp(before: Promise<unknown>): boolean {
    const call = this.#call
    if (call) void before.then(() => call.disconnect())
    return call !== null
  }

  /** drop lets go of the phone, and of the desk's word. */
  drop(): void {
    this.ears.off()
    this.#socket?.stop()
    const device = this.#device
    this.#device = this.#call = this.#socket = null
    device?.removeAllListeners()
    device?.destroy()
  }

  #listenTo(call: Call, muted: boolean): void {
    const told = this.#told
    let trouble = ''
    call.on('accept', () => {
      trouble = ''
      if (muted) call.mute(true)
      told.answered(call.parameters.CallSid ?? '')
      void this.ears.hear(call, this.#byVoice)
    })
    call.on('mute', told.muted)
    call.on('reconnecting', () => told.reconnecting(true))
    call.on('reconnected', () => {
      told.reconnecting(false)
      this.ears.again()
    })
    call.on('error', (error: { code: number; message: string }) => told.trouble((trouble = sdkWords(error.code, error.message))))
    for (const over of ['disconnect', 'cancel', 'reject'] as const) call.on(over, () => told.lost(trouble))
  }

  /** What the SDK calls instead of the browser's getUserMedia in demo mode. */
  #input = (constraints: MediaStreamConstraints): Promise<MediaStream> =>
    this.#byVoice && this.#voice ? this.#voice.stream() : navigator.mediaDevices.getUserMedia(constraints)

  #watch(): void {
    this.#socket = new Socket('/api/caller/stream', {
      hello: () => [{ type: 'hello', token: this.#token, language: language() }],
      message: (message) => {
        if (message.type === 'caller') this.#told.caller(message as unknown as CallerState)
      },
      state: () => undefined,
      closed: () => undefined,
    })
    this.#socket.start()
  }

  async #renew(): Promise<void> {
    try {
      this.#token = (await this.#told.renew()).token
      this.#device?.updateToken(this.#token)
    } catch {
      // The open call does not need it; the next call fetches its own.
    }
  }
}
