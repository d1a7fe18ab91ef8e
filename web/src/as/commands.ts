// Everything that can be done now, by its name and its key: what the shortcut keys
// do, and what the command palette and the list of shortcuts show. Pure.

import { key, t } from '../lib/say.svelte'
import type { Presence, Way } from '../lib/types'
import type { Button } from './buttons'
import type { Screen } from './screens'
import type { View } from './view'

export interface Command {
  id: string
  label: string
  /** As the map has it: A, Shift+E, G Q; none: it has no key. */
  key?: string
  /** About the call on the card. */
  here: boolean
  run: () => void
}

/** What the console lends. */
export interface Hands {
  press(button: Button): void
  mute(): void
  notes(): void
  keypad: (() => void) | null
  answer(call: string): void
  /** Brings somebody into the call on the card. */
  bring(way: Way, to: string): void
  setPresence(presence: Presence): void
  status(): void
  shortcuts(): void
  /** search: for people and calls first. */
  palette(search?: boolean): void
  go(path: string): void
}

/** The second key after G. */
const places: Readonly<Record<string, string>> = { '': 'Q', board: 'B', history: 'H', settings: 'S' }

const presences: { presence: Presence; label: string }[] = [
  { presence: 'available', label: key('Go available') },
  { presence: 'away', label: key('Take a break') },
  { presence: 'offline', label: key('Go offline') },
]

export interface Now {
  view: View
  presence: Presence
  /** Whether the agent's own line is muted; null: it is not open. */
  muted: boolean | null
  screens: readonly Screen[]
}

/** commands lists what can be done now; what concerns the call comes first. */
export function commands(now: Now, hands: Hands): Command[] {
  return [...ofCall(now, hands), ...elsewhere(now, hands)]
}

function ofCall({ view, muted }: Now, hands: Hands): Command[] {
  const list: Command[] = (view.card?.buttons ?? []).map((button) => ({
    id: `${button.request} ${button.to ?? ''}`.trim(),
    label: button.label,
    key: button.shortcut,
    here: true,
    run: () => hands.press(button),
  }))
  const ways = view.card?.buttons.find((button) => button.ways)?.ways ?? []
  for (const row of view.team.filter((one) => one.free)) {
    for (const way of ways) {
      if (way === 'send') continue // which warns first, in the picker
      const label = way === 'consult' ? t('Ask {name} privately', { name: row.name }) : t('Join all three with {name}', { name: row.name })
      list.push({ id: `${way} ${row.id}`, label, here: true, run: () => hands.bring(way, row.id) })
    }
  }
  for (const button of view.card?.buttons ?? []) {
    if (button.also) list.push({ id: `${button.request} also`, label: button.label, key: button.also, here: true, run: () => hands.press(button) })
  }
  if (muted !== null) list.push({ id: 'mute', label: muted ? t('Unmute') : t('Mute'), key: 'M', here: true, run: hands.mute })
  if (hands.keypad) list.push({ id: 'keypad', label: t('Keypad'), key: 'K', here: true, run: hands.keypad })
  if (view.about && view.about.note !== null) list.push({ id: 'notes', label: t('Write notes'), key: 'N', here: true, run: hands.notes })
  return list
}

function elsewhere({ view, presence, screens }: Now, hands: Hands): Command[] {
  const list: Command[] = []
  view.queue.slice(0, 9).forEach((row, i) => {
    if (row.answer) {
      list.push({ id: `answer ${row.id}`, label: t('Answer {name}', { name: row.name }), key: String(i + 1), here: false, run: () => hands.answer(row.id) })
    }
  })
  list.push({ id: 'status', label: t('Change status'), key: 'V', here: false, run: hands.status })
  for (const { presence: to, label } of presences) {
    if (to !== presence) list.push({ id: `go ${to}`, label: t(label), here: false, run: () => hands.setPresence(to) })
  }
  for (const { path, word } of [{ path: '', word: key('Calls') }, ...screens.map((one) => ({ path: one.id, word: one.word }))]) {
    if (!word) continue
    const second = places[path]
    list.push({ id: `to ${path}`, label: t('Go to {screen}', { screen: t(word) }), ...(second && { key: `G ${second}` }), here: false, run: () => hands.go(path) })
  }
  list.push({ id: 'search', label: t('Search people, history'), key: '/', here: false, run: () => hands.palette(true) })
  list.push({ id: 'palette', label: t('Search people and actions'), key: 'Ctrl+K', here: false, run: () => hands.palette() })
  list.push({ id: 'shortcuts', label: t('List of shortcuts'), key: '?', here: false, run: hands.shortcuts })
  return list
}

/** Two keys that follow each other within this are a pair. */
const pairWithin = 1_500

/** Keys finds the command of a key, or of two that follow each other. */
export class Keys {
  #first = -Infinity

  /** find is the command that a key asks for now; 'wait': its second key is to come. */
  find(pressed: string, list: readonly Command[], at: number): Command | 'wait' | undefined {
    const pair = at - this.#first < pairWithin
    this.#first = -Infinity
    if (pair) return list.find((one) => one.key === `G ${pressed}`)
    if (pressed === 'G' && list.some((one) => one.key?.startsWith('G '))) {
      this.#first = at
      return 'wait'
    }
    return list.find((one) => one.key === pressed)
  }
}
