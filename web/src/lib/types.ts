// What the desk says to the pages: the shapes of its JSON. Times are RFC 3339.

export type Presence = 'available' | 'on_call' | 'wrap_up' | 'away' | 'offline' | 'not_reachable'

export type Stage =
  | 'queued'
  | 'offering'
  | 'connecting'
  | 'talking'
  | 'held'
  | 'asking'
  | 'private'
  | 'swapped'
  | 'inviting'
  | 'sending'
  | 'together'
  | 'handing_over'
  | 'recovering'
  | 'awaiting'
  | 'ending'

/** What the agent who reads the snapshot is to a call; a former owner has handed over and may take back. */
export type Role = 'offered' | 'owner' | 'target' | 'third' | 'former' | 'supervisor' | 'none'

/** What an agent may ask of the desk; the desk lists the allowed ones. */
export type Request =
  | 'answer'
  | 'pass'
  | 'hold'
  | 'resume'
  | 'consult'
  | 'invite'
  | 'send'
  | 'requeue'
  | 'cancel'
  | 'swap'
  | 'merge'
  | 'handover'
  | 'keep'
  | 'take'
  | 'takeback'
  | 'finish'
  | 'leave'
  | 'remove'
  | 'end'
  | 'redial'
  | 'phone'
  | 'note'
  | 'topic'
  | 'outcome'
  | 'record-pause'
  | 'record-resume'
  | 'record-stop'
  | 'listen'
  | 'coach'
  | 'join'
  | 'unlisten'
  | 'listen-privately'

/** The ways to bring a colleague in. */
export type Way = Extract<Request, 'consult' | 'invite' | 'send'>

export type LegState = 'music' | 'talking' | 'ringing' | 'connecting' | 'held' | 'waiting' | 'gone' | 'listening' | 'coaching' | 'joined'

export interface Leg {
  id: string
  role: 'customer' | 'agent' | 'supervisor'
  agent?: string
  name: string
  state: LegState
  /** The state for people, such as "Listening to music". */
  word: string
  muted: boolean
  /** A telephone, and no page. */
  phone?: boolean
  since: string
  sid: string
}

export interface Notice {
  id: string
  kind?: string
  text: string
  at: string
  /** The customer, of a notice about a call. */
  name?: string
  /** The telephone number that could not be rung, and the carrier's number for why. */
  number?: string
  code?: number
}

export interface Call {
  id: string
  version: number
  stage: Stage
  since: string
  startedAt: string
  deadline: string | null
  /** Since when somebody is on hold. */
  holdSince?: string | null
  /** When the owner goes back to the customer by itself. */
  backAt?: string | null
  /**
   * What comes of the customer if this page's line and link are lost: so many seconds
   * after the last sign of life they go to somebody by name, or (empty) to the line.
   */
  ifLost?: { seconds: number; to: string }
  /** Whom nobody takes is first in line, and does not come back to who sent them. */
  toLine?: boolean
  role: Role
  /** Who hears whom, for this agent. */
  sentence: string
  /** Who listens, coaches or joined; none: nobody. */
  watched?: string
  chip: string
  customer: Customer
  owner: string
  target: string
  /** Who asks, and why, when this agent is rung as a colleague. */
  from?: string
  reason?: string
  waitingSince: string
  /** Seconds that whoever is brought in rings. */
  ring?: number
  returned: boolean
  legs: Leg[]
  myLeg: string
  /** A leg to accept without asking, because it brings this agent back. */
  rejoin: { leg: string; key: string } | null
  allowed: Request[]
  inviteable: string[]
  /** The teams that may be brought in; their ids are what `to` takes. */
  targets: Group[]
  notice: Notice | null
  /** Shared by those on the call. */
  note?: string
  /** Why the customer called. */
  topic?: string
  /** What it came to, in the word of whoever had the customer. */
  outcome?: string
  /** Only of a call that is to be recorded. */
  recording?: Recording
}

export interface Customer {
  /** Their page in another system. */
  link?: string
  name: string
  number: string
  /** Which call of theirs it is within seven days, from 1. */
  recent?: number
  /** The site they called from has signed who they are, and what follows. */
  verified?: boolean
  phone?: string
  email?: string
  /** The site's own id of them. */
  reference?: string
}

/** The call that an agent is in the time after. */
export interface Wrap {
  id: string
  customer: Customer
  /** Who has the customer now; none: the call is over. */
  with?: string
  note: string
  topic: string
  /** Empty: none is chosen yet. */
  outcome: string
  allowed: Request[]
}

/** What may be written of a call. */
export type Writing = Extract<Request, 'note' | 'topic' | 'outcome'>

/** One line of what happened in a call. */
export interface Happening {
  at: string
  sentence: string
}

export interface Recording {
  state: 'waiting' | 'on' | 'held' | 'pausing' | 'unpaused' | 'paused' | 'stopped' | 'failed'
  /** The same for people; empty: nothing to say. */
  words: string
  /** Who has paused or stopped it, and since when; only then. */
  by?: string
  since?: string
}

export interface Waiting {
  id: string
  name: string
  number: string
  since: string
  returned: boolean
  reason?: string
  position: number
  /** The team they wait for; none: anybody. */
  team?: string
  allowed: Request[]
}

/** A customer on a colleague's call who has nobody just now. */
export interface Need {
  id: string
  name: string
  number: string
  sentence: string
  since: string
  allowed: Request[]
}

export type TaskRequest = 'take' | 'assign' | 'done' | 'reopen'

