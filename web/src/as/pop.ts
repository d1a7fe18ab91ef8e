// The page of a customer in another system, opened once with each of their calls.

import type { Snapshot } from '../lib/types'

export class Pops {
  #open: (url: string) => void
  #opened = new Set<string>()
  #answered = new Set<string>()

  constructor(open: (url: string) => void) {
    this.#open = open
  }

  /** answered: Answer was pressed here. Within the press the browser lets a page open. */
  answered(call: string, snapshot: Snapshot | null): void {
    this.#answered.add(call)
    if (snapshot) this.see(snapshot)
  }

  /** see opens what is due. */
  see({ screenPop, calls }: Snapshot): void {
    if (!screenPop || screenPop.on === 'never') return
    for (const call of calls) {
      const { link } = call.customer
      const due = screenPop.on === 'ring' ? call.allowed.includes('answer') : this.#answered.has(call.id)
      if (!link || !due || this.#opened.has(call.id)) continue
      this.#opened.add(call.id)
      this.#open(link)
    }
  }
}

/** openPage opens a page that knows nothing of this one. */
export const openPage = (url: string): void => void window.open(url, '_blank', 'noopener,noreferrer')
