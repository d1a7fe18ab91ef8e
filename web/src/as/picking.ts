// Who may be brought in, in what order, and what is said of each: pure, for the picker.

import type { Usual } from '../lib/api'
import { t } from '../lib/say.svelte'
import { clock } from '../lib/time'
import type { TeamRow } from './view'

/** Nothing is known of anybody. */
export const unknown: Usual = { people: [], teams: [] }

const knows = (known: Usual, id: string): boolean => known.people.some((one) => one.id === id && one.knows)

/** inOrder is who is free first, of those whom one asked lately, then who knows what it is about. rank: 0 for whom one asked last. */
export function inOrder(team: readonly TeamRow[], known: Usual, rank: (id: string) => number): TeamRow[] {
  const of = (row: TeamRow) => [Number(!row.free), rank(row.id), Number(!knows(known, row.id))] as const
  return [...team].sort((a, b) => {
    const [x, y] = [of(a), of(b)]
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]
  })
}

/** details is what somebody does, since when, and what is usual of them. */
export function details(row: TeamRow, known: Usual): string {
  if (row.state === 'team') {
    const wait = known.teams.find((one) => one.id === row.id)?.wait
    return wait ? t('{free}, ~{time}', { free: row.word, time: clock(wait * 1000) }) : row.word
  }
  const soon = row.free ? 0 : (known.people.find((one) => one.id === row.id)?.freeIn ?? 0)
  const parts = [[row.word, row.since].filter(Boolean).join(' ')]
  if (soon > 0) parts.push(t('usually free in ~{n} min', { n: Math.ceil(soon / 60) }))
  if (knows(known, row.id)) parts.push(t('knows this topic'))
  return parts.join(' · ')
}
