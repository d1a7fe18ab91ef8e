// The customer's call: one outgoing SDK call and the desk's word on who is there.

import * as api from '../lib/api'
import { unlock } from '../lib/audio'
import { reason, watchMic } from '../lib/mic'
import { framed, heard, tellParent, type ToPane } from '../lib/pane'
import { language, onLanguage, t } from '../lib/say.svelte'
import { options, twilio, type Call, type Device } from '../lib/sdk'
import { Socket } from '../lib/socket'
import type { CallerLine, CallerState, CallerToken, Config, Mic } from '../lib/types'
import { Voice } from '../lib/voices'
import { sdkWords } from '../lib/words'
import { Ears } from './ears.svelte'
import { meter } from './meter'
import type { Phase, Shown } from './shown'

/** What a reload must not forget. A pane of the three-pane page shares its storage with the page around. */
const kept = framed ? 'warmdesk.pane' : 'warmdesk.call'

type Kept = [key: string, started: number, muted: boolean, byVoice: boolean]

const nobody: CallerState = { state: 'none', sentence: '', with: [] }
const checkFor = 1_000
/** How often the desk is asked whether the line is back, or gone. */
const askEvery = 1_000
/** So often a live call is not ours any more: another tab has it. */
const asks = 5
const dials = 3
/** A second press so soon was meant for what the first one has taken away. */
const pressAgain = 1_000
/** How often a page that is not in a call asks how long the line is. */
const expectEvery = 20_000
/** Why somebody calls, in characters. */
const mostTopic = 80
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms))

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
  thanks = $state('')
  expects = $state.raw<CallerLine | null>(null)
  ratable = $state(false)
  stars = $state(0)

  #name: string
  /** Whom the customer wants to speak to, as the address says. */
  #wish: { Team?: string; Topic?: string } = {}
  /** What the site around has signed of the customer; empty: nothing. */
  #ctx: string
  #voice: Voice | null
  #device: Device | null = null
  #call: Call | null = null
  #socket: Socket | null = null
  #token = ''
  /** Of the present call, or the last one: what a rating names it by. */
  #last: { call: string; key: string } | null = null
  /** With it the page comes back into its call; empty: there is none to come back into. */
  #key = ''
  #started = 0
  #dials = 0
  #pressed = 0
  #talked = false
  /** Counts the ways back, of which the newest counts. */
  #turn = 0
  #leaving = false
  #ears = new Ears(() => this.#report())

  constructor(config: Config) {
    this.config = config
    const query = new URLSearchParams(location.search)
    this.#name = query.get('name') ?? (config.demo ? 'Dana' : '')
    this.#ctx = query.get('ctx') ?? ''
    this.#wish = { Team: query.get('team') ?? '' }
    this.about(query.get('topic') ?? '')
    this.#voice = config.demo ? new Voice('dana') : null
    this.byVoice = config.demo && query.get('mic') !== 'real'
  }

  /** about says why the customer calls, from the next call on. */
  about = (topic: string): void => {
    this.#wish = { ...this.#wish, Topic: topic.slice(0, mostTopic) }
  }

  /** vouched takes what the site around has signed of the customer, from the next call on. */
  vouched = (ctx: string): void => {
    this.#ctx = ctx
  }

  /** start listens to the page around; it returns the way to stop. */
  start(): () => void {
    const stopPane = heard<ToPane>((message) => {
      if (message.unlock) void unlock()
      this.#ears.listen(message.listen)
    })
    // Once a microphone is plugged in or allowed, the next press will tell.
    const stopMic = watchMic(() => (this.mic = 'unknown'))
    // Closing ends the line, too, but is no reason to get it back.
    window.onpagehide = () => (this.#leaving = true)
    window.onpageshow = (event) => {
      this.#leaving = false
      if (event.persisted) this.#comeBack()
    }
    this.#comeBack()
    this.#report()
    const stopSpeaking = onLanguage((language) => this.#socket?.send({ type: 'language', language }))
    void this.#expect()
    const looking = setInterval(() => void this.#expect(), expectEvery)
    return () => {
      clearInterval(looking)
      stopSpeaking()
      stopPane()
      stopMic()
      window.onpagehide = window.onpageshow = null
    }
  }

  async #expect(): Promise<void> {
    if (document.hidden || (this.phase !== 'idle' && this.phase !== 'ended')) return
    this.expects = await api.callerLine(this.#wish.Team ?? '').catch(() => null)
  }

  call = async (): Promise<void> => {
    this.trouble = this.thanks = ''
    this.ratable = false
    this.stars = 0
    this.#ears.gap = this.#last = null
    void unlock()
    try {
      if (!this.byVoice && !(await this.#microphone())) return
      this.phase = 'calling'
      const [granted] = await Promise.all([api.callerToken(this.#name, '', this.#ctx), twilio()])
      // End may have been pressed meanwhile.
      if (this.phase !== 'calling') return
      await this.#dial(granted)
    } catch (error) {
      const { code, message } = error as { code?: number | string; message: string }
      this.#over(typeof code === 'number' ? sdkWords(code, message) : this.#words(code, message))
    }
  }

  get blocked() {
    return this.#ears.blocked
  }

  get speakers() {
    return this.#ears.speakers
  }

  get speaker() {
    return this.#ears.speaker
  }

  allow = (): Promise<void> => this.#ears.allow()

  hearBy = (speaker: string): void => this.#ears.by(speaker)

  mute = (): void => this.#call?.mute(!this.muted)

  press = (key: string): void => {
    if (Date.now() - this.#pressed < pressAgain) return
    this.#pressed = Date.now()
    this.tone(key)
  }

  tone = (key: string): void => this.#call?.sendDigits(key)

  rate = async (stars: number): Promise<void> => {
    if (!this.#last || this.stars > 0) return
    this.trouble = ''
    this.stars = stars
    try {
      await api.rate(this.#last.call, this.#last.key, stars)
    } catch (error) {
      this.stars = 0
      this.trouble = (error as Error).message
    }
  }

  callBack = async (number: string): Promise<void> => {
    this.trouble = ''
    try {
      this.thanks = (await api.callMeBack(this.#token, number)).sentence
    } catch (error) {
      this.trouble = (error as Error).message
    }
  }

  end = (): void => {
    const call = this.#call
    // Said first, because a line that merely ends may be lost.
    const said = this.#key && api.callerEnd(this.#key).catch(() => null)
    this.#keep('')
    if (call) void Promise.race([said, pause(500)]).then(() => call.disconnect())
    else this.#over('')
  }

  /** The line was lost, or the page reloaded: gets it back, for as long as the desk keeps the place. */
  async #resume(reloaded: boolean): Promise<void> {
    this.phase = 'in'
    this.reconnecting = true
    const turn = ++this.#turn
    for (let asked = 0; turn === this.#turn && this.#key && !this.#leaving; await pause(askEvery)) {
      try {
        const [granted] = await Promise.all([api.callerToken(this.#name, this.#key), twilio()])
        if (!this.#key) return
        if (granted.state === 'none') return this.#over('')
        if (reloaded || granted.state === 'away') return await this.#dial(granted)
        if (++asked === asks) return this.#over(t('This call goes on in another tab.'))
      } catch {
        // Offline: the desk keeps the place meanwhile.
        if (turn === this.#turn) this.#drop()
      }
    }
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
    return t('Calling from this page is not set up. Dial {number} instead.', { number: this.config.number })
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
        await meter(stream, checkFor, (level) => (this.level = level))
      }
      stream.getTracks().forEach((track) => track.stop())
      return going && this.#asking
    } catch (error) {
      this.mic = reason(error)
      this.phase = 'idle'
      return false
    }
  }

  /** After a reload: the call this page was in. */
  #comeBack(): void {
    try {
      const [key, started, muted, byVoice] = JSON.parse(sessionStorage.getItem(kept)!) as Kept
      Object.assign(this, { muted, byVoice })
      this.#started = started
      this.#key = key
      this.#count()
      void this.#resume(true)
    } catch {
      // There was none.
    }
  }

  #keep(key: string): void {
    this.#key = key
    const kind: Kept = [key, this.#started, this.muted, this.byVoice]
    try {
      if (key) sessionStorage.setItem(kept, JSON.stringify(kind))
      else sessionStorage.removeItem(kept)
    } catch {
      // A browser that keeps nothing: a reload ends the call, after a while.
    }
  }

  async #dial(granted: CallerToken): Promise<void> {
    this.#token = granted.token
    this.#keep(granted.return)
    const { Device } = await twilio()
    const device = new Device(granted.token, {
      ...options(this.config),
      ...(this.#voice && { getUserMedia: this.#input }),
    })
    this.#device = device
    device.on('error', (error: { code: number; message: string }) => {
      if (!this.#call) this.#lost(sdkWords(error.code, error.message))
    })
    device.on('tokenWillExpire', () => void this.#renew())
    this.#ears.at(device)
    this.#watch()
    const call = await device.connect({ params: { To: granted.number, CallerName: granted.name, ReturnKey: this.#key, Language: language(), ...this.#wish } })
    // Ended before the SDK was ready to dial.
    if (this.#device !== device) return call.disconnect()
    this.#call = call
    this.#listenTo(call)
  }

  #listenTo(call: Call): void {
    const clock = setInterval(() => this.#count(), 500)
    call.on('accept', () => {
      this.#started ||= Date.now()
      this.#dials = 0
      this.phase = 'in'
      this.reconnecting = false
      this.trouble = ''
      if (this.muted) call.mute(true)
      this.#last = { call: call.parameters.CallSid ?? '', key: this.#key }
      this.#keep(this.#key)
      void this.#ears.hear(call, this.byVoice)
    })
    call.on('mute', (muted: boolean) => {
      this.muted = muted
      this.#keep(this.#key)
    })
    call.on('reconnecting', () => (this.reconnecting = true))
    call.on('reconnected', () => {
      this.reconnecting = false
      this.#ears.again()
    })
    call.on('error', (error: { code: number; message: string }) => (this.trouble = sdkWords(error.code, error.message)))
    const over = () => {
      clearInterval(clock)
      this.#lost(this.trouble)
    }
    call.on('disconnect', over)
    call.on('cancel', over)
    call.on('reject', over)
  }

  /** What the SDK calls instead of the browser's getUserMedia in demo mode. */
  #input = (constraints: MediaStreamConstraints): Promise<MediaStream> =>
    this.byVoice && this.#voice ? this.#voice.stream() : navigator.mediaDevices.getUserMedia(constraints)

  #watch(): void {
    this.#socket = new Socket('/api/caller/stream', {
      hello: () => [{ type: 'hello', token: this.#token, language: language() }],
      message: (message) => {
        if (message.type !== 'caller') return
        this.caller = message as unknown as CallerState
        if (this.caller.state === 'talking') this.#talked = true
        if (this.caller.state === 'parting') this.thanks = this.caller.sentence
        this.#report()
      },
      state: () => undefined,
      closed: () => undefined,
    })
    this.#socket.start()
  }

  async #renew(): Promise<void> {
    try {
      this.#token = (await api.callerToken(this.#name, this.#key)).token
      this.#device?.updateToken(this.#token)
    } catch {
      // The open call does not need it; the next call fetches its own.
    }
  }

  /** The line is gone: by the desk, which says so, or else it is got back. */
  #lost(trouble: string): void {
    if (this.#leaving) return
    const over = ['parting', 'ended'].includes(this.caller.state)
    if (!this.#key || this.phase !== 'in' || over || ++this.#dials > dials) return this.#over(trouble)
    this.#drop()
    void this.#resume(false)
  }

  #over(trouble: string): void {
    const was = this.phase
    this.trouble = trouble
    this.phase = was === 'in' ? 'ended' : 'idle'
    if (was === 'in') this.seconds = this.caller.endedAfter ?? this.seconds
    this.muted = this.reconnecting = this.#ears.blocked = false
    this.#started = this.#dials = 0
    this.ratable = was === 'in' && this.#talked && this.#last !== null
    this.#talked = false
    this.#keep('')
    this.#drop()
    this.caller = was === 'in' ? { ...nobody, state: 'ended' } : nobody
    this.#report()
  }

  /** Lets go of the phone, and of the desk's word. */
  #drop(): void {
    this.#ears.off()
    this.#socket?.stop()
    const device = this.#device
    this.#device = this.#call = this.#socket = null
    device?.removeAllListeners()
    device?.destroy()
  }

  #count(): void {
    if (this.#started) this.seconds = Math.floor((Date.now() - this.#started) / 1000)
  }

  #report(): void {
    tellParent({
      kind: 'customer',
      state: this.caller.state,
      with: [...(this.caller.with ?? [])],
      gap: this.#ears.gap,
      byVoice: this.byVoice,
    })
  }
}
