// From the desk's board to what is drawn: pure, and it decides nothing.

import { key, number, t } from '../lib/say.svelte'
import { clock, roughly, since } from '../lib/time'
import type { BoardCall, BoardData, Call, Request } from '../lib/types'

export type Tone = 'quiet' | 'ring' | 'live' | 'hold' | 'consult' | 'wrap'

/** Beside its colour each state has a shape and a word. */
export type Mark = 'good' | 'bad' | 'none'

export interface Tile {
  id: string
  label: string
  value: string
  target: string
  mark: Mark
  /** The mark in words. */
  word: string
}

export interface CallRow {
  id: string
  name: string
  detail: string
  agents: string
  tone: Tone
  /** Why somebody is needed, or how it stands, in a word. */
  state: string
  sentence: string
  watched: string
  time: string
  hold: string
  /** How well the call is heard; null: not known, as of a telephone. */
  quality: { word: string; detail: string; mark: Mark | 'half'; tone: Tone | 'danger' } | null
  /** How this lead takes part; empty: not at all. */
  mine: string
  buttons: { request: Request; label: string; primary: boolean }[]
  /** Whether the customer may be sent to somebody. */
  send: boolean
}

export interface AgentRow {
  id: string
  name: string
  tone: Tone
  state: string
  word: string
  since: string
  today: string
}

const tones: Readonly<Record<string, Tone>> = {
  queued: 'ring',
  offering: 'ring',
  connecting: 'ring',
  talking: 'live',
  together: 'live',
  inviting: 'live',
  swapped: 'live',
  asking: 'consult',
  private: 'consult',
  handing_over: 'wrap',
}

const states: Readonly<Record<string, string>> = {
  queued: key('Waiting'),
  choosing: key('Waiting'),
  offering: key('Ringing'),
  connecting: key('Connecting'),
  talking: key('Talking'),
  inviting: key('Talking'),
  swapped: key('Talking'),
  held: key('On hold'),
  asking: key('On hold'),
  private: key('Private'),
  sending: key('Sent on'),
  together: key('All three'),
  handing_over: key('Handing over'),
  recovering: key('Reconnecting'),
  awaiting: key('Reconnecting'),
}

const needs: Readonly<Record<string, string>> = {
  returned: key('Returned'),
  reconnecting: key('Reconnecting'),
  hold: key('On hold'),
  waiting: key('Waiting'),
}

const presences: Readonly<Record<string, Tone>> = {
  available: 'live',
  on_call: 'ring',
  wrap_up: 'wrap',
  away: 'hold',
  not_reachable: 'hold',
}

/** In 20 s; the longest wait that is as it should be. */
const inTime = (board: BoardData) => board.numbers.inTimeSeconds * 1000

export function tiles(board: BoardData, now: number): Tile[] {
  const n = board.numbers
  const longest = since(n.waitingSince, now)
  const share = n.timed > 0 ? Math.round((100 * n.inTime) / n.timed) : null
  const tile = (id: string, label: string, value: string, target: string, good: boolean | null): Tile => ({
    id,
    label,
    value,
    target,
    mark: good === null ? 'none' : good ? 'good' : 'bad',
    word: good === null ? t('nothing to say yet') : good ? t('on target') : t('off target'),
  })
  const late = longest >= inTime(board)
  return [
    tile('waiting', t('Waiting'), number(n.waiting), t('target: none over {time}', { time: clock(inTime(board)) }), !late),
    tile('longest', t('Longest wait'), clock(longest), t('target: under {time}', { time: clock(inTime(board)) }), !late),
    tile(
      'answered',
      t('Answered in {n} s today', { n: n.inTimeSeconds }),
      n.known && share !== null ? t('{n} %', { n: share }) : '-',
      t('target: {n} %', { n: n.inTimeTarget }),
      n.known && share !== null ? share >= n.inTimeTarget : null,
    ),
    tile('free', t('Free agents'), t('{n} of {all}', { n: n.free, all: n.signedIn }), t('target: at least 1'), n.free > 0),
    tile('hold', t('On hold now'), number(n.onHold), t('target: none over 2 min'), !board.needs.some((row) => row.why === 'hold')),
    tile('dropped', t('Dropped by us today'), n.known ? number(n.dropped) : '-', t('target: 0'), n.known ? n.dropped === 0 : null),
  ]
}

