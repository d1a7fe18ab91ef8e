// What the customer's page says to the site it is shown on, by messages that no
// other site gets or gives.

import type { CallerState } from '../lib/types'
import type { Line } from './line.svelte'
import type { Shown } from './shown'

/** What has happened, for the page around. */
export interface Told {
  readonly event: 'ready' | 'ringing' | 'connected' | 'hold' | 'handed_over' | 'ended'
  /** With whom: connected, handed_over. */
  readonly with?: readonly string[]
  /** How long the call was: ended. */
  readonly seconds?: number
}

type Seen = Pick<Shown, 'phase' | 'seconds'> & { caller: Pick<CallerState, 'state' | 'with'> }

/** events gives the function that is told how the line stands, and says what has happened since. */
export function events(): (line: Seen) => Told[] {
  let stage: Told['event'] = 'ready'
  /** Who has the customer, as far as a page can tell: the first they spoke with, or who stayed. */
  let owner = ''
  return ({ phase, seconds, caller }) => {
    const told = (event: Told['event'], more: Omit<Told, 'event'> = {}): Told[] => {
      stage = event
      return [{ event, ...more }]
    }
    const over = stage === 'ready' || stage === 'ended'
    if (phase === 'idle' || phase === 'ended') {
      owner = ''
      return over ? [] : told('ended', { seconds })
    }
    if (phase === 'asking' || phase === 'checking') return []
    const rang = over ? told('ringing') : []
    if (phase !== 'in') return rang
    if (caller.state === 'hold') return stage === 'hold' ? rang : [...rang, ...told('hold')]
    if (caller.state !== 'talking') return rang
    const stays = !owner || caller.with.includes(owner)
    if (!owner || !stays) owner = caller.with[0] ?? ''
    if (!stays) return [...rang, ...told('handed_over', { with: caller.with })]
    return stage === 'connected' || stage === 'handed_over' ? rang : [...rang, ...told('connected', { with: caller.with })]
  }
}

/** embed ties a line to the page around, which must be the one that the address names. */
export function embed(line: Line, host: string): () => void {
  const say = (message: Told | { minimise: true }) => window.parent.postMessage({ warmdesk: message }, host)
  const stop = new AbortController()
  const { signal } = stop
  addEventListener('keydown', (event) => event.key === 'Escape' && say({ minimise: true }), { signal })
  addEventListener(
    'message',
    ({ origin, source, data }) => {
      if (origin !== host || source !== window.parent) return
      const { topic, ctx } = (data as { warmdesk?: { topic?: unknown; ctx?: unknown } } | null)?.warmdesk ?? {}
      if (typeof topic === 'string') line.about(topic)
      if (typeof ctx === 'string') line.vouched(ctx)
    },
    { signal },
  )
  const next = events()
  const end = $effect.root(() => {
    $effect(() => {
      for (const told of next({ phase: line.phase, seconds: line.seconds, caller: line.caller })) say(told)
    })
  })
  say({ event: 'ready' })
  return () => {
    stop.abort()
    end()
  }
}
