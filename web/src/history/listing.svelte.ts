// The list of calls as far as it was fetched. It outlives its screen, so that
// whoever comes back from a call finds the place again.

import * as records from './records'
import type { CallRow, Choice } from './records'

/** Each page has one list, which waits while another screen is shown. */
const listings = new WeakMap<object, Listing>()

/** listingOf is the list of a page. */
export function listingOf(page: { readonly agent: string }): Listing {
  const known = listings.get(page) ?? new Listing(page.agent)
  listings.set(page, known)
  return known
}

export class Listing {
  rows = $state.raw<CallRow[]>([])
  next = $state('')
  agents = $state.raw<Choice[]>([])
  teams = $state.raw<Choice[]>([])
  /** first: the rows shown are not of what is asked for now. */
  loading = $state<'' | 'first' | 'more'>('')
  trouble = $state('')
  /** What the rows are of; null: nothing was fetched yet. */
  of = $state<string | null>(null)
  /** How far down the list was read, in pixels. */
  scroll = 0
  /** The address of what was last shown, behind the question mark. */
  query = ''
  /** The call that was opened from here, until whoever did so is back. */
  opened = ''

  #agent: string
  #asking = ''

  constructor(agent: string) {
    this.#agent = agent
  }

  /** show fetches the newest calls of a query, unless they are there. */
  async show(query: URLSearchParams): Promise<void> {
    const wanted = String(records.search(query))
    this.query = String(query)
    if (this.loading === 'first' ? wanted === this.#asking : wanted === this.of && !this.trouble) return
    await this.#fetch(query, wanted, '')
  }

  /** refresh fetches the newest calls again: there may be new ones. */
  refresh(query: URLSearchParams): Promise<void> {
    return this.#fetch(query, String(records.search(query)), '')
  }

  /** more fetches what comes after. */
  async more(query: URLSearchParams): Promise<void> {
    if (this.next && !this.loading) await this.#fetch(query, this.#asking, this.next)
  }

  async #fetch(query: URLSearchParams, wanted: string, cursor: string): Promise<void> {
    this.#asking = wanted
    this.loading = cursor ? 'more' : 'first'
    this.trouble = ''
    try {
      const page = await records.page(this.#agent, query, cursor)
      if (this.#asking !== wanted) return // something else was asked for meanwhile
      this.rows = cursor ? [...this.rows, ...page.calls] : page.calls
      this.next = page.next
      this.agents = page.agents
      this.teams = page.teams
      this.of = wanted
      this.loading = ''
    } catch (error) {
      if (this.#asking !== wanted) return
      this.trouble = (error as Error).message
      this.loading = ''
    }
  }
}