/** What becomes of new callers when nobody is signed in; empty: somebody is. */
export function nobody({ numbers }: BoardData): string {
  if (numbers.signedIn > 0) return ''
  const after = numbers.askedAfter ?? 0
  if (after === 0) return t('Nobody is available. New callers are offered a callback at once.')
  const time = after < 60 ? t('{n} s', { n: after }) : roughly(after * 1000)
  return t("Nobody is available. New callers hear music; after {time} they're offered a callback.", { time })
}

const words: Partial<Record<Request, string>> = {
  answer: key('Take'),
  take: key('Take'),
  listen: key('Listen'),
  'listen-privately': key('Listen privately'),
  coach: key('Coach'),
  join: key('Join'),
  unlisten: key('Stop listening'),
}

const qualities = {
  good: { word: key('Good'), mark: 'good', tone: 'live' },
  fair: { word: key('Fair'), mark: 'half', tone: 'hold' },
  weak: { word: key('Weak'), mark: 'bad', tone: 'danger' },
} as const

function heard({ quality }: BoardCall): CallRow['quality'] {
  if (!quality) return null
  const { word, loss, rtt, jitter } = quality
  return {
    ...qualities[word],
    word: t(qualities[word].word),
    detail: word === 'good' ? '' : t('loss {loss} %, round trip {rtt} ms, jitter {jitter} ms', { loss, rtt, jitter }),
  }
}

/** callRow draws one row; lane says which of the allowed requests belong there. */
export function callRow(row: BoardCall, lane: 'needs' | 'calls', mine: Call | null, now: number): CallRow {
  const own = mine?.id === row.id && mine.role === 'supervisor' ? mine : null
  const allowed = own ? own.allowed : row.allowed
  const drawn: readonly Request[] = lane === 'needs' ? ['take', 'answer'] : ['listen', 'listen-privately', 'coach', 'join', 'unlisten', 'take']
  return {
    id: row.id,
    name: row.name,
    detail: row.number.startsWith('client:') || row.number === row.name ? '' : row.number,
    agents: row.agents.join(', '),
    tone: lane === 'needs' ? 'hold' : (tones[row.stage] ?? 'hold'),
    state: t((lane === 'needs' ? needs[row.why ?? ''] : states[row.stage]) ?? states['queued']!),
    sentence: row.sentence,
    watched: row.watched ?? '',
    time: clock(since(row.since, now)),
    hold: row.holdSince && lane === 'calls' ? clock(since(row.holdSince, now)) : '',
    quality: heard(row),
    mine: own?.chip ?? '',
    buttons: drawn.flatMap((request) =>
      allowed.includes(request) ? [{ request, label: t(words[request]!), primary: lane === 'needs' }] : [],
    ),
    send: lane === 'needs' && allowed.includes('send'),
  }
}

export function agentRow(row: BoardData['team'][number], now: number): AgentRow {
  const state = row.reachable || row.state === 'offline' ? row.state : 'not_reachable'
  return {
    id: row.id,
    name: row.name,
    tone: presences[state] ?? 'quiet',
    state,
    word: row.word,
    since: row.state === 'offline' ? '' : roughly(since(row.since, now)),
    today: number(row.today),
  }
}

/** Rows that stay where they are while somebody points at one: what has changed is counted. */
export function frozen<T extends { id: string }>(before: readonly T[], now: readonly T[]): { rows: (T & { gone?: boolean })[]; changes: number } {
  const rows = before.map((row) => now.find((one) => one.id === row.id) ?? { ...row, gone: true })
  const left = before.filter((row) => now.some((one) => one.id === row.id)).map((row) => row.id)
  const kept = now.filter((row) => before.some((one) => one.id === row.id)).map((row) => row.id)
  const moved = kept.filter((id, i) => left[i] !== id).length
  return { rows, changes: before.length - left.length + now.length - kept.length + Math.ceil(moved / 2) }
}
