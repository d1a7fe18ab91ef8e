// What an agent is told who was away from a call for a moment: whose page was loaded
// anew, or whose desk was started anew.

import { t } from '../lib/say.svelte'
import type { Call } from '../lib/types'

/** Key of the session storage, which frames of one tab share. */
const kept = (agent: string) => `warmdesk-away-${agent}`

interface Left {
  call: string
  /** When the page was left, in milliseconds. */
  at: number
}

/** leave notes the call that a page is left in. */
export function leave(agent: string, call: string, at: number): void {
  try {
    sessionStorage.setItem(kept(agent), JSON.stringify({ call, at } satisfies Left))
  } catch {
    // Without storage nobody is told how long they were away.
  }
}

/** left is the call that a page was left in before it was loaded anew; null: none. */
function left(agent: string): Left | null {
  try {
    const text = sessionStorage.getItem(kept(agent))
    sessionStorage.removeItem(kept(agent))
    return text ? (JSON.parse(text) as Left) : null
  } catch {
    return null
  }
}

/** Back knows who was away from what, and tells it once. */
export class Back {
  #left: Left | null
  #before: string[] = []

  constructor(agent: string) {
    this.#left = left(agent)
  }

  /** lost: the desk went away in the middle of these calls. */
  lost(calls: readonly Call[]): void {
    this.#before = calls.filter((call) => call.role === 'owner').map((call) => call.id)
  }

  /** words are what to tell of the desk's word on an agent's calls while a line is open, and of which call; empty: of none. now: milliseconds. */
  words(calls: readonly Call[], now: number): { call: string; words: string } | null {
    const here = (id: string) => calls.some((call) => call.id === id && call.role === 'owner')
    const safe = this.#before.length > 0 && this.#before.every(here)
    this.#before = []
    const again = this.#again(calls, now)
    // Who has just loaded the page has heard that it is well.
    return again ?? (safe ? { call: '', words: t('Back online. Nothing was lost.') } : null)
  }

  #again(calls: readonly Call[], now: number): { call: string; words: string } | null {
    const call = calls.find((one) => one.id === this.#left?.call)
    const state = call?.legs.find((leg) => leg.id === call.myLeg)?.state
    if (!call || !this.#left || (state !== 'talking' && state !== 'waiting')) return null
    const n = Math.max(1, Math.round((now - this.#left.at) / 1000))
    this.#left = null
    return { call: call.id, words: t("You're back with {name} (away {n} s).", { name: call.customer.name || call.customer.number, n }) }
  }
}
