// The desk's sentence on who hears whom, with what only the page knows: how long
// something has lasted, which changes by the second, and whether it is heard. Pure.

import { list, t } from '../lib/say.svelte'
import { clock, since } from '../lib/time'
import type { Call, Leg, Snapshot } from '../lib/types'
import { nameOf } from './buttons'
import type { Local } from './view'

/** sentence says who hears whom, and for how long where that matters. */
export function sentence(snapshot: Snapshot, call: Call, ringing: boolean, now: number): string {
  const customer = call.customer.name || call.customer.number
  const held = clock(since(call.holdSince, now))
  switch (call.stage) {
    case 'offering':
      if (call.role !== 'offered') return call.sentence
      return t('{sentence} Waited {time}. Stays in the queue if you pass.', { sentence: call.sentence, time: clock(since(call.waitingSince, now)) })
    case 'asking': {
      if (!ringing || !call.holdSince) return call.sentence
      const from = nameOf(snapshot, call, call.from)
      const what = { from, customer, reason: call.reason ?? '', time: held }
      return call.reason
        ? t("{from} wants your help with {customer}: {reason}. {customer} is on hold {time} and can't hear you.", what)
        : t("{from} wants your help with {customer}. {customer} is on hold {time} and can't hear you.", what)
    }
    case 'private': {
      const apart = call.legs.some((leg) => leg.role === 'customer' && leg.state === 'music')
      const talk = call.legs.filter((leg) => leg.role === 'agent' && leg.state === 'talking')
      const other = talk.find((leg) => leg.id !== call.myLeg)
      if (!apart || !call.holdSince || !other || !talk.some((leg) => leg.id === call.myLeg)) return call.sentence
      return t('You and {name} talk privately. {customer} hears music {time}.', { name: other.name, customer, time: held })
    }
    case 'recovering':
      if (call.role !== 'owner' || !call.sentence.endsWith('...')) return call.sentence
      return t('{sentence} {n} s', { sentence: call.sentence, n: Math.floor(since(call.since, now) / 1000) })
    default:
      return said(call)
  }
}

/** said is the sentence without what changes by the second, to be read out. */
export function said(call: Call): string {
  const sent = call.role === 'former' && call.stage === 'talking' && call.note
  return sent ? `${call.sentence} ${t('Notes sent.')}` : call.sentence
}

/** Whether somebody speaks with the others. */
export const talks = (leg: Leg | undefined) => leg?.state === 'talking' || leg?.state === 'joined'

/** Muted, or without audio: what the desk cannot know yet, and so does not say. */
export function unheardSentence(call: Call, local: Local): string {
  const names = call.legs
    .filter((leg) => leg.id !== call.myLeg && talks(leg))
    .map((leg) => leg.name)
  const customer = call.customer.name || call.customer.number
  if (names.length === 0) return local.silent ? t('Reconnecting audio... {sentence}', { sentence: call.sentence }) : call.sentence
  const who = list(names)
  if (local.silent) return t("{who} can't hear you right now. Reconnecting audio...", { who })
  if (call.stage === 'private') return t("{who} can't hear you. {customer} hears music.", { who, customer })
  return t("{who} can't hear you.", { who })
}
