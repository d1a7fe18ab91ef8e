// What the three-pane page and the pages in its frames say to each other. Both
// are ours and same-origin; anything else is ignored.

import type { CallerState, Presence, Role, Stage } from './types'

/** From a frame to the page around it. */
export type FromPane =
  | { kind: 'agent'; agent: string; presence: Presence; calls: { stage: Stage; role: Role }[] }
  | { kind: 'customer'; state: CallerState['state']; with: string[]; gap: number | null; byVoice: boolean }

/** From the page around to a frame: may it make sound, and was Start just pressed. */
export interface ToPane {
  listen: boolean
  unlock: boolean
}

const mark = 'warmdesk'

/** Another site's page around is no three-pane page, and neither is one that embeds (call/embed.ts). */
export const framed = ((): boolean => {
  if (typeof window === 'undefined' || window.parent === window) return false
  try {
    return window.parent.location.origin === location.origin && !new URLSearchParams(location.search).has('embed')
  } catch {
    return false // of another origin
  }
})()

export function tellParent(message: FromPane): void {
  if (framed) window.parent.postMessage({ [mark]: message }, location.origin)
}

export function tellPane(frame: HTMLIFrameElement, message: ToPane): void {
  frame.contentWindow?.postMessage({ [mark]: message }, location.origin)
}

/** heard calls back for every message from the other side; it returns the way to stop. */
export function heard<T>(receive: (message: T, source: MessageEventSource | null) => void): () => void {
  const listener = (event: MessageEvent) => {
    if (event.origin !== location.origin || !event.data?.[mark]) return
    receive(event.data[mark] as T, event.source)
  }
  window.addEventListener('message', listener)
  return () => window.removeEventListener('message', listener)
}
