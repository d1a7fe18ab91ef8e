// What an agent's page says to the site that shows it, and what it takes from there:
// docs/embedding.md. No other site gets or gives any of it.

import { t } from '../lib/say.svelte'
import type { Call, Presence, Request, Snapshot } from '../lib/types'
import type { Session } from './session.svelte'

type Kind = 'ringing' | 'connected' | 'hold' | 'consult' | 'handed_over'

/** What has happened, for the page around. */
export interface Told {
  readonly event: 'ready' | Kind | 'ended' | 'status'
  /** The call, who calls, and why. */
  readonly call?: string
  readonly from?: { readonly name: string; readonly number: string; readonly phone: string; readonly reference: string; readonly verified: boolean }
  readonly topic?: string
  /** Of status. */
  readonly presence?: Presence
}

/** kind is how a call stands for this agent; empty: nothing to tell. */
function kind(call: Call): Kind | '' {
  if (call.allowed.includes('answer')) return 'ringing'
  if (call.role === 'former') return 'handed_over'
  if (call.role === 'offered' || call.role === 'none') return ''
  switch (call.stage) {
    case 'held':
      return 'hold'
    case 'asking':
    case 'private':
      return 'consult'
    case 'talking':
    case 'inviting':
    case 'swapped':
    case 'together':
      return 'connected'
    default:
      return ''
  }
}

type About = Omit<Told, 'event'>

const about = (call: Call): About => {
  const { name, number, phone = '', reference = '', verified = false } = call.customer
  return { call: call.id, from: { name, number: number.startsWith('client:') ? '' : number, phone, reference, verified }, topic: call.topic ?? '' }
}

/** events gives the function that is told how things stand, and says what has happened since. */
export function events(): (snapshot: Pick<Snapshot, 'calls' | 'presence'>) => Told[] {
  let presence: Presence | null = null
  let known = new Map<string, { kind: Kind; about: About }>()
  return (snapshot) => {
    const told: Told[] = []
    const next: typeof known = new Map()
    for (const call of snapshot.calls) {
      const before = known.get(call.id)
      const now = kind(call) || before?.kind
      if (!now) continue
      next.set(call.id, { kind: now, about: about(call) })
      if (now !== before?.kind) told.push({ event: now, ...about(call) })
    }
    for (const [id, call] of known) if (!next.has(id)) told.push({ event: 'ended', ...call.about })
    if (snapshot.presence !== presence) told.push({ event: 'status', presence: snapshot.presence })
    known = next
    presence = snapshot.presence
    return told
  }
}

/** What may be asked, by its name: the first request of these that is allowed now. */
const requests: Readonly<Record<string, readonly Request[]>> = {
  answer: ['answer'],
  hold: ['hold'],
  resume: ['resume'],
  consult: ['consult'],
  complete: ['handover', 'leave', 'finish'],
}

/** What the page around asks for: with its own id, which the reply has, and what the command needs. */
type Asked = { readonly command: string; readonly [name: string]: unknown }

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** obey does what is asked; it resolves to why it could not, or to nothing. */
export async function obey(session: Pick<Session, 'snapshot' | 'open' | 'presence' | 'ask' | 'mute' | 'setPresence'>, asked: Asked): Promise<string> {
  if (asked.command === 'status') {
    const to = (['available', 'away', 'offline'] as const).find((one) => one === asked.presence)
    if (!to) return t('A status is one of available, away and offline.')
    const wrong = await session.setPresence(to)
    return wrong || (session.presence === to ? '' : t("Press the button in the desk's own frame: the browser wants a click there first."))
  }
  if (asked.command === 'mute') {
    if (!session.open) return t('There is no call to mute.')
    if (asked.on === undefined || asked.on !== session.open.muted) session.mute()
    return ''
  }
  const may = Object.hasOwn(requests, asked.command) ? requests[asked.command]! : []
  if (may.length === 0) return t('There is no such command.')
  const calls = (session.snapshot?.calls ?? []).filter((call) => !asked.call || call.id === asked.call)
  for (const request of may) {
    const call = calls.find((one) => one.allowed.includes(request))
    if (!call) continue
    const details = asked.command === 'consult' ? { to: text(asked.to), reason: text(asked.reason) } : undefined
    return session.ask(call.id, request, details)
  }
  return t('That cannot be done now.')
}

/** embed ties a page to the site around it; it returns the way to stop. */
export function embed(session: Session, host: string): () => void {
  const say = (message: object) => window.parent.postMessage({ warmdesk: message }, host)
  const stop = new AbortController()
  addEventListener(
    'message',
    ({ origin, source, data }) => {
      if (origin !== host || source !== window.parent) return
      const asked = (data as { warmdesk?: Asked } | null)?.warmdesk
      if (typeof asked?.command !== 'string') return
      void obey(session, asked).then((error) => say({ reply: asked.id ?? null, command: asked.command, ...(error ? { error } : { ok: true }) }))
    },
    { signal: stop.signal },
  )
  const next = events()
  const end = $effect.root(() => {
    $effect(() => {
      if (session.snapshot) for (const told of next(session.snapshot)) say(told)
    })
  })
  say({ event: 'ready' })
  return () => {
    stop.abort()
    end()
  }
}
