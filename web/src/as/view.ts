// From the desk's snapshot to what is drawn: pure, so that every state can be
// tested without a browser. It names and orders what the desk allows and adds
// what only this page knows (muted, link, time); it decides nothing.

import { key, t } from '../lib/say.svelte'
import { clock, roughly, since, timeOfDay, titleClock } from '../lib/time'
import type { Call, Colleague, Leg, Need, Notice, Request, Snapshot } from '../lib/types'
import { buttons, nameOf, type Button } from './buttons'
import { about, recently, type About } from './about'
import { after, type After } from './after'
import { breakChip, idleTitle, idleView, presenceWords, type IdleView } from './idle'
import { needs, tasks, type NeedRow, type TaskRow } from './lists'
import { said, sentence, talks, unheardSentence } from './sentence'
import type { Outside } from '../lib/types'

export type { About } from './about'
export type { After } from './after'
export type { Button } from './buttons'
export type { IdleView } from './idle'
export type Tone = 'quiet' | 'ring' | 'live' | 'hold' | 'consult' | 'wrap'

/** What only the page knows. */
export interface Local {
  /** The desk's time now, in milliseconds. */
  now: number
  /** Whether the open SDK call is muted; null without an open call. */
  muted: boolean | null
  /** Whether the open SDK call has lost its audio and is getting it back. */
  silent?: boolean
  /** The last notice that is told in the place of a call, and for how long it has been, in ms. */
  after?: { notice: Notice; shownFor: number } | null
  /** A call that this page has just come back into, and what is said of it. */
  back?: { call: string; words: string } | null
}

export interface Person {
  id: string
  name: string
  /** Empty: the customer. */
  agent: string
  /** Whether it is who looks at it. */
  me: boolean
  /** English; a key of t. */
  role: 'Customer' | 'Agent' | 'Agent, by phone' | 'Phone' | 'Lead'
  word: string
  tone: Tone
  muted: boolean
  /** Whether this person and the one before can hear each other; null: nothing of the kind, they look on. */
  linked: boolean | null
}

export interface CardView {
  call: Call
  tone: Tone
  chip: string
  timer: string
  /** Who is on hold and for how long, where the chip does not say it; may be empty. */
  hold: string
  /** What happens by itself, or is over, when; may be empty. */
  countdown: string
  /** How much of that time is left, 1 to 0; null: how long it was is not known. */
  left: number | null
  /** Whether two talk whom a third must not hear. */
  private: boolean
  name: string
  detail: string
  /** "3rd call this week"; may be empty. */
  recently: string
  /** Why the customer called; may be empty. */
  topic: string
  sentence: string
  /** That one has just come back, and was away for how long; empty: one has not. */
  back: string
  /** What is read out: of these what is new, and nothing that changes by the second. */
  said: string
  /** Why a colleague asks; empty when nobody said. */
  reason: string
  people: Person[]
  buttons: Button[]
  notice: string
  /** What the carrier refused, where it said why. */
  refused: { number: string; code: number; at: string } | null
  /** Whether the one whom the notice is about can be rung once more. */
  again: boolean
  /** The shared note; null where it is not this agent's to write. */
  note: string | null
  recording: RecordingLine | null
  /** Whether a colleague who asks may be told why not now. */
  whyNot: boolean
  ringing: 'customer' | 'colleague' | null
  /** Who asks, by name. */
  from: string
}

/** How the recording of a call stands, and what may be done about it. */
export interface RecordingLine {
  words: string
  /** How long it has been paused; empty: it is not. */
  timer: string
  mark: 'on' | 'paused' | 'stopped' | 'none'
  tone: Tone | 'quiet'
  /** It records though it should not. */
  alert: boolean
  buttons: { request: Request; label: string }[]
}

export interface QueueRow {
  id: string
  name: string
  detail: string
  waited: string
  returned: boolean
  reason: string
  /** The name of the team they wait for; empty: anybody. */
  team: string
  answer: boolean
}

export interface TeamRow {
  id: string
  name: string
  word: string
  since: string
  state: string
  /** Whether this colleague can be brought into the present call. */
  free: boolean
}

export interface View {
  title: string
  presence: string
  /** The agent's own telephone, where one is known, and whether calls reach them there. */
  phone: string
  byPhone: boolean
  /** Which telephone numbers may be brought in; null: none. */
  outside: Outside | null
  card: CardView | null
  /** What stands in the place of a call that is over; null: nothing. */
  after: After | null
  idle: IdleView
  /** What is known and written of the call, or of the one just over; null: there is none. */
  about: About | null
  queue: QueueRow[]
  /** How many wait, shown or not. */
  waiting: number
  longest: string
  /** When a call last ended, RFC 3339; empty: none has. */
  lastEnded: string
  team: TeamRow[]
  /** The teams that may be brought into the present call. */
  groups: TeamRow[]
  needs: NeedRow[]
  tasks: TaskRow[]
  /** What is wrong for everybody. No clock: it would be read out every second. */
  alarms: string[]
  /** For screen readers; an alert interrupts, the rest waits its turn. */
  say: { text: string; alert: boolean }
}

