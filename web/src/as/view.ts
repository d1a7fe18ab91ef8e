// From the desk's snapshot to what is drawn: pure, so that every state can be
// tested without a browser. It names and orders what the desk allows and adds
// what only this page knows (muted, link, time); it decides nothing.

import type { IconName } from '../ui/Icon.svelte'
import { clock, roughly, since, titleClock } from '../lib/time'
import type { Call, Leg, Request, Snapshot } from '../lib/types'

export type Tone = 'quiet' | 'ring' | 'live' | 'hold' | 'wrap'

/** What only the page knows. */
export interface Local {
  /** The desk's time now, in milliseconds. */
  now: number
  /** Whether the open SDK call is muted; null without an open call. */
  muted: boolean | null
  /** Whether the open SDK call has lost its audio and is getting it back. */
  silent?: boolean
}

export interface Button {
  request: Request
  /** Whom it concerns, for requests about one person. */
  to?: string
  label: string
  icon: IconName
  shortcut?: string
  look: 'primary' | 'plain' | 'danger'
}

export interface Person {
  id: string
  name: string
  role: 'Customer' | 'Agent'
  word: string
  tone: Tone
  muted: boolean
  /** Whether this person and the one before can hear each other. */
  linked: boolean
}

export interface CardView {
  call: Call
  tone: Tone
  chip: string
  timer: string
  name: string
  detail: string
  sentence: string
  /** Why a colleague asks; empty when nobody said. */
  reason: string
  people: Person[]
  buttons: Button[]
  notice: string
  ringing: 'customer' | 'colleague' | null
}

export interface IdleView {
  tone: Tone
  chip: string
  sentence: string
  offer: 'available' | 'break'
}

export interface QueueRow {
  id: string
  name: string
  detail: string
  waited: string
  returned: boolean
  reason: string
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
  card: CardView | null
  idle: IdleView
  queue: QueueRow[]
  longest: string
  team: TeamRow[]
  /** For screen readers; an alert interrupts, the rest waits its turn. */
  say: { text: string; alert: boolean }
}

const tones: Record<Call['stage'], Tone> = {
  queued: 'ring',
  offering: 'ring',
  connecting: 'ring',
  talking: 'live',
  inviting: 'live',
  together: 'live',
  handing_over: 'wrap',
  recovering: 'hold',
  ending: 'wrap',
}

const presenceWords: Record<Snapshot['presence'], string> = {
  available: 'Available',
  on_call: 'On a call',
  away: 'Away',
  offline: 'Offline',
  not_reachable: 'Not reachable',
}

export function view(snapshot: Snapshot, local: Local): View {
  const call = currentCall(snapshot)
  const card = call ? cardView(snapshot, call, local) : null
  const idle = idleView(snapshot)
  return {
    title: card ? cardTitle(card, local) : snapshot.presence === 'offline' ? 'Desk' : `Desk - ${idle.chip}`,
    presence: presenceWords[snapshot.presence],
    card,
    idle,
    queue: snapshot.queue.map((row) => ({
      id: row.id,
      name: row.name || row.number,
      detail: numberWords(row.number),
      waited: clock(since(row.since, local.now)),
      returned: row.returned,
      reason: row.reason ?? '',
      answer: row.allowed.includes('answer'),
    })),
    longest: clock(Math.max(0, ...snapshot.queue.map((row) => since(row.since, local.now)))),
    team: snapshot.team.map((row) => ({
      id: row.id,
      name: row.name,
      word: row.word,
      // How long somebody has been away from the desk helps nobody.
      since: row.state === 'offline' ? '' : roughly(since(row.since, local.now)),
      state: row.reachable || row.state === 'offline' ? row.state : 'not_reachable',
      free: call?.inviteable.includes(row.id) ?? false,
    })),
    say: spoken(card, idle),
  }
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
  if (call.role === 'offered') return true
  return call.role === 'target' && (myLeg(call)?.state ?? 'ringing') === 'ringing'
}

