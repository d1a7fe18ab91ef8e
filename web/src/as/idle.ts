// What stands where the call would be while there is none. Pure, like view.ts.

import { key, plural, t } from '../lib/say.svelte'
import { clock, timeOfDay } from '../lib/time'
import type { Snapshot } from '../lib/types'
import type { Tone } from './view'

export interface IdleView {
  tone: Tone
  chip: string
  sentence: string
  offer: 'available' | 'done' | 'break'
  /** In the time after a call: whether a break comes next; null at other times. */
  breakNext: boolean | null
  /** What comes after the wrap-up; empty at other times. */
  then: string
  /** What the call just over came to, to be chosen; null: there is no such call. */
  outcome: { call: string; chosen: string; choices: string[] } | null
}

/** How long a break may be, in minutes, for those who say so. */
export const breaks = [5, 15, 30, 60] as const

export const breakWords = (minutes: number): string => (minutes < 60 ? t('{n} minutes', { n: minutes }) : t('1 hour'))

/** breakChip is a break in short, with its end where that is known. */
export const breakChip = (until: string): string => t('Break until {time}', { time: timeOfDay(Date.parse(until)) })

export const presenceWords: Record<Snapshot['presence'], string> = {
  available: key('Available'),
  on_call: key('On a call'),
  wrap_up: key('Wrap-up'),
  away: key('Away'),
  offline: key('Offline'),
  not_reachable: key('Not reachable'),
}

/** The title of the tab while there is no call. */
export function idleTitle(snapshot: Snapshot, now: number): string {
  switch (snapshot.presence) {
    case 'offline':
      return t('Desk')
    case 'wrap_up':
      return t('Wrap-up')
    default:
      if (breakOver(snapshot, now)) return t('Your break is over')
      return t('Desk - {state}', { state: t(presenceWords[snapshot.presence]) })
  }
}

export function idleView(snapshot: Snapshot, now: number): IdleView {
  const breakNext = snapshot.presence === 'wrap_up' ? snapshot.next === 'away' : null
  const wrap = snapshot.presence === 'wrap_up' ? snapshot.wrap : undefined
  const outcomes = wrap?.allowed.includes('outcome') ? (snapshot.outcomes ?? []) : []
  return {
    ...idleState(snapshot, now),
    breakNext,
    then: breakNext === null ? '' : wrapUpWords(snapshot),
    outcome: wrap && outcomes.length > 0 ? { call: wrap.id, chosen: wrap.outcome, choices: outcomes } : null,
  }
}

function idleState(snapshot: Snapshot, now: number): Pick<IdleView, 'tone' | 'chip' | 'sentence' | 'offer'> {
  const chip = t(presenceWords[snapshot.presence])
  switch (snapshot.presence) {
    case 'available': {
      const n = snapshot.waiting
      const sentence = plural(n, 'Waiting for a call. 1 person in the queue.', 'Waiting for a call. {n} people in the queue.')
      return { tone: 'live', chip, sentence, offer: 'break' }
    }
    case 'on_call':
      return { tone: 'live', chip, sentence: t("You're on a call."), offer: 'break' }
    case 'wrap_up': {
      const left = snapshot.wrapUntil ? ` ${clock(Date.parse(snapshot.wrapUntil) - now)}` : ''
      return { tone: 'wrap', chip: `${chip}${left}`, sentence: afterWords(snapshot), offer: 'done' }
    }
    case 'not_reachable':
      return {
        tone: 'hold',
        chip,
        sentence: t("Calls can't reach this page just now. Getting the line back..."),
        offer: 'available',
      }
    case 'away': {
      if (snapshot.breakUntil) {
        const time = timeOfDay(Date.parse(snapshot.breakUntil))
        const sentence = breakOver(snapshot, now) ? t('Your break ended at {time}. Go available when you are back.', { time }) : t("You won't get calls.")
        return { tone: 'hold', chip: breakChip(snapshot.breakUntil), sentence, offer: 'available' }
      }
      const why = snapshot.presenceReason
      const sentence = why ? t("You won't get calls. You're away: {why}.", { why }) : t("You won't get calls.")
      return { tone: 'hold', chip, sentence, offer: 'available' }
    }
    case 'offline':
      return { tone: 'quiet', chip, sentence: t("You won't get calls."), offer: 'available' }
  }
}

/** Nothing changes by itself when a break is over; who took it is reminded. */
const breakOver = (snapshot: Snapshot, now: number): boolean => now >= Date.parse(snapshot.breakUntil ?? '')

/** What became of the call that the time is for. */
function afterWords(snapshot: Snapshot): string {
  const { wrap } = snapshot
  if (!wrap) return t('Time to finish up.')
  const name = wrap.customer.name || wrap.customer.number
  const colleague = snapshot.team.find((one) => one.id === wrap.with)
  return colleague ? t('{name} is with {colleague}.', { name, colleague: colleague.name }) : t("{name}'s call ended.", { name })
}

/** What comes after the wrap-up. */
function wrapUpWords(snapshot: Snapshot): string {
  if (snapshot.next === 'away') return t('Then you are on a break.')
  return snapshot.next === 'offline' ? t('Then you are offline.') : t('No calls until you are done.')
}
