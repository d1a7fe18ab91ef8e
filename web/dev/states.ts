// Stand-ins for what the pages draw, one for each state worth looking at.

import { fixtureNow, fixtures, type FixtureName } from '../src/as/fixtures'
import { ago, happenings, usual } from '../src/as/fixtures.lists'
import { outage } from '../src/as/outage'
import type { Shown as Desk } from '../src/as/shown'
import { view, type Local } from '../src/as/view'
import { crowded, empty, full } from '../src/board/fixtures'
import type { Shown as Line } from '../src/call/shown'
import { framed } from '../src/lib/pane'
import type { BoardData, CallerState, Config, Snapshot } from '../src/lib/types'
import { told } from './said'

export const demoConfig: Config = {
  demo: true,
  number: '+15005550006',
  agents: [
    { id: 'agent1', name: 'Ana' },
    { id: 'agent2', name: 'Ben' },
    { id: 'agent3', name: 'Cy' },
  ],
  callerPage: true,
  closed: false,
  signalUrl: 'localhost:8080',
  secureUrl: '',
  version: 'gallery',
}

const nothing = async () => undefined

const quiet: Desk['audio'] = {
  inputs: [
    { id: 'a', label: 'Headset' },
    { id: 'b', label: 'Built-in mic' },
  ],
  outputs: [
    { id: 'c', label: 'Headset' },
    { id: 'd', label: 'Built-in speaker' },
  ],
  hint: '',
  moved: null,
  net: null,
  stream: null,
  look: async () => true,
  choose: nothing,
  undo: nothing,
  forget: nothing,
}

const boardFeed = (board: BoardData | null): Desk['board'] => ({ shown: board && { ...told(board), skew: 0 }, watch: () => () => undefined })

function desk(name: FixtureName, change: Partial<Desk> & { muted?: boolean } = {}, local: Partial<Local> = {}): Desk {
  const snapshot = told(fixtures[name]) as Snapshot
  const inCall = snapshot.calls.some(
    (call) => !['offered', 'none', 'former'].includes(call.role) && !call.rejoin && call.stage !== 'connecting',
  )
  const open = inCall && !['invited', 'asked', 'askedWithNote', 'sent'].includes(name)
    ? { sid: 'CA1', leg: 'agent1', muted: change.muted ?? false, audio: 'fine' as const }
    : null
  const silent = change.open?.audio === 'reconnecting'
  const shown = view(snapshot, { now: fixtureNow, muted: open?.muted ?? null, silent, ...told(local) })
  return {
    config: demoConfig,
    agent: snapshot.me.id,
    framed,
    view: shown,
    name: snapshot.me.name,
    role: snapshot.me.role,
    link: 'up',
    mic: 'voice',
    trouble: '',
    soundBlocked: false,
    asksPopUp: false,
    answerPopUp: nothing,
    outage: outage({
      link: change.link === 'down' ? 'down' : 'up',
      card: shown.card && { ...shown.card, call: { ...shown.card.call, ifLost: { seconds: 25, to: '' } } },
      open: open !== null,
      silent,
      silentSince: silent ? fixtureNow - 8_000 : null,
      heardAt: fixtureNow,
      now: fixtureNow,
      skew: 0,
    }),
    audio: quiet,
    open,
    pending: {},
    now: fixtureNow,
    byVoice: true,
    presence: snapshot.presence,
    notices: { list: [], dismiss: () => undefined, say: () => undefined },
    goAvailable: nothing,
    setPresence: nothing,
    setNext: nothing,
    takeBreak: nothing,
    usual: async () => usual,
    setByPhone: nothing,
    ask: nothing,
    askTask: nothing,
    write: nothing,
    happened: async () => told(happenings),
    lostNote: '',
    keepNote: () => undefined,
    board: boardFeed(null),
    setMember: nothing,
    mute: () => undefined,
    tone: () => undefined,
    speakBy: nothing,
    allowSound: nothing,
    retryMic: nothing,
    useThisTab: () => undefined,
    finish: () => undefined,
    signOut: nothing,
    ownPassword: true,
    signInAgain: nothing,
    changePassword: nothing,
    ...told(change),
  }
}