const tones: Record<Call['stage'], Tone> = {
  queued: 'ring',
  offering: 'ring',
  connecting: 'ring',
  talking: 'live',
  held: 'hold',
  asking: 'consult',
  private: 'consult',
  swapped: 'live',
  inviting: 'live',
  sending: 'hold',
  together: 'live',
  handing_over: 'wrap',
  recovering: 'hold',
  awaiting: 'hold',
  ending: 'wrap',
}

export function view(snapshot: Snapshot, local: Local): View {
  const call = currentCall(snapshot)
  const card = call ? cardView(snapshot, call, local) : null
  const over = card ? null : after(local.after?.notice ?? null, local.after?.shownFor ?? 0)
  const idle = idleView(snapshot, local.now)
  return {
    title: card ? cardTitle(card, local) : over?.title || idleTitle(snapshot, local.now),
    presence: snapshot.byPhone ? t('{state} - by phone', { state: t(presenceWords[snapshot.presence]) }) : t(presenceWords[snapshot.presence]),
    alarms: (snapshot.alarms ?? []).map((alarm) => alarm.text),
    phone: snapshot.phone ?? '',
    byPhone: snapshot.byPhone ?? false,
    outside: snapshot.outside ?? null,
    card,
    after: over,
    idle,
    about: about(snapshot, call, card?.ringing ?? null),
    lastEnded: snapshot.lastEnded ?? '',
    queue: snapshot.queue.map((row) => ({
      id: row.id,
      name: row.name || row.number,
      detail: numberWords(row.number),
      waited: clock(since(row.since, local.now)),
      returned: row.returned,
      reason: row.reason ?? '',
      team: snapshot.teams.find((team) => team.id === row.team)?.name ?? '',
      answer: row.allowed.includes('answer'),
    })),
    waiting: snapshot.waiting,
    longest: clock(Math.max(0, ...snapshot.queue.map((row) => since(row.since, local.now)))),
    team: snapshot.team.map((row) => ({
      id: row.id,
      name: row.name,
      word: row.breakUntil ? breakChip(row.breakUntil) : row.word,
      since: spanOf(row, local.now),
      state: row.reachable || row.state === 'offline' ? row.state : 'not_reachable',
      free: call?.inviteable.includes(row.id) ?? false,
    })),
    groups: (call?.targets ?? []).map((group) => ({
      id: group.id,
      name: group.name,
      word: t('{n} free', { n: group.free }),
      since: '',
      state: 'team',
      free: group.free > 0,
    })),
    needs: needs(snapshot, local.now),
    tasks: tasks(snapshot, local.now),
    say: spoken(card, over ?? idle, snapshot.needsSomeone),
  }
}

/** How long a colleague has been so, where that says something: of who is away it does not, nor of a moment after a call. */
function spanOf(row: Colleague, now: number): string {
  if (row.state === 'offline' || row.state === 'wrap_up' || row.breakUntil) return ''
  const span = since(row.since, now)
  return row.state === 'on_call' ? clock(span) : roughly(span)
}

/** A call this agent is in comes before one that only rings. */
function currentCall(snapshot: Snapshot): Call | null {
  const mine = snapshot.calls.filter((call) => call.role !== 'none')
  return mine.find((call) => !isRinging(call)) ?? mine[0] ?? null
}

function myLeg(call: Call): Leg | undefined {
  return call.legs.find((leg) => leg.id === call.myLeg)
}

function isRinging(call: Call): boolean {
  // A ring that brings one back is accepted without a press.
  if (call.rejoin) return false
  if (call.role === 'offered') return call.stage !== 'connecting'
  return call.role === 'target' && (myLeg(call)?.state ?? 'ringing') === 'ringing'
}

