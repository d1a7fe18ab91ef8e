// The screens of the console beside the call itself. Each loads when it is first
// opened, so that whoever only takes calls does not wait for the rest.

import type { Component } from 'svelte'
import { key } from '../lib/say.svelte'
import type { StaffRole } from '../lib/types'
import type { Route } from './route.svelte'
import type { Shown } from './session.svelte'

export interface ScreenProps {
  session: Shown
  route: Route
}

export interface Screen {
  /** The first part of the address behind /as/{agent}/. */
  id: string
  /** Its word in the navigation, English; none: it is reached from another screen. */
  word?: string
  /** The screen that it is a part of, which the navigation then marks. */
  under?: string
  /** The least role that may see it. */
  role: StaffRole
  load: () => Promise<{ default: Component<ScreenProps> }>
}

export const ranks: Record<StaffRole, number> = { agent: 0, lead: 1, admin: 2 }

export const screens: readonly Screen[] = [
  { id: 'board', word: key('Board'), role: 'lead', load: () => import('../board/Board.svelte') },
  { id: 'history', word: key('History'), role: 'agent', load: () => import('../history/History.svelte') },
  { id: 'calls', under: 'history', role: 'agent', load: () => import('../history/CallDetail.svelte') },
  { id: 'reports', word: key('Reports'), role: 'lead', load: () => import('../history/Reports.svelte') },
  { id: 'settings', word: key('Settings'), role: 'agent', load: () => import('../settings/Settings.svelte') },
]

/** allowed are the screens that somebody of a role may see. */
export function allowed(all: readonly Screen[], role: StaffRole | undefined): Screen[] {
  return all.filter((screen) => ranks[role ?? 'agent'] >= ranks[screen.role])
}
