// A call of the past in words.

import { key, language, list, t } from '../lib/say.svelte'
import { clock } from '../lib/time'
import type { CallRow, Condition, Outcome, Transfer } from './records'

/** The outcomes one can look for, in the order they are offered. */
export const outcomes: Readonly<Record<Outcome, string>> = {
  live: key('On the call now'),
  answered: key('Answered'),
  abandoned: key('Hung up while waiting'),
  message: key('Left a message'),
  broken: key('Their connection was lost'),
  dropped: key('Dropped by us'),
}

export const tones: Readonly<Record<Outcome, string>> = {
  live: 'live',
  answered: 'quiet',
  abandoned: 'hold',
  message: 'consult',
  broken: 'wrap',
  dropped: 'danger',
}

export const conditions: Readonly<Record<Condition, string>> = {
  music: key('Music'),
  hold: key('On hold'),
  talking: key('Talking'),
  private: key('Private'),
  ringing: key('Ringing'),
  waiting: key('Waiting'),
  lost: key('Connection lost'),
}

export const kinds: Readonly<Record<Transfer['kind'], string>> = {
  consult: key('Asked in private first'),
  invite: key('All three at once'),
  send: key('Sent without asking'),
  takeback: key('Taken back'),
  handover: key('Handed to somebody on the call'),
}

export const results: Readonly<Record<string, string>> = {
  handed_over: key('Handed over'),
  took_over: key('Took over a lost line'),
  declined: key('Declined'),
  busy: key('Busy'),
  no_answer: key('No answer'),
  unreachable: key('Not reachable'),
  machine: key('A machine answered'),
  failed: key('The carrier could not'),
  cancelled: key('Cancelled'),
  left: key('Came and left again'),
  removed: key('Removed'),
  lost: key('Their line was lost'),
  returned: key('Back in the queue first'),
  call_over: key('The call ended first'),
  stopped: key('The customer was lost first'),
}

/** outcome is what became of a call, in a few words. */
export function outcome(row: CallRow): string {
  const last = row.transfers.findLast((transfer) => transfer.outcome === 'handed_over' || transfer.outcome === 'took_over')
  if (row.outcome !== 'answered' || !last) return t(outcomes[row.outcome])
  return t('Handed over to {name}', { name: row.agents.find((one) => one.id === last.to)?.name ?? last.to })
}

/** customer is what to call whoever called. */
export function customer(row: Pick<CallRow, 'name' | 'number'>): string {
  if (row.name) return row.name
  return row.number && !row.number.startsWith('client:') ? row.number : t('Web caller')
}

/** phone is their telephone number, where there is one to show. */
export const phone = (row: Pick<CallRow, 'number'>): string => (row.number.startsWith('client:') ? '' : row.number)

/** who had the customer. */
export const who = (row: CallRow): string => (row.agents.length > 0 ? list(row.agents.map((one) => one.name)) : t('Nobody'))

/** length is the whole call's, in milliseconds; of one that goes on up to now. */
export const length = (row: CallRow, now: number): number => (row.ended ? Date.parse(row.ended) : now) - Date.parse(row.started)

/** span writes seconds. */
export const span = (seconds: number): string => clock(seconds * 1000)

/** moment writes when something was: the time alone of today, with the day otherwise, and the year of another year. */
export function moment(time: string, now: number): string {
  const at = new Date(time)
  const today = new Date(now)
  const clockFormat: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }
  if (at.toDateString() === today.toDateString()) return new Intl.DateTimeFormat(language(), clockFormat).format(at)
  const year: Intl.DateTimeFormatOptions = at.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' }
  return new Intl.DateTimeFormat(language(), { day: 'numeric', month: 'short', ...year, ...clockFormat }).format(at)
}

/** exact writes a time of day to the second. */
export const exact = (time: string): string =>
  new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(time))

/** whole writes day and time in full. */
export const whole = (time: string): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(time))