function cardView(snapshot: Snapshot, call: Call, local: Local): CardView {
  const ringing = isRinging(call)
  const unheard = local.silent === true || (local.muted === true && myLeg(call)?.state === 'talking')
  const tone = toneOf(call)
  const back = !ringing && local.back?.call === call.id ? local.back.words : ''
  const unheardWords = unheard ? unheardSentence(call, local) : ''
  return {
    call,
    tone: ringing ? 'ring' : unheard && tone === 'live' ? 'hold' : tone,
    chip: back ? t('Back in call') : chip(call, local),
    timer: clock(timed(call, ringing, local.now)),
    hold: holdWords(snapshot, call, local.now),
    countdown: countdown(call, local.now),
    left: left(call, local.now),
    private: call.stage === 'private',
    name: call.customer.name || call.customer.number,
    detail: numberWords(call.customer.number),
    recently: recently(call.customer),
    topic: call.topic ?? '',
    back,
    sentence: unheardWords || sentence(snapshot, call, ringing, local.now),
    said: back || unheardWords || said(call),
    // The desk's sentence may say it already.
    reason: ringing && call.reason && !call.sentence.includes(call.reason) ? call.reason : '',
    people: people(call, local),
    buttons: buttons(snapshot, call, ringing),
    notice: call.notice?.text ?? '',
    refused: call.notice?.code || call.notice?.number ? { number: call.notice.number ?? '', code: call.notice.code ?? 0, at: timeOfDay(Date.parse(call.notice.at)) } : null,
    again: call.allowed.includes('redial'),
    note: call.allowed.includes('note') ? (call.note ?? '') : null,
    recording: recordingLine(call, local.now),
    whyNot: ringing && call.stage === 'asking' && call.allowed.includes('pass'),
    ringing: !ringing ? null : call.role === 'target' ? 'colleague' : 'customer',
    from: nameOf(snapshot, call, call.from),
  }
}

const recordLabels: Partial<Record<Request, string>> = {
  'record-pause': key('Pause recording'),
  'record-resume': key('Resume recording'),
  'record-stop': key('Stop recording'),
}

/** The line about the recording; null where there is nothing to say or to do. */
function recordingLine(call: Call, now: number): RecordingLine | null {
  const { recording } = call
  const buttons = call.allowed.flatMap((request) => {
    const label = recordLabels[request]
    return label ? [{ request, label: t(label) }] : []
  })
  if (!recording || (!recording.words && buttons.length === 0)) return null
  const { state } = recording
  return {
    words: recording.words,
    timer: state === 'paused' && recording.since ? clock(since(recording.since, now)) : '',
    mark: state === 'on' || state === 'unpaused' ? 'on' : state === 'paused' ? 'paused' : state === 'stopped' ? 'stopped' : 'none',
    tone: state === 'on' ? 'live' : state === 'unpaused' || state === 'failed' ? 'hold' : 'quiet',
    alert: state === 'unpaused' || state === 'failed',
    buttons,
  }
}

function toneOf(call: Call): Tone {
  if (call.role === 'former') return 'wrap'
  if (call.role === 'supervisor') return 'consult'
  // Who waits while the others talk is on hold.
  if (call.stage === 'swapped' && call.role === 'target') return 'hold'
  return tones[call.stage]
}

function chip(call: Call, local: Local): string {
  const base = call.stage === 'held' && call.holdSince ? `${call.chip} ${clock(since(call.holdSince, local.now))}` : call.chip
  if (local.silent) return t('{state} · Reconnecting', { state: base })
  return local.muted ? t('{state} · Muted', { state: base }) : base
}

/** The span the card's timer shows: how long the thing that matters now has lasted. */
function timed(call: Call, ringing: boolean, now: number): number {
  if (ringing && call.stage === 'asking') return since(call.since, now)
  if (ringing) return since(call.waitingSince || call.since, now)
  if (['talking', 'held', 'together'].includes(call.stage)) return since(call.startedAt, now)
  return since(call.since, now)
}

/** Who is on hold while others talk. Held itself has it in the chip. */
function holdWords(snapshot: Snapshot, call: Call, now: number): string {
  if (!call.holdSince) return ''
  const time = clock(since(call.holdSince, now))
  switch (call.stage) {
    case 'asking':
    case 'private':
      return t('{name} on hold {time}', { name: call.customer.name || call.customer.number, time })
    case 'swapped':
      // The one on hold has it in chip and timer.
      return call.target === snapshot.me.id ? '' : t('{name} on hold {time}', { name: nameOf(snapshot, call, call.target), time })
    default:
      return ''
  }
}

function countdown(call: Call, now: number): string {
  const until = (time: string) => Math.max(0, Math.ceil((Date.parse(time) - now) / 1000))
  const name = call.customer.name || call.customer.number
  if (call.backAt) return t('Back to {name} in {n} s.', { name, n: until(call.backAt) })
  if (call.deadline && call.stage === 'awaiting') return t('The place of {name} is kept for {n} s.', { name, n: until(call.deadline) })
  if (call.deadline && call.allowed.includes('takeback')) return t('You can take {name} back for {n} s.', { name, n: until(call.deadline) })
  return ''
}

