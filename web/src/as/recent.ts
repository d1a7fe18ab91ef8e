// Whom this agent has brought in lately, the last first; kept in this browser.

const kept = 'warmdesk.recent'
const most = 8

export class Recent {
  #ids: string[] = read()

  /** rank is 0 for the last one, and the same high number for all who were not asked lately. */
  rank(id: string): number {
    const at = this.#ids.indexOf(id)
    return at < 0 ? most : at
  }

  add(id: string): void {
    this.#ids = [id, ...this.#ids.filter((other) => other !== id)].slice(0, most)
    try {
      localStorage.setItem(kept, JSON.stringify(this.#ids))
    } catch {
      // A browser that keeps nothing lists them in the usual order next time.
    }
  }
}

function read(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(kept) ?? '[]')
    return Array.isArray(found) ? found.filter((id): id is string => typeof id === 'string').slice(0, most) : []
  } catch {
    return []
  }
}