function cardView(snapshot: Snapshot, call: Call, local: Local): CardView {
  const unheard = local.muted === true || local.silent === true
  const ringing = isRinging(call)
  return {
    call,
    tone: ringing ? 'ring' : unheard && tones[call.stage] === 'live' ? 'hold' : tones[call.stage],
    chip: unheard ? `${call.chip} · ${local.silent ? 'Reconnecting' : 'Muted'}` : call.chip,
    timer: clock(timed(call, ringing, local.now)),
    name: call.customer.name || call.customer.number,
    detail: numberWords(call.customer.number),
    sentence: unheard ? unheardSentence(call, local) : sentence(call, local.now),
    reason: (ringing && call.reason) || '',
    people: people(call, local),
    buttons: buttons(snapshot, call, ringing),
    notice: call.notice?.text ?? '',
    ringing: !ringing ? null : call.role === 'target' ? 'colleague' : 'customer',
  }
}

/** The desk's sentence; to an offer belongs how long the customer has waited, which changes by the second. */
function sentence(call: Call, now: number): string {
  if (call.stage !== 'offering' || call.role !== 'offered') return call.sentence
  return `${call.sentence} Waited ${clock(since(call.waitingSince, now))}. Stays in the queue if you pass.`
}

/** The span the card's timer shows: how long the thing that matters now has lasted. */
function timed(call: Call, ringing: boolean, now: number): number {
  if (ringing) return since(call.waitingSince || call.since, now)
  if (call.stage === 'talking' || call.stage === 'together') return since(call.startedAt, now)
  return since(call.since, now)
}

function numberWords(number: string): string {
  return number.startsWith('client:') ? 'Calling from the web page' : number
}

/** Muted, or without audio: what the desk cannot know yet, and so does not say. */
function unheardSentence(call: Call, local: Local): string {
  const names = call.legs
    .filter((leg) => leg.id !== call.myLeg && leg.state === 'talking')
    .map((leg) => leg.name)
  const who = names.length > 0 ? names.join(' and ') : 'The caller'
  return local.silent ? `${who} can't hear you right now. Reconnecting audio...` : `${who} can't hear you.`
}

const legTones: Record<Leg['state'], Tone> = {
  music: 'hold',
  held: 'hold',
  talking: 'live',
  ringing: 'ring',
  connecting: 'ring',
  gone: 'quiet',
}

function people(call: Call, local: Local): Person[] {
  const present = call.legs.filter((leg) => leg.state !== 'gone')
  // The customer, me, the others; but who is only being called comes last.
  const rank = (leg: Leg) =>
    leg.role === 'customer' ? 0 : leg.state === 'ringing' ? 3 : leg.id === call.myLeg ? 1 : 2
  const ordered = [...present].sort((a, b) => rank(a) - rank(b))
  return ordered.map((leg, i) => {
    const mine = leg.id === call.myLeg
    const muted = leg.muted || (mine && local.muted === true)
    const before = ordered[i - 1]
    return {
      id: leg.id,
      name: mine ? 'You' : leg.name,
      role: leg.role === 'customer' ? 'Customer' : 'Agent',
      word: legWord(leg, muted, local.now),
      tone: legTones[leg.state],
      muted,
      linked:
        before?.state === 'talking' &&
        leg.state === 'talking' &&
        !(local.silent && (mine || before.id === call.myLeg)),
    }
  })
}

function legWord(leg: Leg, muted: boolean, now: number): string {
  if (leg.state === 'ringing') return `${leg.word} ${clock(since(leg.since, now))}`
  return muted ? 'Muted' : leg.word
}

/** The one primary button: the first of these that the desk allows. */
const primaryOrder: readonly Request[] = ['answer', 'cancel', 'leave', 'invite']

function buttons(snapshot: Snapshot, call: Call, ringing: boolean): Button[] {
  const primary = primaryOrder.find((request) => call.allowed.includes(request))
  const drawn = call.allowed.flatMap((request) => draw(snapshot, call, request, ringing))
  const rank = (button: Button) =>
    button.request === primary ? -1 : button.look === 'danger' ? 99 : drawOrder.indexOf(button.request)
  return drawn
    .map((button) => (button.request === primary ? { ...button, look: 'primary' as const } : button))
    .sort((a, b) => rank(a) - rank(b))
}

const drawOrder: readonly Request[] = ['answer', 'pass', 'cancel', 'leave', 'invite', 'remove', 'end']

