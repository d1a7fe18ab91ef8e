// What the customer's card draws, and what it may ask for.

import type { CallerLine, CallerState, Config, Mic } from '../lib/types'

/** asking: the browser's question about the microphone is up; checking: its level is shown. */
export type Phase = 'idle' | 'asking' | 'checking' | 'calling' | 'in' | 'ended'

/** Something to hear by, as the browser names it. */
export interface Speaker {
  readonly id: string
  readonly name: string
}

/** Whom to call back, about what, and when it suits them. */
export interface Asked {
  readonly name: string
  readonly number: string
  readonly topic: string
  readonly when: string
}

/** What the customer's card draws; the gallery brings its own. */
export interface Shown {
  readonly config: Config
  readonly phase: Phase
  readonly caller: CallerState
  readonly mic: Mic
  readonly level: number
  readonly trouble: string
  readonly muted: boolean
  /** The line is lost, and is being got back. */
  readonly reconnecting: boolean
  /** The browser wants a click before it lets sound out. */
  readonly blocked: boolean
  readonly byVoice: boolean
  /** Seconds the call has lasted or did last. */
  readonly seconds: number
  /** What the customer was told at the end, who has left a message or a number. */
  readonly thanks: string
  /** What the customer may expect before they call; null: not known. */
  readonly expects: CallerLine | null
  /** What the customer may choose to hear by, and has chosen; fewer than two are no choice. */
  readonly speakers: readonly Speaker[]
  readonly speaker: string
  /** Whether the call that is over may be rated, and the stars that the customer gave; 0: none yet. */
  readonly ratable: boolean
  readonly stars: number
  /** What the site around says of the customer: their name, and why they call. */
  readonly name: string
  readonly topic: string
  /** For how many seconds the place in line is kept of who cannot be heard yet; 0: there is none. */
  readonly placeLeft: number
  /** Until when who has asked for it is called back, as the desk writes times; empty: nobody has asked. */
  readonly promised: string
  call(): Promise<void>
  mute(): void
  /** press answers a question of ours with a key of a telephone; tone sends one for somebody else's menu. */
  press(key: string): void
  tone(key: string): void
  hearBy(speaker: string): void
  rate(stars: number): Promise<void>
  callBack(number: string): Promise<void>
  /** askBack is the same of somebody who is not in a call. */
  askBack(wish: Asked): Promise<void>
  end(): void
  allow(): Promise<void>
  speakBy(voice: boolean): void
}