/** What the desk says besides the fixtures of the pages. */
export const moments = {
  taken: { notice: { id: 't1', kind: 'taken', text: 'Ben took it.', at: ago(0) }, shownFor: 0 },
  left: { notice: { id: 't2', kind: 'left_consult', name: 'Dana', text: 'Dana hung up after 4:12.', at: ago(5) }, shownFor: 5_000 },
  notices: [{ text: 'Dana hung up after 4:12.' }, { text: 'That changed meanwhile: Dana is already with Ben.' }],
  failure: { code: 'internal', message: 'Something went wrong on our side. Calls in progress go on. Try again.' },
}

const notices = (...texts: { text: string }[]) => ({
  list: texts.map((one, i) => ({ id: String(i), ...one })),
  dismiss: () => undefined, say: () => undefined,
})

export const consoleStates: Record<string, () => Desk> = {
  ...Object.fromEntries(Object.keys(fixtures).map((name) => [name, () => desk(name as FixtureName)])),
  muted: () => desk('talking', { muted: true }),
  mutedPrivately: () => desk('private', { muted: true }),
  linkDown: () => desk('talking', { link: 'down' }),
  offlineInCall: () =>
    desk('talking', { link: 'down', open: { sid: 'CA1', leg: 'agent1', muted: false, audio: 'reconnecting' } }),
  audioLost: () => desk('talking', { open: { sid: 'CA1', leg: 'agent1', muted: false, audio: 'reconnecting' } }),
  micSilent: () => desk('talking', { audio: { ...quiet, hint: 'silent' } }),
  talkingMuted: () => desk('talking', { muted: true, audio: { ...quiet, hint: 'muted' } }),
  headsetGone: () => desk('talking', { byVoice: false, audio: { ...quiet, moved: { from: 'Headset', to: 'Built-in mic', back: 'a' } } }),
  insecure: () => desk('offline', { mic: 'insecure', byVoice: false, config: { ...demoConfig, secureUrl: 'https://desk.local:8443' } }),
  insecureAlone: () => desk('offline', { mic: 'insecure', byVoice: false }),
  weak: () => desk('talking', { audio: { ...quiet, net: { word: 'weak', loss: 6, rtt: 410, jitter: 38, told: true, stalled: false } } }),
  fair: () => desk('talking', { audio: { ...quiet, net: { word: 'fair', loss: 2, rtt: 120, jitter: 20, told: false, stalled: false } } }),
  asksPopUp: () => desk('available', { asksPopUp: true }),
  unchecked: () => desk('offline', { byVoice: false }),
  myAudio: () => desk('offline', { byVoice: false }),
  elsewhere: () => desk('available', { link: 'elsewhere' }),
  signedOut: () => desk('talking', { link: 'signed_out' }),
  soundBlocked: () => desk('offline', { soundBlocked: true }),
  micDenied: () => desk('offline', { mic: 'denied', byVoice: false }),
  micMissing: () => desk('offline', { mic: 'missing', byVoice: false }),
  trouble: () => desk('available', { trouble: 'The phone line to the desk dropped. Reconnecting...' }),
  noteLost: () => desk('wrapUp', { lostNote: 'Ordered twice by mistake, wants the second one refunded.' }),
  working: () => desk('together', { pending: { leave: fixtureNow - 5_000 } }),
  told: () => desk('available', { notices: notices(...moments.notices) }),
  taken: () => desk('available', {}, { after: moments.taken }),
  callerLeft: () => desk('wrapUp', {}, { after: moments.left }),
  backInCall: () => desk('talking', {}, { back: { call: fixtures.talking.calls[0]!.id, words: "You're back with Dana (away 6 s)." } }),
  opening: () => desk('offline', { view: null, link: 'connecting', name: '' }),
}

const boarding = (board: BoardData | null, change: Partial<Desk> = {}): Desk =>
  desk('available', { role: 'lead', board: boardFeed(board), ...change })

export const boardStates: Record<string, () => Desk> = {
  full: () => boarding(full),
  crowded: () => boarding(crowded),
  empty: () => boarding(empty),
  loading: () => boarding(null),
  linkDown: () => boarding(full, { link: 'down' }),
  busy: () => ({ ...desk('talking'), role: 'lead', board: boardFeed(full) }),
  wall: () => boarding(full),
}

