// The customer's call: one outgoing SDK call and the desk's word on who is there.

import * as api from '../lib/api'
import { audioContext, unlock } from '../lib/audio'
import { measure } from '../lib/gap'
import { reason, watchMic } from '../lib/mic'
import { framed, heard, tellParent, type ToPane } from '../lib/pane'
import { farEnd, options, twilio, type Call, type Device } from '../lib/sdk'
import { Socket } from '../lib/socket'
import type { CallerState, Config, Mic } from '../lib/types'
import { Voice } from '../lib/voices'
import { sdkWords } from '../lib/words'

/** asking: the browser's question about the microphone is up; checking: its level is shown. */
export type Phase = 'idle' | 'asking' | 'checking' | 'calling' | 'in' | 'ended'

/** What the customer's card draws; the gallery brings its own. */
export interface Shown {
  readonly config: Config
  readonly phase: Phase
  readonly caller: CallerState
  readonly mic: Mic
  readonly level: number
  readonly trouble: string
  readonly muted: boolean
  readonly reconnecting: boolean
  readonly byVoice: boolean
  /** Seconds the call has lasted or did last. */
  readonly seconds: number
  call(): Promise<void>
  mute(): void
  end(): void
  speakBy(voice: boolean): void
}

const nobody: CallerState = { state: 'none', sentence: '', with: [] }
const checkFor = 1_000

export class Line implements Shown {
  readonly config: Config

  phase = $state<Phase>('idle')
  caller = $state.raw<CallerState>(nobody)
  mic = $state<Mic>('unknown')
  level = $state(0)
  trouble = $state('')
  muted = $state(false)
  reconnecting = $state(false)
  byVoice = $state(false)
  seconds = $state(0)

  #name: string
  /** Whom the customer wants to speak to, as the address says. */
  #team: { Team?: string } = {}
  #voice: Voice | null
  #device: Device | null = null
  #call: Call | null = null
  #socket: Socket | null = null
  #token = ''
  #listening = !framed
  #stopMeasure: () => void = () => undefined
  #gap: number | null = null

  constructor(config: Config) {
    this.config = config
    const query = new URLSearchParams(location.search)
    this.#name = query.get('name') ?? (config.demo ? 'Dana' : '')
    const team = query.get('team')
    this.#team = team ? { Team: team } : {}
    this.#voice = config.demo ? new Voice('dana') : null
    this.byVoice = config.demo && query.get('mic') !== 'real'
  }

  /** start listens to the page around; it returns the way to stop. */
  start(): () => void {
    const stopPane = heard<ToPane>((message) => {
      this.#listening = message.listen
      if (message.unlock) void unlock()
      this.#hear()
    })
    // Once a microphone is plugged in or allowed, the next press will tell.
    const stopMic = watchMic(() => (this.mic = 'unknown'))
    this.#report()
    return () => {
      stopPane()
      stopMic()
    }
  }

  call = async (): Promise<void> => {
    this.trouble = ''
    this.#gap = null
    void unlock()
    try {
      if (!this.byVoice && !(await this.#microphone())) return
      this.phase = 'calling'
      await this.#connect()
    } catch (error) {
      const { code, message } = error as { code?: number | string; message: string }
      this.#over(typeof code === 'number' ? sdkWords(code, message) : this.#words(code, message))
    }
  }

  mute = (): void => this.#call?.mute(!this.muted)

  end = (): void => {
    if (this.#call) this.#call.disconnect()
    else this.#over('')
  }

  /** speakBy counts from the next call on; during one the SDK keeps its input. */
  speakBy = (voice: boolean): void => {
    this.byVoice = voice
  }

  /** Whether the way to the call is still wanted: End takes it back to idle. */
  get #asking(): boolean {
    return this.phase === 'asking' || this.phase === 'checking'
  }

  #words(code: string | undefined, message: string): string {
    if (code !== 'not_available') return message
    return `Calling from this page is not set up. Dial ${this.config.number} instead.`
  }

  /** Asks for the microphone and shows its level for a second. */
  async #microphone(): Promise<boolean> {
    this.phase = 'asking'
    if (!navigator.mediaDevices?.getUserMedia) {
      this.mic = window.isSecureContext ? 'missing' : 'insecure'
      this.phase = 'idle'
      return false
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
      this.mic = 'granted'
      // End may have been pressed while the browser's question was up.
      const going = this.#asking
      if (going) {
        this.phase = 'checking'
        await this.#meter(stream)
      }
      stream.getTracks().forEach((track) => track.stop())
      return going && this.#asking
    } catch (error) {
      this.mic = reason(error)
      this.phase = 'idle'
      return false
    }
  }

