// What GET /api/settings tells (package settings).

/** One of our numbers, and what its callers get that others do not; empty: the same. */
export interface Number {
  number: string
  team: string
  language: string
  welcome: string
}

export interface Hours {
  zone: string
  /** From Monday on: 09:00-12:00 13:00-17:00; empty: closed. */
  days: string[]
}

export interface Piece {
  id: string
  name: string
  seconds: number
}

/** An agent's own telephone. */
export interface Phone {
  agent: string
  number: string
}

export interface Team {
  name: string
  members: string[]
}

export interface Document {
  routing: { numbers: Number[]; hours: Hours; holidays: string[]; maxWait: number; language: string; music: Piece }
  teams: { teams: Team[] }
  transfers: { ring: number; takeBack: number; back: number; declined: number; returnTo: string }
  wrapUp: { seconds: number; outcomes: string[] }
  recording: { on: boolean; keepDays: number; callDays: number; privateListening: boolean }
  callPage: { open: boolean }
  embed: { origins: string[]; agentOrigins: string[] }
  telephones: { countries: string[]; prefixes: string[]; home: string; customerId: boolean; phones: Phone[] }
  screenPop: { url: string; label: string; on: string }
  /** What callers are told, like de.welcome. */
  prompts: Record<string, string>
}

export type Section = keyof Document

export interface Answer {
  version: number
  settings: Document
  /** Fields like wrapUp.seconds that a variable sets, and by which. */
  fixed: Record<string, string>
  undo: boolean
}