function line(change: Partial<Line>): Line {
  return told({
    config: demoConfig,
    phase: 'in',
    caller: { state: 'none', sentence: '', with: [] },
    mic: 'unknown',
    level: 0,
    trouble: '',
    muted: false,
    reconnecting: false,
    blocked: false,
    byVoice: true,
    seconds: 42,
    thanks: '',
    speakers: [],
    speaker: 'default',
    expects: null,
    ratable: false,
    stars: 0,
    call: nothing,
    mute: () => undefined,
    press: () => undefined,
    tone: () => undefined,
    hearBy: () => undefined,
    name: 'Dana',
    topic: '',
    placeLeft: 0,
    promised: '',
    rate: nothing,
    callBack: nothing,
    askBack: nothing,
    end: () => undefined,
    allow: nothing,
    speakBy: () => undefined,
    ...change,
  })
}

const choosing: CallerState = {
  state: 'choosing',
  sentence: 'All our agents are busy, and you have been waiting for a while. You keep your place in line.',
  with: [],
}

const live: Config = { ...demoConfig, demo: false, signalUrl: '' }

export const callerStates: Record<string, () => Line> = {
  idle: () => line({ phase: 'idle' }),
  busy: () => line({ phase: 'idle', config: live, expects: { ahead: 2, wait: 50, open: true, hours: [], zone: '' } }),
  afterHours: () =>
    line({
      phase: 'idle',
      config: live,
      expects: { ahead: 0, wait: 0, open: false, hours: ['09:00-17:00', '09:00-17:00', '', '09:00-12:00 13:00-17:00', '09:00-15:00', '', ''], zone: 'Europe/Berlin' },
    }),
  idleTwilio: () => line({ phase: 'idle', config: live }),
  asking: () => line({ phase: 'asking', byVoice: false }),
  checking: () => line({ phase: 'checking', level: 0.6, byVoice: false }),
  calling: () => line({ phase: 'calling' }),
  waiting: () =>
    line({
      caller: { state: 'waiting', sentence: 'Somebody will be with you shortly.', with: [], position: 2 },
    }),
  talking: () =>
    line({
      caller: { state: 'talking', sentence: 'Ana is here.', with: ['Ana'] },
      speakers: [
        { id: 'default', name: 'Built-in speakers' },
        { id: 'headset', name: 'Headset' },
      ],
    }),
  three: () => line({ caller: { state: 'talking', sentence: "You're with Ana and Ben.", with: ['Ana', 'Ben'] }, muted: true }),
  held: () =>
    line({ caller: { state: 'hold', sentence: 'Ana put you on hold and is still with you.', with: [] } }),
  askingColleague: () => line({ caller: { state: 'hold', sentence: 'Ana is asking a colleague.', with: [] } }),
  handedOver: () => line({ caller: { state: 'talking', sentence: "You're now with Ben.", with: ['Ben'] } }),
  blinked: () => line({ caller: { state: 'talking', sentence: 'Ana is here.', with: ['Ana'] }, reconnecting: true }),
  soundLocked: () => line({ caller: { state: 'talking', sentence: 'Ana is here.', with: ['Ana'] }, blocked: true }),
  choosing: () => line({ caller: choosing, seconds: 133 }),
  callBack: () => line({ caller: choosing, seconds: 133, trouble: 'That does not look like a telephone number. You keep your place in line.' }),
  recording: () =>
    line({ caller: { state: 'recording', sentence: 'Recording your message... press Done when you have finished.', with: [] } }),
  parting: () => line({ caller: { state: 'parting', sentence: 'Thank you. We have your message.', with: [] } }),
  thanked: () => line({ phase: 'ended', thanks: 'Thank you. We have your message.' }),
  ended: () => line({ phase: 'ended', seconds: 252, ratable: true }),
  rated: () => line({ phase: 'ended', seconds: 252, ratable: true, stars: 4 }),
  denied: () => line({ phase: 'idle', mic: 'denied', byVoice: false, config: live, placeLeft: 48 }),
  promised: () => line({ phase: 'idle', config: live, promised: '2026-11-23T12:00:00Z' }),
  missing: () => line({ phase: 'idle', mic: 'missing', byVoice: false }),
  trouble: () => line({ phase: 'idle', trouble: 'The phone line to the desk dropped. Reconnecting...' }),
}