function draw(snapshot: Snapshot, call: Call, request: Request, ringing: boolean): Button[] {
  const customer = call.customer.name || call.customer.number
  const look = 'plain' as const
  switch (request) {
    case 'answer':
      return [{ request, label: 'Answer', icon: 'phone', shortcut: 'A', look }]
    case 'pass':
      return [{ request, label: 'Pass', icon: 'close', shortcut: 'X', look }]
    case 'invite':
      return [{ request, label: 'Bring someone in', icon: 'bring', shortcut: 'T', look }]
    case 'cancel': {
      const label = call.stage === 'connecting' || ringing ? 'Cancel' : `Back to ${customer}`
      return [{ request, label, icon: 'back', shortcut: 'B', look }]
    }
    case 'leave': {
      const stays = others(snapshot, call)[0]
      const label = stays ? `Leave - ${stays.name} stays with ${customer}` : 'Leave'
      return [{ request, label, icon: 'leave', shortcut: 'L', look }]
    }
    case 'remove':
      return others(snapshot, call).map((leg) => ({
        request,
        to: leg.agent,
        label: `Remove ${leg.name}`,
        icon: 'remove',
        look,
      }))
    case 'end':
      return [{ request, label: 'End call', icon: 'end', look: 'danger' }]
    default:
      // A request of a later stage, which this page cannot draw yet.
      return []
  }
}

/** The other agents who are in the call. */
function others(snapshot: Snapshot, call: Call): Leg[] {
  const present = ['talking', 'held', 'connecting', 'music']
  return call.legs.filter(
    (leg) => leg.role === 'agent' && leg.agent !== snapshot.me.id && present.includes(leg.state),
  )
}

function idleView(snapshot: Snapshot): IdleView {
  const chip = presenceWords[snapshot.presence]
  switch (snapshot.presence) {
    case 'available': {
      const n = snapshot.queue.length
      const waiting = n === 1 ? '1 person' : `${n} people`
      return { tone: 'live', chip, sentence: `Waiting for a call. ${waiting} in the queue.`, offer: 'break' }
    }
    case 'on_call':
      return { tone: 'live', chip, sentence: "You're on a call.", offer: 'break' }
    case 'not_reachable':
      return {
        tone: 'hold',
        chip,
        sentence: "Calls can't reach this page just now. Getting the line back...",
        offer: 'available',
      }
    case 'away': {
      const why = snapshot.presenceReason ? ` You're away: ${snapshot.presenceReason}.` : ''
      return { tone: 'hold', chip, sentence: `You won't get calls.${why}`, offer: 'available' }
    }
    case 'offline':
      return { tone: 'quiet', chip, sentence: "You won't get calls.", offer: 'available' }
  }
}

function cardTitle(card: CardView, local: Local): string {
  const { call, name } = card
  if (card.ringing === 'colleague') return `(1) ${fromName(card)} needs you`
  if (card.ringing === 'customer') return `(1) ${name} is calling`
  if (local.muted) return `Muted - ${name}`
  switch (call.stage) {
    case 'talking':
      return `${titleClock(since(call.startedAt, local.now))} ${name}`
    case 'inviting':
      return call.chip
    case 'together': {
      const names = card.people.filter((person) => person.name !== 'You').map((person) => person.name)
      return `All - ${names.join(', ')}`
    }
    default:
      return `${call.chip} - ${name}`
  }
}

/** Who asks a colleague in; the desk gives an id, the legs know the name. */
function fromName(card: CardView): string {
  const leg = card.call.legs.find((leg) => leg.agent === card.call.from)
  return leg?.name ?? 'A colleague'
}

function spoken(card: CardView | null, idle: IdleView): View['say'] {
  if (!card) return { text: idle.sentence, alert: false }
  if (card.ringing === 'customer') {
    return { text: `Incoming call from ${card.name}. Press A to answer.`, alert: true }
  }
  if (card.ringing === 'colleague') {
    return { text: `${fromName(card)} wants your help with ${card.name}. Press A to answer.`, alert: true }
  }
  // The notice says more than the sentence where there is one.
  return { text: card.notice || card.sentence, alert: false }
}
