// The customer's call, from the press of Call now on: the microphone, a place in
// line, the connection, and how to get back into it.

import * as api from '../lib/api'
import { unlock } from '../lib/audio'
import { reason, watchMic } from '../lib/mic'
import { framed, heard, tellParent, type ToPane } from '../lib/pane'
import { onLanguage, t } from '../lib/say.svelte'
import type { CallerLine, CallerState, CallerToken, Config, Mic } from '../lib/types'
import type { Connection, Wish } from './connection.svelte'
import type { Asked, Phase, Shown } from './shown'

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
/** The desk keeps the place of who has pressed for so long, while the browser asks for the microphone. */
const placeTime = 60_000
/** Why somebody calls, in characters. */
const mostTopic = 80
const load = () =>
  import('./connection.svelte').catch(() => {
    throw new Error(t('The phone part of this page did not load. Reload the page.'))
  })
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
  placeLeft = $state(0)
  promised = $state('')

  readonly name: string
  /** Whom the customer wants to speak to, as the address says. */
  #wish = $state.raw<Wish>({})
  /** What the site around has signed of the customer; empty: nothing. */
  #ctx: string
  #connection = $state.raw<Connection | null>(null)
  /** The leave to call of the last press, as long as it is of use. */
  #ticket: { granted: Promise<CallerToken>; until: number } | null = null
  #placing: ReturnType<typeof setInterval> | undefined
  /** Of the present call, or the last one: what a rating names it by. */
  #last: { call: string; key: string } | null = null
  /** With it the page comes back into its call; empty: there is none to come back into. */
  #key = ''
  #started = 0
  #dials = 0
  #pressed = 0
  #talked = false
  /** Counts the ways into a call and back, of which the newest counts. */
  #turn = 0
  #leaving = false
  #listening = !framed

  constructor(config: Config) {
    this.config = config
    const query = new URLSearchParams(location.search)
    this.name = query.get('name') ?? (config.demo ? 'Dana' : '')
    this.#ctx = query.get('ctx') ?? ''
    this.#wish = { Team: query.get('team') ?? '' }
    this.about(query.get('topic') ?? '')
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
      this.#listening = message.listen
      this.#connection?.ears.listen(message.listen)
    })
    // Once a microphone is plugged in or allowed, the next press will tell.
    const stopMic = watchMic(() => void this.#micChanged())
    // Closing ends the line, too, but is no reason to get it back.
    window.onpagehide = () => (this.#leaving = true)
    window.onpageshow = (event) => {
      this.#leaving = false
      if (event.persisted) this.#comeBack()
    }
    this.#comeBack()
    this.#report()
    const stopSpeaking = onLanguage((language) => this.#connection?.speak(language))
    void this.#expect()
    const looking = setInterval(() => void this.#expect(), expectEvery)
    const counting = setInterval(() => this.#count(), 500)
    return () => {
      clearInterval(looking)
      clearInterval(counting)
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
    this.trouble = this.thanks = this.promised = ''
    this.ratable = false
    this.stars = 0
    this.#last = null
    const turn = ++this.#turn
    void unlock()
    try {
      const [connection, granted, heard] = await Promise.all([this.#connect(), this.#grant(), this.#audible()])
      // End may have been pressed meanwhile.
      if (turn !== this.#turn) return
      if (!heard) return this.#keepPlace()
      this.phase = 'calling'
      this.#ticket = null
      this.#keepPlace()
      connection.ears.gap = null
      await this.#dial(connection, granted)
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      this.#over(code === 'not_available' ? t('Calling from this page is not set up. Dial {number} instead.', { number: this.config.number }) : message)
    }
  }

  get blocked() {
    return this.#connection?.ears.blocked ?? false
  }

  get speakers() {
    return this.#connection?.ears.speakers ?? []
  }

  get speaker() {
    return this.#connection?.ears.speaker ?? ''
  }

  get topic() {
    return this.#wish.Topic ?? ''
  }

  allow = async (): Promise<void> => this.#connection?.ears.allow()

  hearBy = (speaker: string): void => this.#connection?.ears.by(speaker)

  mute = (): void => this.#connection?.mute(!this.muted)

  press = (key: string): void => {
    if (Date.now() - this.#pressed < pressAgain) return
    this.#pressed = Date.now()
    this.tone(key)
  }

  tone = (key: string): void => this.#connection?.tone(key)

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
      this.thanks = (await api.callMeBack(this.#connection?.token ?? '', number)).sentence
    } catch (error) {
      this.trouble = (error as Error).message
    }
  }

  askBack = async (wish: Asked): Promise<void> => {
    this.trouble = ''
    try {
      this.promised = (await api.askBack(wish)).due
      this.mic = 'unknown'
      this.#ticket = null
      this.#keepPlace()
    } catch (error) {
      this.trouble = (error as Error).message
    }
  }

  end = (): void => {
    // Said first, because a line that merely ends may be lost.
    const said = this.#key && api.callerEnd(this.#key).catch(() => null)
    this.#keep('')
    if (!this.#connection?.hangUp(Promise.race([said, pause(500)]))) this.#over('')
  }

  /** What a line is made of loads once it is wanted. */
  async #connect(): Promise<Connection> {
    if (!this.#connection) {
      const { Connection, twilio } = await load()
      await twilio()
      this.#connection ??= new Connection(this.config, {
        caller: (state) => this.#hear(state),
        answered: (sid) => this.#answered(sid),
        muted: (on) => {
          this.muted = on
          this.#keep(this.#key)
        },
        reconnecting: (on) => (this.reconnecting = on),
        trouble: (words) => (this.trouble = words),
        lost: (words) => this.#lost(words),
        measured: () => this.#report(),
        renew: () => api.callerToken(this.name, this.#key),
      })
      this.#connection.ears.listen(this.#listening)
    }
    return this.#connection
  }

  /** The leave to call: it is asked for with the press, so that the place in line counts from there. */
  #grant(): Promise<CallerToken> {
    if (!this.#ticket || Date.now() >= this.#ticket.until) {
      const granted = api.callerToken(this.name, '', this.#ctx)
      granted.catch(() => (this.#ticket = null))
      this.#ticket = { granted, until: Date.now() + placeTime }
    }
    return this.#ticket.granted
  }

  /** Tells for how long the place is kept of who cannot be heard yet, if there is one. */
  #keepPlace(): void {
    clearInterval(this.#placing)
    const until = this.#ticket?.until ?? 0
    const count = () => {
      this.placeLeft = Math.max(0, Math.ceil((until - Date.now()) / 1000))
      if (!this.placeLeft) clearInterval(this.#placing)
    }
    this.#placing = setInterval(count, 500)
    count()
  }

  /** Whoever allows the microphone in time goes on into their place by themselves. */
  async #micChanged(): Promise<void> {
    const asked = await navigator.permissions?.query({ name: 'microphone' as PermissionName }).catch(() => null)
    if (asked?.state !== 'denied') this.mic = 'unknown'
    if (asked?.state === 'granted' && this.placeLeft > 0 && this.phase === 'idle') void this.call()
  }

  #hear(state: CallerState): void {
    this.caller = state
    if (state.state === 'talking') this.#talked = true
    if (state.state === 'parting') this.thanks = state.sentence
    this.#report()
  }

  #answered(sid: string): void {
    this.#started ||= Date.now()
    this.#dials = 0
    this.phase = 'in'
    this.reconnecting = false
    this.trouble = ''
    this.#last = { call: sid, key: this.#key }
    this.#keep(this.#key)
  }

  /** The line was lost, or the page reloaded: gets it back, for as long as the desk keeps the place. */
  async #resume(reloaded: boolean): Promise<void> {
    this.phase = 'in'
    this.reconnecting = true
    const turn = ++this.#turn
    for (let asked = 0; turn === this.#turn && this.#key && !this.#leaving; await pause(askEvery)) {
      try {
        const [connection, granted] = await Promise.all([this.#connect(), api.callerToken(this.name, this.#key)])
        if (!this.#key) return
        if (granted.state === 'none') return this.#over('')
        if (reloaded || granted.state === 'away') return await this.#dial(connection, granted)
        if (++asked === asks) return this.#over(t('This call goes on in another tab.'))
      } catch {
        // Offline: the desk keeps the place meanwhile.
        if (turn === this.#turn) this.#connection?.drop()
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

  /** Whether the customer will be heard: asks for the microphone and shows its level for a second. */
  async #audible(): Promise<boolean> {
    if (this.byVoice) {
      this.phase = 'calling'
      return true
    }
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
        const { meter } = await load()
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
      void this.#resume(true)
      this.#count()
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

  #dial(connection: Connection, granted: CallerToken): Promise<void> {
    this.#keep(granted.return)
    return connection.dial(granted, this.#wish, { muted: this.muted, byVoice: this.byVoice })
  }

  /** The line is gone: by the desk, which says so, or else it is got back. */
  #lost(trouble: string): void {
    if (this.#leaving) return
    const over = ['parting', 'ended'].includes(this.caller.state)
    if (!this.#key || this.phase !== 'in' || over || ++this.#dials > dials) return this.#over(trouble)
    this.#connection?.drop()
    void this.#resume(false)
  }

  #over(trouble: string): void {
    const was = this.phase
    this.trouble = trouble
    this.phase = was === 'in' ? 'ended' : 'idle'
    if (was === 'in') this.seconds = this.caller.endedAfter ?? this.seconds
    this.muted = this.reconnecting = false
    this.#started = this.#dials = 0
    this.ratable = was === 'in' && this.#talked && this.#last !== null
    this.#talked = false
    this.#turn++
    this.#keep('')
    this.#connection?.drop()
    this.caller = was === 'in' ? { ...nobody, state: 'ended' } : nobody
    this.#report()
  }

  #count(): void {
    if (this.#started && this.phase === 'in') this.seconds = Math.floor((Date.now() - this.#started) / 1000)
  }

  #report(): void {
    tellParent({
      kind: 'customer',
      state: this.caller.state,
      with: [...(this.caller.with ?? [])],
      gap: this.#connection?.ears.gap ?? null,
      byVoice: this.byVoice,
    })
  }
}
