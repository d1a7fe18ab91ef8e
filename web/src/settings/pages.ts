// The pages of the settings, in the order of the list. Each loads when it is opened.

import type { Component } from 'svelte'
import type { ScreenProps } from '../as/screens'
import { key } from '../lib/say.svelte'
import type { StaffRole } from '../lib/types'
import type { Stored } from './stored.svelte'

export interface PageProps extends ScreenProps {
  /** What admins have set; loaded for the pages that are theirs. */
  stored: Stored
}

export interface SettingsPage {
  /** The part of the address behind /settings/. */
  id: string
  title: string
  /** The least role that may see it. */
  role: StaffRole
  load: () => Promise<{ default: Component<PageProps> | Component }>
}

export const pages: readonly SettingsPage[] = [
  { id: 'audio', title: key('My audio'), role: 'agent', load: () => import('./MyAudio.svelte') },
  { id: 'shortcuts', title: key('My shortcuts'), role: 'agent', load: () => import('./Shortcuts.svelte') },
  { id: 'language', title: key('Language'), role: 'agent', load: () => import('./Language.svelte') },
  { id: 'routing', title: key('Numbers and routing'), role: 'admin', load: () => import('./Routing.svelte') },
  { id: 'prompts', title: key('What callers hear'), role: 'admin', load: () => import('./Prompts.svelte') },
  { id: 'teams', title: key('Teams'), role: 'admin', load: () => import('./Teams.svelte') },
  { id: 'transfers', title: key('Transfers'), role: 'admin', load: () => import('./Transfers.svelte') },
  { id: 'telephones', title: key('Telephones'), role: 'admin', load: () => import('./Telephones.svelte') },
  { id: 'wrap-up', title: key('Wrap-up'), role: 'admin', load: () => import('./WrapUp.svelte') },
  { id: 'recording', title: key('Recording'), role: 'admin', load: () => import('./Recording.svelte') },
  { id: 'customer-page', title: key('Customer page'), role: 'admin', load: () => import('./CustomerPage.svelte') },
  { id: 'embed', title: key('Embed'), role: 'admin', load: () => import('./Embed.svelte') },
  { id: 'carrier', title: key('Carrier'), role: 'admin', load: () => import('./Carrier.svelte') },
  { id: 'users', title: key('Users'), role: 'admin', load: () => import('./Users.svelte') },
  { id: 'health', title: key('Health'), role: 'admin', load: () => import('./Health.svelte') },
]
