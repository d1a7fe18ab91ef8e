// The agent's line at this page: the phone, the microphone, the sound, and the rings
// that are accepted without a press. What it learns it says to the desk; whose call it
// is, the desk knows.

import { ringAt, unlock } from '../lib/audio'
import { Phone, type Open, type Ringing } from '../lib/device'
import { reason } from '../lib/mic'
import { tryMic } from '../lib/microphones'
import { prefs } from '../lib/prefs.svelte'
import type { Call, Config, Mic, Presence } from '../lib/types'
import { Voice } from '../lib/voices'
import { micWords } from '../lib/words'
import { Audio } from './audio.svelte'
import { registerWithin } from './lines'

/** Every so many measurements, of which there is one in a second, the desk is told of them. */
const tellEvery = 5

/** What the line has of the desk. */
export interface Desk {
  say(message: object): void
  /** The call of that id, if this agent has a part in it. */
  call(id: string): Call | undefined
  /** Whether a call of that id is known at all: mine, or in line. */
  knows(id: string): boolean
  /** The line has opened, closed, been muted. */
  changed(): void
}

export class Handset {
  readonly audio: Audio

  mic = $state<Mic>('unknown')
  trouble = $state('')
  soundBlocked = $state(false)
  open = $state.raw<Open | null>(null)
  byVoice = $state(false)
  /** Since when nothing comes through the open line; null: it does, or none is open. */
  silentSince = $state<number | null>(null)

  #desk: Desk
  #phone: Phone
  #cameBack = false
  /** How often the open lines were measured. */
  #samples = 0
  /** Calls this agent pressed Answer for, whose ring is accepted when it comes. */
  #wanted = new Set<string>()
  /** Rings that have come and were neither accepted nor taken back. */
  #rings = new Map<string, Ringing>()