  async #meter(stream: MediaStream): Promise<void> {
    const audio = audioContext()
    const source = audio.createMediaStreamSource(stream)
    const analyser = audio.createAnalyser()
    source.connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const until = performance.now() + checkFor
    while (performance.now() < until) {
      analyser.getFloatTimeDomainData(samples)
      this.level = Math.min(1, 4 * Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length))
      await new Promise((next) => setTimeout(next, 50))
    }
    source.disconnect()
    this.level = 0
  }

  async #connect(): Promise<void> {
    const [{ Device }, granted] = await Promise.all([twilio(), api.callerToken(this.#name)])
    // End may have been pressed meanwhile.
    if (this.phase !== 'calling') return
    this.#token = granted.token
    const device = new Device(granted.token, {
      ...options(this.config),
      ...(this.#voice && { getUserMedia: this.#input }),
    })
    this.#device = device
    device.on('error', (error: { code: number; message: string }) => {
      if (!this.#call) this.#over(sdkWords(error.code, error.message))
    })
    device.on('tokenWillExpire', () => void this.#renew())
    this.#watch()
    const call = await device.connect({ params: { To: granted.number, CallerName: granted.name, ...this.#team } })
    // Ended before the SDK was ready to dial.
    if (this.#device !== device) return call.disconnect()
    this.#call = call
    this.#listenTo(call)
  }

  #listenTo(call: Call): void {
    let started = 0
    const clock = setInterval(() => {
      if (started) this.seconds = Math.floor((Date.now() - started) / 1000)
    }, 500)
    call.on('accept', () => {
      started = Date.now()
      this.phase = 'in'
      void farEnd(call).then((stream) => stream && this.#heardFrom(stream))
    })
    call.on('mute', (muted: boolean) => (this.muted = muted))
    call.on('reconnecting', () => (this.reconnecting = true))
    call.on('reconnected', () => {
      this.reconnecting = false
      this.#hear()
    })
    call.on('error', (error: { code: number; message: string }) => (this.trouble = sdkWords(error.code, error.message)))
    const over = () => {
      clearInterval(clock)
      this.#over(this.trouble)
    }
    call.on('disconnect', over)
    call.on('cancel', over)
    call.on('reject', over)
  }

  #heardFrom(stream: MediaStream): void {
    this.#hear()
    this.#gap = 0
    this.#stopMeasure = measure(audioContext(), stream, (longest) => {
      this.#gap = longest / 1000
      this.#report()
    })
    this.#report()
  }

  /** What the SDK calls instead of the browser's getUserMedia in demo mode. */
  #input = (constraints: MediaStreamConstraints): Promise<MediaStream> =>
    this.byVoice && this.#voice ? this.#voice.stream() : navigator.mediaDevices.getUserMedia(constraints)

  #watch(): void {
    this.#socket = new Socket('/api/caller/stream', {
      hello: () => [{ type: 'hello', token: this.#token }],
      message: (message) => {
        if (message.type !== 'caller') return
        this.caller = message as unknown as CallerState
        this.#report()
      },
      state: () => undefined,
      closed: () => undefined,
    })
    this.#socket.start()
  }

  async #renew(): Promise<void> {
    try {
      this.#token = (await api.callerToken(this.#name)).token
      this.#device?.updateToken(this.#token)
    } catch {
      // The open call does not need it; the next call fetches its own.
    }
  }

  #over(trouble: string): void {
    const was = this.phase
    this.trouble = trouble
    this.phase = was === 'in' ? 'ended' : 'idle'
    if (was === 'in') this.seconds = this.caller.endedAfter ?? this.seconds
    this.muted = this.reconnecting = false
    this.#stopMeasure()
    this.#socket?.stop()
    const device = this.#device
    this.#device = this.#call = this.#socket = null
    device?.removeAllListeners()
    device?.destroy()
    this.caller = was === 'in' ? { ...nobody, state: 'ended' } : nobody
    this.#report()
  }

  #hear(): void {
    const tracks = this.#call?.getRemoteStream()?.getAudioTracks() ?? []
    tracks.forEach((track) => (track.enabled = this.#listening))
  }

  #report(): void {
    tellParent({
      kind: 'customer',
      state: this.caller.state,
      with: [...(this.caller.with ?? [])],
      gap: this.#gap,
      byVoice: this.byVoice,
    })
  }
}
