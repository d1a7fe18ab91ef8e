// One agent's page: joins the desk's snapshots, the line at this page and the
// agent's buttons. It keeps no call state of its own: what it shows is the
// last snapshot plus what only this page can know.

import * as api from '../lib/api'
import { Alerts, mayAsk } from '../lib/alerts'
import { ringAt } from '../lib/audio'
import type { Open } from '../lib/device'
import { watchMic } from '../lib/mic'
import { framed, heard, tellParent, type ToPane } from '../lib/pane'
import { door, embedder } from '../lib/embedder'
import { choose, prefs } from '../lib/prefs.svelte'
import { chime, tick } from '../lib/ring'
import { key, language, onLanguage, t } from '../lib/say.svelte'
import { signedOut, Socket, takenOver } from '../lib/socket'
import type { BoardData, Call, Config, Happening, Mic, Notice, Presence, Request, Snapshot, TaskRequest, Writing } from '../lib/types'
import { alertOf, ticks } from './alert'
import { BoardFeed } from './board.svelte'
import { Handset } from './handset.svelte'
import { backFor, goodbyes, places, releaseAfter, remindEvery } from './lines'
import { Notices } from './notices.svelte'
import type { Audio } from './audio.svelte'
import { Back, leave } from './away'
import { outage, type Outage } from './outage'
import { openPage, Pops } from './pop'
import type { Link, Shown } from './shown'
import { view } from './view'

export type { Link, Shown }

/** name is one that no other page has; randomUUID would want a secure page. */
const name = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-')

const notReady = key('The phone line is not ready yet. Try again in a moment.')

export class Session implements Shown {
  readonly config: Config
  readonly agent: string
  readonly framed = framed
  readonly notices = new Notices()

  snapshot = $state.raw<Snapshot | null>(null)
  link = $state<Link>('connecting')
  asksPopUp = $state(false)
  pending = $state<Record<string, number>>({})
  now = $state(Date.now())
  lostNote = $state('')

  /** What stands in the place of a call that is over, and since when. */
  #after = $state.raw<{ notice: Notice; at: number } | null>(null)
  /** The call this page has just come back into. */
  #returned = $state.raw<{ call: string; words: string; until: number } | null>(null)