  constructor(agent: string, config: Config, desk: Desk) {
    this.#desk = desk
    const real = new URLSearchParams(location.search).get('mic') === 'real'
    const name = config.agents.find((one) => one.id === agent)?.name.toLowerCase() ?? agent
    const voice = config.demo && !real ? new Voice(name) : null
    this.#phone = new Phone(agent, config, voice, {
      changed: () => this.#changed(),
      ringing: (ring) => {
        this.#rings.set(ring.leg, ring)
        this.settle()
      },
      opened: (open) => desk.say({ type: 'call', sid: open.sid, state: 'open', muted: open.muted }),
      closed: (sid) => desk.say({ type: 'call', sid, state: 'closed', muted: false }),
      trouble: (words) => (this.trouble = words),
      mic: (state) => this.#setMic(state),
      speaks: (stream) => this.audio.speaks(stream),
      moved: (from, to) => void this.audio.wentTo(from, to),
      sample: (sample) => {
        this.audio.sample(sample)
        this.#silence()
        if (++this.#samples % tellEvery === 0) this.#tellQuality()
      },
    })
    this.audio = new Audio({
      useInput: () => this.#phone.useInput(),
      useOutput: () => this.#phone.useOutput(),
      useRing: () => ringAt(prefs.ring),
      muted: () => this.open?.muted ?? false,
    })
    this.byVoice = this.#phone.speaksByVoice
  }

  get registered(): boolean {
    return this.#phone.registered
  }

  /** Whether callers would hear anything from this page. */
  get heard(): boolean {
    return this.mic === 'voice' || this.mic === 'granted'
  }

  /** hello is what a desk that has not met this page is told of the line. */
  hello(): object[] {
    return [{ type: 'device', registered: this.registered }, ...this.#micMessage()]
  }

  hear(listening: boolean): void {
    this.#phone.hear(listening)
  }

  mute(): void {
    if (this.open) this.#phone.mute(!this.open.muted)
  }

  tone(keys: string): void {
    this.#phone.digits(keys)
  }

  /** want: the ring of that call is to be accepted as soon as it comes. */
  want(call: string): void {
    this.#wanted.add(call)
    this.settle()
  }

  unwant(call: string): void {
    this.#wanted.delete(call)
  }

  hangUp(leg: string): void {
    this.#phone.hangUp(leg)
  }

  /** refuse ends a leg that is not wanted, whether it rings or is answered. */
  refuse(leg: string): void {
    this.#phone.reject(leg)
    this.#phone.hangUp(leg)
  }

  signedIn(): void {
    this.#phone.signedIn()
  }

  stop(): void {
    this.#cameBack = false
    this.#phone.stop()
  }

  /** settle accepts the rings that need no press: those asked for and those that bring us back. */
  settle(): void {
    for (const ring of [...this.#rings.values()]) {
      const call = this.#desk.call(ring.call)
      if (!call) continue
      const back = ring.key !== '' && ring.key === call.rejoin?.key
      const asked = this.#wanted.has(call.id) && ring.leg === call.myLeg
      if (!back && !asked) continue
      this.#rings.delete(ring.leg)
      this.#wanted.delete(call.id)
      this.#phone.accept(ring.leg)
    }
    for (const id of this.#wanted) if (!this.#desk.knows(id)) this.#wanted.delete(id)
  }

  /** comeBack, after a reload: an agent the desk counts on gets the phone back without a press. */
  async comeBack(presence: Presence): Promise<void> {
    if (this.#cameBack || presence === 'offline' || presence === 'away') return
    this.#cameBack = true
    void this.sound()
    await this.ready()
  }

  /** sound asks the browser for sound, and says whether there is any. */
  async sound(): Promise<boolean> {
    this.soundBlocked = !(await unlock())
    return !this.soundBlocked
  }

  /** ready connects the phone, and says whether it is. */
  async ready(): Promise<boolean> {
    if (this.byVoice) this.#setMic('voice')
    else this.#setMic(await tryMic())
    if (!this.heard) return false
    this.#cameBack = true
    await Promise.race([this.#phone.start(), new Promise((done) => setTimeout(done, registerWithin))])
    return this.#phone.registered
  }

  /** speakBy changes between the microphone and the built-in voice; what went wrong, in words, or nothing. */
  async speakBy(voice: boolean): Promise<string> {
    const state = voice ? 'voice' : await tryMic()
    if (state !== 'voice' && state !== 'granted') return micWords(state)
    try {
      await this.#phone.speakBy(voice)
    } catch (error) {
      return micWords(reason(error))
    }
    this.byVoice = voice
    this.#setMic(state)
    return ''
  }

  async retryMic(): Promise<void> {
    this.#setMic(await tryMic())
  }

  /** micChanged: a plug or a permission changed. Worth a look unless a demo voice speaks anyway. */
  async micChanged(): Promise<void> {
    const any = await this.audio.look()
    if (this.mic === 'voice' || this.mic === 'unknown') return
    // In a call the SDK opens what there is.
    if (!this.open) this.#setMic(await tryMic())
    else if (!any) this.#setMic('missing')
  }

  #changed(): void {
    this.open = this.#phone.open
    this.#silence()
    for (const leg of this.#rings.keys()) if (!this.#phone.rings(leg)) this.#rings.delete(leg)
    this.#desk.say({ type: 'device', registered: this.#phone.registered })
    if (this.open) this.#desk.say({ type: 'call', sid: this.open.sid, state: 'open', muted: this.open.muted })
    this.#desk.changed()
  }

  #silence(): void {
    const silent = this.open !== null && (this.open.audio === 'reconnecting' || (this.audio.net?.stalled ?? false))
    if (!silent) this.silentSince = null
    else this.silentSince ??= Date.now()
  }

  #tellQuality(): void {
    if (!this.open || !this.audio.net) return
    const { word, loss, rtt, jitter } = this.audio.net
    this.#desk.say({ type: 'quality', sid: this.open.sid, word, loss, rtt, jitter })
  }

  #setMic(state: Mic): void {
    if (state === this.mic) return
    this.mic = state
    for (const message of this.#micMessage()) this.#desk.say(message)
  }

  #micMessage(): object[] {
    if (this.mic === 'unknown') return []
    const state = this.heard ? 'granted' : this.mic === 'missing' ? 'missing' : 'denied'
    return [{ type: 'mic', state }]
  }
}
