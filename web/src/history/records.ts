// What the desk says of calls of the past: the shapes of its JSON. Times are RFC
// 3339, spans are seconds.

import { get } from '../lib/api'

export type Outcome = 'live' | 'answered' | 'abandoned' | 'message' | 'broken' | 'dropped'

export interface Transfer {
  kind: 'consult' | 'invite' | 'send' | 'takeback' | 'handover'
  from: string
  to: string
  outcome: string
  joined: boolean
  took: number
}

export interface CallRow {
  id: string
  started: string
  /** null: the call goes on. */
  ended: string | null
  number: string
  name: string
  team: string
  note: string
  /** Why they called, and what an agent chose as the end of it. */
  topic?: string
  conclusion?: string
  /** The customer's own, 1 to 5; 0: none. */
  rating?: number
  /** A site had signed who the customer is. */
  verified?: boolean
  outcome: Outcome
  dropped: '' | 'cut_off' | 'gave_up'
  waited: number
  talked: number
  held: number
  away: number
  agents: { id: string; name: string }[]
  transfers: Transfer[]
}

export interface Choice {
  id: string
  name: string
}

export interface Page {
  calls: CallRow[]
  /** The cursor of what is left; empty: nothing is. */
  next: string
  agents: Choice[]
  teams: Choice[]
}

export interface Entry {
  at: string
  kind: string
  sentence: string
  raw?: Record<string, string[]>
}

export type Condition = 'music' | 'hold' | 'talking' | 'private' | 'ringing' | 'waiting' | 'lost'

export interface Bar {
  condition: Condition
  from: string
  to: string
}

export interface Lane {
  /** Empty: the customer. */
  agent: string
  name: string
  bars: Bar[]
}

export interface Detail {
  call: string
  entries: Entry[]
  summary: CallRow
  picture: Lane[]
  /** Why the customer was cut off; empty: they were not. */
  why: string
}

export interface Track {
  id: string
  kind: 'call' | 'message'
  at: string
  /** 0: not known. */
  length: number
  /** Where it is heard; none: it is deleted. */
  sound?: string
  deletedAt?: string
}

export interface Hour {
  calls: number
  answered: number
  abandoned: number
  inTime: number
  timed: number
}

export interface Report {
  summary: {
    calls: number
    answered: number
    abandoned: number
    messages: number
    dropped: number
    inTime: number
    timed: number
    waitMedian: number
    waitP90: number
    waitLongest: number
  }
  transfers: { kind: Transfer['kind']; outcome: string; transfers: number }[]
  agents: { id: string; name: string; calls: number; talked: number; missed: number }[]
  hours: Hour[]
  drops: CallRow[]
  teams: Choice[]
}

/** What the address of the history says is asked for. */
export const asked = ['q', 'with', 'team', 'outcome', 'transfer', 'from', 'to'] as const

/**
 * search is what the desk is asked for an address of the history. Days are the reader's
 * own, and the last one is among them.
 */
export function search(query: URLSearchParams): URLSearchParams {
  const ask = new URLSearchParams()
  for (const name of asked) {
    const value = query.get(name)?.trim()
    if (!value) continue
    if (name !== 'from' && name !== 'to') {
      ask.set(name, value)
      continue
    }
    const day = new Date(`${value}T00:00:00`)
    if (Number.isNaN(day.getTime())) continue
    if (name === 'to') day.setDate(day.getDate() + 1)
    ask.set(name, day.toISOString())
  }
  return ask
}

export const page = (agent: string, query: URLSearchParams, cursor = '') => {
  const ask = search(query)
  if (cursor) ask.set('cursor', cursor)
  return get<Page>(`/api/history?${ask}`, agent)
}

export const detail = (agent: string, call: string) => get<Detail>(`/api/calls/${encodeURIComponent(call)}/timeline`, agent)

export const tracks = (agent: string, call: string) =>
  get<{ recordings: Track[] }>(`/api/calls/${encodeURIComponent(call)}/recordings`, agent).then((answer) => answer.recordings)

export const report = (agent: string, from: Date, to: Date, team: string) => {
  const ask = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
  if (team) ask.set('team', team)
  return get<Report>(`/api/reports?${ask}`, agent)
}