/** The part of the countdown's time that is left. */
function left(call: Call, now: number): number | null {
  const [from, to] = call.backAt ? [call.notice?.at, call.backAt] : call.allowed.includes('takeback') ? [call.since, call.deadline] : []
  const all = from && to ? Date.parse(to) - Date.parse(from) : 0
  return to && all > 0 ? Math.min(1, Math.max(0, (Date.parse(to) - now) / all)) : null
}

function numberWords(number: string): string {
  return number.startsWith('client:') ? t('Calling from the web page') : number
}

const legTones: Record<Leg['state'], Tone> = {
  music: 'hold',
  held: 'hold',
  waiting: 'quiet',
  talking: 'live',
  ringing: 'ring',
  connecting: 'ring',
  gone: 'quiet',
  listening: 'consult',
  coaching: 'consult',
  joined: 'live',
}

function people(call: Call, local: Local): Person[] {
  const present = call.legs.filter((leg) => leg.state !== 'gone')
  // The customer, me, the others; but who is on hold or only being called comes later, and who looks on last.
  const rank = (leg: Leg) =>
    leg.role === 'supervisor' ? 4 : leg.role === 'customer' ? 0 : leg.state === 'ringing' || leg.state === 'held' ? 3 : leg.id === call.myLeg ? 1 : 2
  const ordered = [...present].sort((a, b) => rank(a) - rank(b))
  return ordered.map((leg, i) => {
    const mine = leg.id === call.myLeg
    const muted = leg.muted || (mine && local.muted === true)
    const before = ordered[i - 1]
    return {
      id: leg.id,
      name: mine ? t('You') : leg.name,
      agent: leg.agent ?? '',
      me: mine,
      role: roleOf(leg),
      word: legWord(leg, muted, local.now),
      tone: legTones[leg.state],
      muted,
      linked:
        leg.role === 'supervisor' && leg.state !== 'joined'
          ? null
          : talks(before) && talks(leg) && !(local.silent && (mine || before?.id === call.myLeg)),
    }
  })
}

/** Somebody outside is named by the number, and so is no agent. */
function roleOf(leg: Leg): Person['role'] {
  if (leg.role === 'customer') return key('Customer')
  if (leg.role === 'supervisor') return key('Lead')
  if (leg.agent?.startsWith('+')) return key('Phone')
  return leg.phone ? key('Agent, by phone') : key('Agent')
}

function legWord(leg: Leg, muted: boolean, now: number): string {
  if (leg.state === 'ringing') return `${leg.word} ${clock(since(leg.since, now))}`
  return muted && leg.state !== 'listening' ? t('Muted') : leg.word
}

function cardTitle(card: CardView, local: Local): string {
  const { call, name } = card
  if (card.ringing === 'colleague') return t('(1) {name} needs you', { name: card.from })
  if (card.ringing === 'customer') return t('(1) {name} is calling', { name })
  if (call.role === 'former' && call.stage === 'talking') {
    const other = card.people.find((person) => person.role !== 'Customer')
    return t('Handed to {name}', { name: other?.name ?? t('a colleague') })
  }
  if (local.muted) return t('Muted - {name}', { name })
  switch (call.stage) {
    case 'talking':
      return `${titleClock(since(call.startedAt, local.now))} ${name}`
    case 'held':
      return t('Hold {time} - {name}', { time: clock(since(call.holdSince, local.now)), name })
    case 'private': {
      const other = card.people.find((person) => person.role !== 'Customer' && !person.me)
      return t('Private - {name}', { name: other?.name ?? name })
    }
    case 'asking':
    case 'swapped':
    case 'inviting':
    case 'recovering':
      return call.chip
    case 'together': {
      const names = card.people.filter((person) => !person.me && person.role !== 'Lead').map((person) => person.name)
      return t('All - {names}', { names: names.join(', ') })
    }
    default:
      return `${call.chip} - ${name}`
  }
}

function spoken(card: CardView | null, idle: { sentence: string }, needs: Need[] = []): View['say'] {
  const need = needs.find((one) => one.allowed.includes('take'))
  if (!card && need) return { text: t('Needs someone. {sentence}', { sentence: need.sentence }), alert: true }
  if (!card) return { text: idle.sentence, alert: false }
  if (card.ringing && !card.call.allowed.includes('answer')) return { text: card.sentence, alert: true }
  if (card.ringing === 'customer') {
    return { text: t('Incoming call from {name}. Press A to answer.', { name: card.name }), alert: true }
  }
  if (card.ringing === 'colleague') {
    if (card.call.stage === 'sending') return { text: t('{name} sends you {customer}. Press A to answer.', { name: card.from, customer: card.name }), alert: true }
    return { text: t('{name} wants your help with {customer}. Press A to answer.', { name: card.from, customer: card.name }), alert: true }
  }
  // The notice says more than the sentence where there is one. What changes by the second is not read out.
  return { text: card.notice || card.said, alert: false }
}