/** What a customer has left us to do. */
export interface Task {
  id: string
  kind: 'voicemail' | 'callback'
  call: string
  sentence: string
  customer: { name: string; number: string }
  owner: { id: string; name: string } | null
  state: 'open' | 'done'
  createdAt: string
  due: string
  overdue: boolean
  /** Of the message, in seconds. */
  length?: number
  /** The path of its sound. */
  recording?: string
  /** Of what was asked for without a call: what it is about, and when it suits. */
  topic?: string
  when?: string
  allowed: TaskRequest[]
}

export interface Colleague {
  id: string
  name: string
  state: string
  since: string
  word: string
  reachable: boolean
  teams?: string[]
  /** When a break is meant to be over. */
  breakUntil?: string
}

export interface Group {
  id: string
  name: string
  free: number
}

/** What somebody may do; each may do what the ones before may. */
export type StaffRole = 'agent' | 'lead' | 'admin'

export interface Snapshot {
  version: number
  now: string
  /** changePassword: it is kept by the desk, not by its configuration. */
  me: { id: string; name: string; teams?: string[]; role?: StaffRole; changePassword?: boolean }
  presence: Presence
  presenceSince: string
  presenceReason?: string
  /** When the time after a call is over. */
  wrapUntil?: string
  /** When a break is meant to be over. */
  breakUntil?: string
  wrap?: Wrap
  /** What may be said that a call came to. */
  outcomes?: string[]
  /** When a call last ended; none: none has. */
  lastEnded?: string
  /** What the agent wants to be after the present call. */
  next?: Presence
  /** The agent's own telephone, and whether calls reach them there. */
  phone?: string
  byPhone?: boolean
  /** When a customer's page in another system opens by itself, and what its link says; none: there is no such page. */
  screenPop?: { on: 'answer' | 'ring' | 'never'; label?: string }
  /** Which telephone numbers may be brought in; none: no number at all. */
  outside?: Outside
  calls: Call[]
  /** The first of the line; `waiting` is how many wait in all. */
  queue: Waiting[]
  waiting: number
  /** Calls that whoever is free may take. */
  needsSomeone?: Need[]
  tasks?: Task[]
  team: Colleague[]
  teams: Group[]
  notices: Notice[]
  /** What is wrong for everybody, as long as it is. */
  alarms?: Alarm[]
}

/** Something that is wrong for everybody; `text` says what it means. */
export interface Alarm {
  kind: 'carrier'
  text: string
  code?: number
  since: string
}

export interface Config {
  demo: boolean
  number: string
  agents: { id: string; name: string }[]
  callerPage: boolean
  /** No new calls from the web page. */
  closed: boolean
  /** host:port of the built-in switchboard, empty when Twilio carries the calls. */
  signalUrl: string
  /** The https:// address of the desk; empty: it has none. */
  secureUrl: string
  version: string
}

/** What the desk tells a customer's page. */
export interface CallerState {
  /**
   * choosing: waits, and may leave a message or a number; parting: has left one;
   * away: the line was lost, and the place is kept.
   */
  state: 'none' | 'waiting' | 'choosing' | 'recording' | 'parting' | 'talking' | 'hold' | 'away' | 'ended'
  sentence: string
  with: string[]
  position?: number
  /** What is said is being recorded. */
  recorded?: boolean
  people?: string[]
  /** Seconds the call lasted, once it ended. */
  endedAfter?: number
}

/** What a customer may expect before they call. */
export interface CallerLine {
  ahead: number
  /** About how long callers wait, in seconds; 0: nobody could say. */
  wait: number
  open: boolean
  /** Of each day from Monday on, as 09:00-17:00; none: always open. */
  hours: string[]
  zone: string
}

export interface CallerToken {
  token: string
  identity: string
  number: string
  name: string
  /** The key with which the page comes back into its call. */
  return: string
  /** How the call of the given key stands; none: there is no such call. */
  state: CallerState['state']
}

/** What the page knows of the microphone. 'voice' means a demo voice speaks. */
export type Mic = 'unknown' | 'voice' | 'granted' | 'denied' | 'missing' | 'busy' | 'insecure'

export interface Outside {
  /** As people read it: DE, AT, +1555. */
  allowed: string
  /** The country whose numbers need no +. */
  home?: string
  /** Numbers that are offered by name. */
  listed?: { number: string; name: string }[]
}

/** What those who look after the others see; the same for all of them. */
export interface BoardData {
  now: string
  numbers: {
    waiting: number
    waitingSince?: string
    inTime: number
    timed: number
    inTimeSeconds: number
    /** Of a hundred. */
    inTimeTarget: number
    free: number
    signedIn: number
    /** Seconds until a new caller is offered a callback; only while nobody is signed in. */
    askedAfter?: number
    onHold: number
    dropped: number
    /** Whether what is counted over the day could be read. */
    known: boolean
  }
  needs: BoardCall[]
  calls: BoardCall[]
  team: (Colleague & { today: number })[]
}

export interface BoardCall {
  id: string
  name: string
  number: string
  agents: string[]
  why?: 'returned' | 'reconnecting' | 'hold' | 'waiting'
  stage: string
  sentence: string
  watched?: string
  since: string
  holdSince?: string
  /** How well it is heard, where that is known: percent lost, milliseconds. */
  quality?: { word: 'good' | 'fair' | 'weak'; loss: number; rtt: number; jitter: number }
  /** What a lead may ask who has no part in the call. */
  allowed: Request[]
}
