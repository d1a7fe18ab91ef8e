// What the console draws of a session; the gallery brings its own.

import type * as api from '../lib/api'
import type { Open } from '../lib/device'
import type { Config, Happening, Mic, Presence, Request, StaffRole, TaskRequest, Writing } from '../lib/types'
import type { Sounds } from './audio.svelte'
import type { BoardFeed } from './board.svelte'
import type { Notices } from './notices.svelte'
import type { Outage } from './outage'
import type { View } from './view'

export type Link = 'connecting' | 'up' | 'down' | 'elsewhere' | 'signed_out'

export interface Shown {
  readonly config: Config
  readonly agent: string
  readonly framed: boolean
  readonly view: View | null
  readonly name: string
  readonly role: StaffRole | undefined
  readonly link: Link
  readonly mic: Mic
  readonly trouble: string
  readonly soundBlocked: boolean
  /** Whether to ask once for pop-ups. */
  readonly asksPopUp: boolean
  answerPopUp(allow: boolean): Promise<void>
  /** What to tell while the desk, the audio or both are away; null: nothing. */
  readonly outage: Outage | null
  readonly audio: Sounds
  readonly open: Open | null
  /** When each request under way was sent, by its key. */
  readonly pending: Record<string, number>
  readonly now: number
  readonly byVoice: boolean
  readonly notices: Pick<Notices, 'list' | 'dismiss' | 'say'>
  readonly presence: Presence
  goAvailable(): Promise<unknown>
  setPresence(presence: Presence): Promise<unknown>
  /** Away for so many minutes; nothing changes by itself then. */
  takeBreak(minutes: number): Promise<unknown>
  /** What is usual of those who may be brought in; rejects when that is not known. */
  usual(topic: string): Promise<api.Usual>
  setNext(presence: Presence): Promise<unknown>
  /** Calls by phone from now on, or at this page again. */
  setByPhone(on: boolean): Promise<unknown>
  ask(call: string, request: Request, details?: api.Details): Promise<unknown>
  askTask(task: string, request: TaskRequest): Promise<unknown>
  /** write rejects when the desk does not have it. */
  write(call: string, what: Writing, text: string): Promise<void>
  /** What has happened in a call, in order. */
  happened(call: string): Promise<Happening[]>
  /** What was typed into a note that could not be saved any more; may be empty. */
  readonly lostNote: string
  keepNote(text: string): void
  readonly board: Pick<BoardFeed, 'shown' | 'watch'>
  setMember(member: string, presence: Presence): Promise<unknown>
  mute(): void
  /** tone sends keys as tones, where the carrier lets the others hear them. */
  tone(keys: string): void
  speakBy(voice: boolean): Promise<void>
  allowSound(): Promise<void>
  retryMic(): Promise<void>
  useThisTab(): void
  /** finish takes away what stands in the place of a call that is over. */
  finish(): void
  /** Whether the desk keeps this agent's password, so that it can be changed here. */
  readonly ownPassword: boolean
  signOut(everywhere?: boolean): Promise<void>
  /** The last two reject with what to tell. */
  signInAgain(password: string): Promise<void>
  changePassword(old: string, password: string): Promise<void>
}
