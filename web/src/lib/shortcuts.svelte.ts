// The keys as somebody has set them in this browser: another keyboard layout, or a
// voice control that types, needs other keys or none (WCAG 2.1.4).

import { letters, type Layout, type Letter } from './keys'

const kept = 'warmdesk.shortcuts'

interface Kept {
  single: boolean
  changed: Record<string, string>
}

/** read takes what was kept, whatever somebody has made of it. */
export function read(text: string | null): Kept {
  let found: Partial<Record<keyof Kept, unknown>> = {}
  try {
    found = (JSON.parse(text ?? '{}') as typeof found | null) ?? {}
  } catch {
    // Not ours any more: the usual.
  }
  const changed: Record<string, string> = {}
  for (const [letter, key] of Object.entries((found.changed ?? {}) as object)) {
    if (isLetter(letter) && typeof key === 'string' && free(changed, letter, key)) changed[letter] = key
  }
  return { single: found.single !== false, changed }
}

const isLetter = (key: string): key is Letter => (letters as readonly string[]).includes(key)

/** Whether a key may stand for a letter: one letter that nothing else has. G begins a pair of keys. */
function free(changed: Record<string, string>, letter: string, key: string): boolean {
  return /^[A-FH-Z]$/.test(key) && !letters.some((other) => other !== letter && (changed[other] ?? other) === key)
}

export class Shortcuts implements Layout {
  single = $state(true)
  changed = $state.raw<Record<string, string>>({})

  constructor(text: string | null) {
    Object.assign(this, read(text))
  }

  meant = (key: string): string => {
    const letter = letters.find((one) => (this.changed[one] ?? one) === key)
    // A letter that was given another key does nothing any more.
    return letter ?? (isLetter(key) ? '' : key)
  }

  /** The key to press for one of the map; empty: single keys are off. */
  hint = (key: string | undefined): string => (this.single && key ? (this.changed[key] ?? key) : '')

  /** The same as aria-keyshortcuts has it. */
  aria = (...keys: (string | undefined)[]): string | undefined =>
    keys
      .filter((key) => key !== undefined && key !== '')
      .flatMap((key) => [this.hint(key), `Alt+${key!.startsWith('Shift+') ? key : `Shift+${this.changed[key!] ?? key}`}`])
      .filter(Boolean)
      .join(' ') || undefined

  /** set gives a letter another key, and says whether it may. */
  set(letter: Letter, key: string): boolean {
    if (!free(this.changed, letter, key.toUpperCase())) return false
    this.changed = { ...this.changed, [letter]: key.toUpperCase() }
    this.#keep()
    return true
  }

  turn(single: boolean): void {
    this.single = single
    this.#keep()
  }

  reset(): void {
    this.changed = {}
    this.turn(true)
  }

  #keep(): void {
    try {
      localStorage.setItem(kept, JSON.stringify({ single: this.single, changed: this.changed }))
    } catch {
      // A browser that keeps nothing has the usual keys next time.
    }
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(kept)
  } catch {
    return null
  }
}

export const shortcuts = new Shortcuts(stored())
