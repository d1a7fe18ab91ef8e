// Calls of the past for tests and for the gallery: what the desk would answer.

import type { CallRow, Detail, Outcome, Page, Report, Track } from './records'

export const now = Date.parse('2026-11-22T10:30:00Z')

const ana = { id: 'agent1', name: 'Ana' }
const ben = { id: 'agent2', name: 'Ben' }

/** row is a call that began some minutes ago and lasted 94 s. */
export function row(minutes: number, change: Partial<CallRow> = {}): CallRow {
  const started = now - minutes * 60_000
  return {
    id: `01CALL${String(minutes).padStart(6, '0')}`,
    started: new Date(started).toISOString(),
    ended: new Date(started + 94_000).toISOString(),
    number: '+4930123456',
    name: 'Dana Reyes',
    team: '',
    note: '',
    outcome: 'answered',
    dropped: '',
    waited: 8,
    talked: 86,
    held: 0,
    away: 0,
    agents: [ana],
    transfers: [],
    ...change,
  }
}

const handed = { kind: 'consult', from: 'agent1', to: 'agent2', outcome: 'handed_over', joined: true, took: 24 } as const

export const rows: CallRow[] = [
  row(1, { outcome: 'live', ended: null, talked: 52 }),
  row(8, { agents: [ana, ben], transfers: [handed], held: 20, note: 'Wants a refund for order 1234.' }),
  row(21, { name: '', number: '+15550100123', outcome: 'abandoned', agents: [], waited: 40, talked: 0 }),
  row(35, { name: 'Eli', number: 'client:eli', outcome: 'message', agents: [], talked: 0 }),
  row(70, { outcome: 'dropped', dropped: 'gave_up', name: 'Maximiliane von Hohenstein-Wittgenburg' }),
  row(600, { outcome: 'broken', name: 'Fay' }),
  row(1500, { name: 'Gil', number: '+4917012345678' }),
]

const choices = { agents: [ana, ben], teams: [{ id: 'sales', name: 'Sales' }] }

export const few: Page = { calls: rows, next: '', ...choices }
export const many: Page = { calls: Array.from({ length: 50 }, (_, i) => row(10 + 7 * i)), next: row(10 + 7 * 49).id, ...choices }
export const none: Page = { calls: [], next: '', ...choices, teams: [] }

const at = (seconds: number) => new Date(now - 480_000 + seconds * 1000).toISOString()

export const detail: Detail = {
  call: rows[1]!.id,
  summary: { ...rows[1]!, topic: 'Billing', conclusion: 'Solved', rating: 4, verified: true },
  why: '',
  picture: [
    { agent: '', name: 'Dana Reyes', bars: [
      { condition: 'music', from: at(0), to: at(8) },
      { condition: 'talking', from: at(8), to: at(30) },
      { condition: 'hold', from: at(30), to: at(54) },
      { condition: 'talking', from: at(54), to: at(94) },
    ] },
    { agent: 'agent1', name: 'Ana', bars: [
      { condition: 'ringing', from: at(2), to: at(8) },
      { condition: 'talking', from: at(8), to: at(30) },
      { condition: 'hold', from: at(30), to: at(36) },
      { condition: 'private', from: at(36), to: at(54) },
    ] },
    { agent: 'agent2', name: 'Ben', bars: [
      { condition: 'ringing', from: at(30), to: at(36) },
      { condition: 'private', from: at(36), to: at(54) },
      { condition: 'talking', from: at(54), to: at(94) },
    ] },
  ],
  entries: [
    { at: at(0), kind: 'arrived', sentence: 'Dana Reyes called.', raw: { CallSid: ['CA0123456789abcdef0123456789abcdef'], From: ['+4930123456'], CallStatus: ['ringing'] } },
    { at: at(2), kind: 'offered', sentence: 'Ana was rung.' },
    { at: at(8), kind: 'talking', sentence: 'Ana and Dana Reyes hear each other.', raw: { StatusCallbackEvent: ['participant-join'], SequenceNumber: ['2'] } },
    { at: at(30), kind: 'consulting', sentence: 'Ana asked for a private word with Ben; Dana Reyes is on hold.' },
    { at: at(36), kind: 'private', sentence: 'Ana and Ben talk in private; Dana Reyes is on hold.' },
    { at: at(54), kind: 'handed_over', sentence: 'Ben has Dana Reyes now.' },
    { at: at(94), kind: 'caller_left', sentence: 'Dana Reyes hung up.', raw: { CallStatus: ['completed'], CallDuration: ['94'] } },
  ],
}

export const dropped: Detail = {
  ...detail,
  summary: rows[4]!,
  why: "Ana's line was lost. Maximiliane von Hohenstein-Wittgenburg heard music for 12 s and hung up before anybody had them again.",
  picture: [
    { agent: '', name: 'Maximiliane von Hohenstein-Wittgenburg', bars: [
      { condition: 'talking', from: at(0), to: at(80) },
      { condition: 'music', from: at(80), to: at(92) },
    ] },
    { agent: 'agent1', name: 'Ana', bars: [
      { condition: 'talking', from: at(0), to: at(80) },
      { condition: 'lost', from: at(80), to: at(92) },
    ] },
  ],
  entries: [
    { at: at(80), kind: 'lost', sentence: "Ana's line was lost." },
    { at: at(92), kind: 'caller_left', sentence: 'Maximiliane von Hohenstein-Wittgenburg hung up.' },
  ],
}

export const tracks: Track[] = [
  { id: 'RE1', kind: 'call', at: at(94), length: 86, sound: '/api/calls/01CALL/recordings/RE1' },
  { id: 'RE2', kind: 'message', at: at(95), length: 12, deletedAt: at(300) },
]

export const report: Report = {
  summary: { calls: 132, answered: 117, abandoned: 9, messages: 5, dropped: 1, inTime: 96, timed: 124, waitMedian: 9, waitP90: 31, waitLongest: 142 },
  transfers: [
    { kind: 'consult', outcome: 'handed_over', transfers: 14 },
    { kind: 'invite', outcome: 'handed_over', transfers: 6 },
    { kind: 'consult', outcome: 'declined', transfers: 3 },
    { kind: 'send', outcome: 'no_answer', transfers: 1 },
  ],
  agents: [
    { ...ana, calls: 70, talked: 15_840, missed: 2 },
    { ...ben, calls: 51, talked: 9_120, missed: 0 },
    { id: 'agent3', name: 'Cy', calls: 0, talked: 0, missed: 4 },
  ],
  hours: Array.from({ length: 24 }, (_, i) => {
    const calls = [0, 0, 0, 0, 0, 0, 1, 4, 11, 17, 21, 15, 8, 12, 16, 13, 8, 4, 2, 0, 0, 0, 0, 0][i]!
    return { calls, answered: Math.ceil(calls * 0.88), abandoned: Math.floor(calls * 0.08), inTime: Math.ceil(calls * 0.7), timed: calls }
  }),
  drops: [rows[4]!],
  teams: choices.teams,
}

export const nothing: Report = {
  ...report,
  summary: { calls: 0, answered: 0, abandoned: 0, messages: 0, dropped: 0, inTime: 0, timed: 0, waitMedian: 0, waitP90: 0, waitLongest: 0 },
  transfers: [],
  agents: [],
  hours: report.hours.map(() => ({ calls: 0, answered: 0, abandoned: 0, inTime: 0, timed: 0 })),
  drops: [],
}

/** One of each outcome, for tests of their words. */
export const each = Object.fromEntries(rows.map((one) => [one.outcome, one])) as Record<Outcome, CallRow>