  outage = $derived.by(() => this.#outage())

  view = $derived(
    this.snapshot &&
      view(this.snapshot, {
        now: this.#theirNow(),
        muted: this.open?.muted ?? null,
        silent: this.#silent,
        after: this.#after && { notice: this.#after.notice, shownFor: this.now - this.#after.at },
        back: this.#returned && this.now < this.#returned.until ? this.#returned : null,
      }),
  )
  name = $derived(this.snapshot?.me.name ?? '')
  role = $derived(this.snapshot?.me.role)
  presence = $derived(this.snapshot?.presence ?? 'offline')
  ownPassword = $derived(this.snapshot?.me.changePassword ?? false)

  readonly board = new BoardFeed((message) => this.#socket.send(message))
  #page = name()
  #socket: Socket
  #hand: Handset
  #alerts = new Alerts()
  #listening = $state(!framed)
  #back: Back
  #pops = new Pops((url) => framed || openPage(url))
  #received = 0
  /** The next snapshot counts whatever its version: a restarted desk counts anew. */
  #fresh = true

  constructor(agent: string, config: Config) {
    this.agent = agent
    this.config = config
    this.#hand = new Handset(agent, config, {
      say: (message) => this.#socket.send(message),
      call: (id) => this.#call(id),
      knows: (id) => this.#call(id) !== undefined || (this.snapshot?.queue.some((row) => row.id === id) ?? false),
      changed: () => this.#hear(),
    })
    this.#back = new Back(agent)
    this.#socket = new Socket(`/api/agents/${agent}/stream`, {
      hello: () => [
        { type: 'hello', page: this.#page, live: this.open?.sid ?? '', age: Math.round(performance.now()), language: language() },
        ...this.#hand.hello(),
        ...this.board.hello(),
      ],
      message: (message) => {
        if (message.type === 'snapshot') this.#take(message as unknown as Snapshot)
        if (message.type === 'board') this.board.take(message as unknown as BoardData)
        // The desk still hears this page, so that its caller is not taken for lost.
        if (message.type === 'signed_out') this.link = 'signed_out'
      },
      state: (state) => this.#linked(state),
      closed: (code) => this.#closed(code),
    })
  }

  /** start runs the page until the returned function is called. */
  start(): () => void {
    const clock = setInterval(() => (this.now = Date.now()), 500)
    const reminder = setInterval(() => this.#remind(), remindEvery)
    const stopMic = watchMic(() => void this.#hand.micChanged())
    const stopPane = heard<ToPane>((message) => this.#fromParent(message))
    // Before the SDK hangs up for the same reason, so that the desk does not
    // ring a page that is just closing.
    const leaving = () => {
      const call = this.view?.card?.call
      if (this.open && call) leave(this.agent, call.id, Date.now())
      this.#socket.send({ type: 'device', registered: false })
    }
    // Any click will do where the browser wants one before it makes sound.
    const clicked = () => void (this.soundBlocked && this.#hand.sound())
    window.addEventListener('pagehide', leaving)
    window.addEventListener('pointerdown', clicked)
    const stopAlerts = this.#alerts.start()
    this.#socket.start()
    this.#hear()
    const stopSpeaking = onLanguage((language) => this.#socket.send({ type: 'language', language }))
    return () => {
      stopSpeaking()
      window.removeEventListener('pagehide', leaving)
      window.removeEventListener('pointerdown', clicked)
      clearInterval(clock)
      clearInterval(reminder)
      stopMic()
      stopPane()
      stopAlerts()
      this.#socket.stop()
      this.#hand.stop()
    }
  }

  get open(): Open | null {
    return this.#hand.open
  }
  get mic(): Mic {
    return this.#hand.mic
  }
  get trouble(): string {
    return this.#hand.trouble
  }
  get soundBlocked(): boolean {
    return this.#hand.soundBlocked
  }
  get byVoice(): boolean {
    return this.#hand.byVoice
  }
  get audio(): Audio {
    return this.#hand.audio
  }

  goAvailable = (): Promise<string> =>
    this.#during('available', async () => {
      if (this.snapshot?.byPhone) return this.#take(await api.setPresence(this.agent, 'available'))
      if (!(await this.#hand.sound())) return
      void ringAt(prefs.ring)
      if (this.#listening && !prefs.quiet) chime(prefs.volume)
      if (!(await this.#hand.ready())) {
        if (!this.trouble && this.#hand.heard) this.notices.say(t(notReady))
        return
      }
      this.#take(await api.setPresence(this.agent, 'available'))
      if (this.mic === 'granted') choose({ checked: true })
      this.asksPopUp = mayAsk() && !prefs.asked && !framed
    })

  answerPopUp = async (allow: boolean): Promise<void> => {
    this.asksPopUp = false
    choose({ asked: true })
    if (allow) await Notification.requestPermission()
  }

  setPresence = (presence: Presence): Promise<string> =>
    presence === 'available'
      ? this.goAvailable()
      : this.#during(presence, async () => this.#take(await api.setPresence(this.agent, presence)))

  takeBreak = (minutes: number): Promise<string> =>
    this.#during('away', async () => this.#take(await api.takeBreak(this.agent, minutes)))

  usual = (topic: string): Promise<api.Usual> => api.usual(this.agent, topic)

  setNext = (presence: Presence): Promise<string> =>
    this.#during(`next ${presence}`, async () => this.#take(await api.setNext(this.agent, presence)))

  setByPhone = (on: boolean): Promise<string> =>
    this.#during('phone', async () => {
      this.#take(await api.setByPhone(this.agent, on))
      if (!on && this.presence === 'available') await this.#hand.ready()
    })

  askTask = (task: string, request: TaskRequest): Promise<string> =>
    this.#during(`${request} ${task}`, async () => this.#take(await api.askTask(this.agent, task, request)))

  write = async (call: string, what: Writing, text: string): Promise<void> =>
    this.#take(await api.ask(this.agent, call, what, { text }))

  happened = (call: string): Promise<Happening[]> => api.happened(this.agent, call)

  keepNote = (text: string): void => {
    this.lostNote = text
  }

  ask = (call: string, request: Request, details?: api.Details): Promise<string> =>
    this.#during(`${request} ${details?.to ?? ''}`.trim(), async () => {
      const leg = this.#call(call)?.myLeg ?? ''
      if (request === 'answer' || places.has(request)) void this.#hand.sound()
      if (request === 'answer') {
        this.#pops.answered(call, this.snapshot)
        this.#hand.want(call)
        this.#alerts.heed(call)
      }
      // A page that takes no calls yet may listen all the same.
      if (places.has(request) && !this.#hand.registered && !(await this.#hand.ready())) throw new Error(t(notReady))
      try {
        this.#take(await api.ask(this.agent, call, request, details))
      } catch (error) {
        this.#hand.unwant(call)
        this.#alerts.heed('')
        this.#hear()
        throw error
      }
      // The desk ends legs itself; this is for when its word does not get through.
      // While it still connects the others, their agent may yet stay in.
      const staying = this.#call(call)?.stage === 'handing_over'
      if (goodbyes.has(request) && !staying) setTimeout(() => this.#hand.hangUp(leg), releaseAfter)
      if (request === 'pass') setTimeout(() => this.#hand.refuse(leg), releaseAfter)
    })

  setMember = (member: string, presence: Presence): Promise<string> =>
    this.#during(`${presence} ${member}`, async () => this.#take(await api.setMember(this.agent, member, presence)))

  mute = (): void => this.#hand.mute()
  tone = (keys: string): void => this.#hand.tone(keys)

  speakBy = async (voice: boolean): Promise<void> => {
    const wrong = await this.#hand.speakBy(voice)
    if (wrong) this.notices.say(wrong)
  }

  allowSound = async (): Promise<void> => {
    await this.#hand.sound()
  }

  retryMic = (): Promise<void> => this.#hand.retryMic()

  finish = (): void => {
    this.#after = null
  }

  useThisTab = (): void => {
    this.link = 'connecting'
    this.#socket.start()
  }

  /** A call that is open goes on in this page until it is over. */
  signOut = async (everywhere = false): Promise<void> => {
    await api.signOut(this.agent, everywhere).catch(() => undefined)
    if (this.open) this.link = 'signed_out'
    else location.assign(door)
  }

  signInAgain = async (password: string): Promise<void> => {
    await api.signIn(this.agent, password, embedder !== '')
    this.link = 'connecting'
    this.#socket.stop()
    this.#socket.start()
    this.#hand.signedIn()
  }

  changePassword = async (old: string, password: string): Promise<void> => {
    await api.changePassword(this.agent, old, password)
    this.notices.say(t('Your password is changed.'))
  }

  /** The time by the desk's clock, as of the last snapshot. */
  #theirNow(): number {
    const theirs = Date.parse(this.snapshot?.now ?? '')
    return this.now + (Number.isNaN(theirs) ? 0 : theirs - this.#received)
  }

  #call(id: string): Call | undefined {
    return this.snapshot?.calls.find((call) => call.id === id)
  }

  #take(snapshot: Snapshot | null): void {
    // An answer to a request and the stream may overtake each other.
    if (!snapshot?.me) return
    if (!this.#fresh && this.snapshot && snapshot.version < this.snapshot.version) return
    this.#fresh = false
    if (this.open && this.#listening && ticks(this.snapshot, snapshot)) tick(prefs.volume)
    this.#received = Date.now()
    this.now = this.#received
    this.snapshot = snapshot
    const apart = this.notices.take(snapshot.notices, snapshot.calls.map((call) => call.sentence))
    if (apart) this.#after = { notice: apart, at: this.now }
    // What comes next is not about the call of before.
    else if (this.view?.card) this.#after = null
    this.#pops.see(snapshot)
    this.#hand.settle()
    this.#hear()
    if (this.open) this.#cameBack(this.#back.words(snapshot.calls, this.now))
    if (!snapshot.byPhone) void this.#hand.comeBack(snapshot.presence)
    tellParent({
      kind: 'agent',
      agent: this.agent,
      presence: snapshot.presence,
      calls: snapshot.calls.map(({ stage, role }) => ({ stage, role })),
    })
  }

  #cameBack(back: { call: string; words: string } | null): void {
    if (back?.call) this.#returned = { ...back, until: this.now + backFor }
    else if (back) this.notices.say(back.words)
  }

  /** While the desk tries to get this page back into a call, it hears again that the phone is ready. */
  #remind(): void {
    const lost = this.snapshot?.calls.some(
      (call) => ['recovering', 'awaiting'].includes(call.stage) && call.role === 'owner',
    )
    if (lost && !this.open && this.#hand.registered) this.#socket.send({ type: 'device', registered: true })
  }

  #outage(): Outage | null {
    if (this.link !== 'up' && this.link !== 'down') return null
    return outage({
      link: this.link,
      card: this.view?.card ?? null,
      open: this.open !== null,
      silent: this.#silent,
      silentSince: this.#hand.silentSince,
      heardAt: this.#socket.heardAt,
      now: this.now,
      skew: this.#theirNow() - this.now,
    })
  }

  get #silent(): boolean {
    return this.#hand.silentSince !== null
  }

  #linked(state: 'up' | 'down'): void {
    if (state === 'up') {
      this.link = 'up'
      this.#fresh = true
    } else {
      if (this.link === 'up') {
        this.link = 'down'
        if (this.open) this.#back.lost(this.snapshot?.calls ?? [])
      }
      void this.#whyDown()
    }
  }

  /** A refused socket does not say why; the same question by HTTP does. */
  async #whyDown(): Promise<void> {
    try {
      await api.snapshot(this.agent)
    } catch (error) {
      if (!(error instanceof api.ApiError) || !error.signedOut) return
      if (this.snapshot) this.link = 'signed_out'
      else location.assign(door)
    }
  }

  #closed(code: number): void {
    if (code === takenOver) {
      this.link = 'elsewhere'
      this.#hand.stop()
    }
    if (code === signedOut) this.link = 'signed_out'
    this.#hear()
  }

  #fromParent(message: ToPane): void {
    this.#listening = message.listen
    if (message.unlock) void this.#hand.sound()
    this.#hear()
  }

  /** Rings and the far end sound only where somebody listens. */
  #hear(): void {
    this.#hand.hear(this.#listening)
    const card = this.link === 'elsewhere' ? null : (this.view?.card ?? null)
    this.#alerts.show(alertOf(card, this.#theirNow()), { sound: this.#listening, popUp: !framed })
  }

  /** Resolves to what went wrong, which has been told, or to nothing. */
  async #during(key: string, work: () => Promise<void>): Promise<string> {
    if (this.pending[key]) return ''
    this.pending[key] = Date.now()
    try {
      await work()
      return ''
    } catch (error) {
      const { message } = error as Error
      if (error instanceof api.ApiError && error.signedOut) this.link = 'signed_out'
      else this.notices.say(message)
      return message
    } finally {
      delete this.pending[key]
    }
  }
}
