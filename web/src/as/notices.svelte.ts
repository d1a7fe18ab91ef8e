// Short messages that come and go: the desk's notices, each once also across a
// reload, and this page's own.

import type { Notice } from '../lib/types'
import { shows } from './after'

const storageKey = 'warmdesk-notices-seen'
const remembered = 50
const shownFor = 8_000

export class Notices {
  list = $state<{ id: string; text: string }[]>([])

  #seen: string[] = read()
  #own = 0

  /** take shows what is new, except what the cards say anyway, and returns what stands in a call's place. */
  take(notices: Notice[], said: readonly string[] = []): Notice | null {
    let apart: Notice | null = null
    for (const notice of notices) {
      if (this.#seen.includes(notice.id)) continue
      this.#seen = [...this.#seen, notice.id].slice(-remembered)
      if (shows(notice)) apart = notice
      else if (!said.includes(notice.text)) this.#show(notice.id, notice.text)
    }
    write(this.#seen)
    return apart
  }

  say(text: string): void {
    this.#show(`own-${++this.#own}`, text)
  }

  dismiss = (id: string): void => {
    this.list = this.list.filter((notice) => notice.id !== id)
  }

  #show(id: string, text: string): void {
    this.list = [...this.list.filter((notice) => notice.text !== text), { id, text }]
    setTimeout(() => this.dismiss(id), shownFor)
  }
}

function read(): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? '[]') as string[]
  } catch {
    return []
  }
}

function write(seen: string[]): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(seen))
  } catch {
    // Private windows may refuse storage; a notice is then shown again after a reload.
  }
}
