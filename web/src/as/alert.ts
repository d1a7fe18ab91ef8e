// What is told of rings and of who begins to wait.

import type { Alert } from '../lib/alerts'
import { prefs } from '../lib/prefs.svelte'
import { t } from '../lib/say.svelte'
import { clock, since } from '../lib/time'
import type { Snapshot } from '../lib/types'
import type { CardView } from './view'

/** alertOf is what is told of a card that rings at this page; null: it does not. now: the desk's time, ms. */
export function alertOf(card: CardView | null, now: number): Alert | null {
  // A telephone rings by itself.
  if (!card?.ringing || !card.call.allowed.includes('answer')) return null
  const { call, ringing, name } = card
  const waited = t('Waited {time}.', { time: clock(since(call.waitingSince || call.since, now)) })
  return {
    id: call.id,
    kind: ringing,
    title: ringing === 'customer' ? t('{name} is calling', { name }) : t('{name} needs you', { name: card.from }),
    body: call.reason ? `${call.reason} - ${waited}` : waited,
  }
}

/** ticks: somebody begins to wait, and whoever is in a call wants to hear of it. */
export function ticks(before: Snapshot | null, next: Snapshot): boolean {
  const known = before?.queue ?? next.queue
  return prefs.waiting && !prefs.quiet && next.queue.some((row) => !known.some((one) => one.id === row.id))
}
