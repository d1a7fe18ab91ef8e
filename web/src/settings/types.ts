// What GET /api/settings tells (package settings).

export interface Number {
  number: string
  team: string
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

export interface Team {
  name: string
  members: string[]
}

export interface Document {
  routing: { numbers: Number[]; hours: Hours; holidays: string[]; maxWait: number; welcome: string; music: Piece }
  teams: { teams: Team[] }
  transfers: { ring: number; takeBack: number; back: number }
  wrapUp: { seconds: number; outcomes: string[] }
  recording: { on: boolean; announcement: string; keepDays: number; callDays: number }
  callPage: { open: boolean }
  embed: { origins: string[] }
}

export type Section = keyof Document

export interface Answer {
  version: number
  settings: Document
  /** Fields like wrapUp.seconds that a variable sets, and by which. */
  fixed: Record<string, string>
  undo: boolean
}
