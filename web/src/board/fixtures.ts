// Boards for tests and for the gallery, looked at when the console's fixtures are.

import { ago } from '../as/fixtures.lists'
import type { BoardCall, BoardData, Request } from '../lib/types'

const row = (id: string, name: string, seconds: number, change: Partial<BoardCall>): BoardCall => ({
  id,
  name,
  number: 'client:web',
  agents: [],
  stage: 'talking',
  sentence: '',
  since: ago(seconds),
  allowed: [],
  ...change,
})

const supervise: Request[] = ['listen', 'coach', 'join', 'take']

const emil = row('c2', 'Emil Okafor', 214, {
  number: '+15550100199',
  agents: ['Cy'],
  stage: 'held',
  sentence: 'Emil Okafor hears music. Cy has the call.',
  holdSince: ago(142),
  quality: { word: 'weak', loss: 6, rtt: 410, jitter: 38 },
  allowed: [...supervise, 'send'],
})
const fay = row('c4', 'Fay', 31, {
  agents: ['Ben'],
  stage: 'recovering',
  sentence: "Ben's connection dropped. Fay hears music.",
  allowed: ['take', 'send'],
})

export const full: BoardData = {
  now: ago(0),
  numbers: {
    waiting: 2,
    waitingSince: ago(131),
    inTime: 31,
    timed: 40,
    inTimeSeconds: 20,
    inTimeTarget: 80,
    free: 1,
    signedIn: 4,
    onHold: 1,
    dropped: 0,
    known: true,
  },
  needs: [
    { ...emil, why: 'hold', since: ago(142) },
    row('c3', 'Gus', 131, { why: 'returned', stage: 'queued', sentence: 'Gus hears music.', allowed: ['answer', 'send'] }),
    { ...fay, why: 'reconnecting', since: ago(8) },
  ],
  calls: [
    row('c1', 'Dana', 305, {
      agents: ['Ana', 'Ben'],
      stage: 'together',
      sentence: 'Dana, Ana and Ben hear each other.',
      watched: 'Mia is coaching Ana.',
      quality: { word: 'good', loss: 0, rtt: 31, jitter: 2 },
      allowed: ['listen', 'coach', 'join'],
    }),
    emil,
    fay,
  ],
  team: [
    { id: 'agent1', name: 'Ana', state: 'on_call', since: ago(305), word: 'On a call', reachable: true, today: 14 },
    { id: 'agent2', name: 'Ben', state: 'not_reachable', since: ago(31), word: 'Not reachable', reachable: false, today: 9 },
    { id: 'agent3', name: 'Cy', state: 'available', since: ago(900), word: 'Free', reachable: true, today: 11 },
    { id: 'agent4', name: 'Dora', state: 'away', since: ago(600), word: 'Away - lunch', reachable: true, today: 7 },
    { id: 'agent5', name: 'Eve', state: 'offline', since: ago(90_000), word: 'Offline', reachable: false, today: 0 },
  ],
}

/** Fifty calls at once, most of them talking. */
export const crowded: BoardData = {
  ...full,
  numbers: { ...full.numbers, free: 3, signedIn: 54 },
  calls: [
    ...full.calls,
    ...Array.from({ length: 47 }, (_, i) =>
      row(`d${i}`, `Caller ${i + 5}`, 300 - 6 * i, {
        number: `+155501002${String(i).padStart(2, '0')}`,
        agents: [`Agent ${i + 6}`],
        sentence: `Agent ${i + 6} and Caller ${i + 5} hear each other.`,
        quality: { word: i % 9 === 5 ? 'fair' : 'good', loss: i % 9 === 5 ? 2 : 0, rtt: 90, jitter: 14 },
        allowed: supervise,
      }),
    ),
  ],
}

export const empty: BoardData = {
  now: ago(0),
  numbers: { waiting: 0, inTime: 0, timed: 0, inTimeSeconds: 20, inTimeTarget: 80, free: 0, signedIn: 0, askedAfter: 120, onHold: 0, dropped: 0, known: false },
  needs: [],
  calls: [],
  team: [],
}
