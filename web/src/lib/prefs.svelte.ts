// What somebody has chosen for their ears and voice on this computer. Device ids are
// the browser's own and mean nothing elsewhere, so they stay in this browser.

const kept = 'warmdesk.audio'

export interface Prefs {
  /** Device ids; empty: the computer's own choice. */
  input: string
  output: string
  ring: string
  /** Of the ring, 0 to 100; at 50 it is as loud as it was made. */
  volume: number
  /** No sound: what rings is shown, and stands in the tab's title. */
  quiet: boolean
  /** In a call, one soft tick when somebody begins to wait. */
  waiting: boolean
  /** The browser takes noise out of the microphone. */
  noise: boolean
  /** Microphone and sound were looked at once. */
  checked: boolean
  /** Whether a pop-up for calls was asked about. */
  asked: boolean
}

const usual: Prefs = { input: '', output: '', ring: '', volume: 50, quiet: false, waiting: false, noise: true, checked: false, asked: false }

/** read takes what was kept, whatever somebody has made of it. */
export function read(text: string | null): Prefs {
  let found: Partial<Record<keyof Prefs, unknown>> = {}
  try {
    found = (JSON.parse(text ?? '{}') as typeof found | null) ?? {}
  } catch {
    // Not ours any more: the usual.
  }
  const entries = Object.entries(usual).map(([name, value]) => {
    const other = found[name as keyof Prefs]
    return [name, typeof other === typeof value ? other : value]
  })
  const prefs = Object.fromEntries(entries) as unknown as Prefs
  return { ...prefs, volume: Math.min(100, Math.max(0, prefs.volume)) }
}

function stored(): string | null {
  try {
    return localStorage.getItem(kept)
  } catch {
    return null
  }
}

export const prefs = $state<Prefs>(read(stored()))

/** choose changes some of them, and keeps them for the next visit. */
export function choose(change: Partial<Prefs>): void {
  Object.assign(prefs, change)
  try {
    localStorage.setItem(kept, JSON.stringify(prefs))
  } catch {
    // A browser that keeps nothing has the usual again next time.
  }
}
