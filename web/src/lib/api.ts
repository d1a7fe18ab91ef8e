// The desk's HTTP routes. Every failure becomes an ApiError whose message is a
// sentence for people.

import { key, language, t } from './say.svelte'
import type { CallerLine, CallerToken, Config, Happening, Presence, Request, Snapshot, TaskRequest } from './types'

/** No answer of the desk takes longer than this; then the button works again. */
const timeout = 10_000

export class ApiError extends Error {
  /** status is 0 when no answer came at all. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** What else the answer says. */
    readonly body: unknown = null,
  ) {
    super(message)
  }

  /** The session is over: other answers will be the same until a new sign-in. */
  get signedOut(): boolean {
    return ['sign_in', 'not_yours', 'no_such_agent'].includes(this.code)
  }
}

const unreachable = key('That did not reach the desk. Nothing changed; try again.')

/** named adds the agent to an address that the browser fetches by itself, without headers. */
export const named = (path: string, agent: string) => `${path}${path.includes('?') ? '&' : '?'}agent=${encodeURIComponent(agent)}`

export const send = async <T>(path: string, init: RequestInit): Promise<T> => (await reach<T>(path, init)).body

async function reach<T>(path: string, init: RequestInit): Promise<{ body: T; headers: Headers }> {
  let response: Response
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(timeout), ...init, headers: { ...init.headers, 'Accept-Language': language() } })
  } catch {
    throw new ApiError(0, 'unreachable', t(unreachable))
  }
  const text = await response.text().catch(() => '')
  let body: unknown = null
  try {
    body = text ? JSON.parse(text) : null
  } catch {
    // A proxy's page instead of ours: told by the status below.
  }
  if (!response.ok) {
    const { code = '', message = '' } = (body ?? {}) as { code?: string; message?: string }
    throw new ApiError(response.status, code, message || t('The desk answered {status}. Try again.', { status: response.status }), body)
  }
  return { body: body as T, headers: response.headers }
}

function post<T>(path: string, agent: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {}
  if (agent) headers['Warmdesk-Agent'] = agent
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  // What was asked is not lost when the page is closed in the same moment.
  return send<T>(path, { method: 'POST', headers, body: body === undefined ? null : JSON.stringify(body), keepalive: true })
}

/** get asks for something that only a screen of its own shows. */
export const get = <T>(path: string, agent: string) => send<T>(path, { method: 'GET', headers: { 'Warmdesk-Agent': agent } })

export const config = () => send<Config>('/api/config', { method: 'GET' })

/** A new token for the voice SDK. */
export const agentToken = (agent: string) =>
  post<{ token: string; agentId: string }>(`/${agent}/token`, agent).then((answer) => answer.token)

export const setPresence = (agent: string, presence: Presence, reason = '') =>
  post<Snapshot>(`/api/agents/${agent}/presence`, agent, { presence, reason })

/** Away for so long, or until the agent says otherwise. */
export const takeBreak = (agent: string, minutes: number) =>
  post<Snapshot>(`/api/agents/${agent}/presence`, agent, { presence: 'away', minutes })

/** What is usual of those who may be brought in. */
export interface Usual {
  /** freeIn: seconds; 0: nobody could say. knows: has had a call about the same. */
  people: { id: string; freeIn: number; knows: boolean }[]
  /** wait: seconds that its callers wait. */
  teams: { id: string; wait: number }[]
}

export const usual = (agent: string, topic: string) => get<Usual>(`/api/colleagues?topic=${encodeURIComponent(topic)}`, agent)

/** Calls by phone from now on, or at this page again. */
export const setByPhone = (agent: string, byPhone: boolean) =>
  post<Snapshot>(`/api/agents/${agent}/presence`, agent, { byPhone })

export const snapshot = (agent: string) =>
  send<Snapshot>(`/api/agents/${agent}/snapshot`, { method: 'GET', headers: { 'Warmdesk-Agent': agent } })

/** next is what the agent wants to be when the time after the call is over. */
export const setNext = (agent: string, next: Presence) =>
  post<Snapshot>(`/api/agents/${agent}/presence`, agent, { next })

/** What a lead wants a colleague to be. */
export const setMember = (agent: string, member: string, presence: Presence) =>
  post<Snapshot>(`/api/team/${member}/presence`, agent, { presence })

export const askTask = (agent: string, task: string, request: TaskRequest) =>
  post<Snapshot>(`/api/tasks/${task}/${request}`, agent)

/** What has happened in a call, in order. */
export const happened = (agent: string, call: string) =>
  send<{ entries: Happening[] }>(`/api/calls/${call}/timeline`, { method: 'GET', headers: { 'Warmdesk-Agent': agent } }).then(
    (answer) => answer.entries,
  )

export interface Details {
  to?: string
  reason?: string
  text?: string
}

export const ask = (agent: string, call: string, request: Request, details?: Details) =>
  post<Snapshot>(`/api/calls/${call}/${request}`, agent, details)

/** key: of the call to come back into; may be empty. */
export const callerToken = (name: string, key: string, ctx = '') =>
  post<CallerToken>('/api/caller/token', '', { name, return: key, ctx })

export const callerEnd = (key: string) => post<null>('/api/caller/end', '', { return: key })

export const callerLine = (team: string) =>
  send<CallerLine>(`/api/caller/line?team=${encodeURIComponent(team)}`, { method: 'GET' })

/** What a customer says of a call that is over: its CallSid and its key show whose it is. */
export const rate = (call: string, key: string, stars: number) => post<null>('/api/caller/rating', '', { call, return: key, stars })

/** A waiting customer asks to be called back; resolves to what they are told. */
export const callMeBack = (token: string, number: string) =>
  post<{ sentence: string }>('/api/caller/callback', '', { token, number })

/** Asks for a call back without a call; due is until when. */
export const askBack = (wish: { name: string; number: string; topic: string; when: string }) =>
  post<{ due: string }>('/api/caller/request', '', wish)

/** Signs in with an id or a name, and tells the address of that agent's desk. */
export const signIn = async (agent: string, password: string, framed = false) => {
  const body = new URLSearchParams({ agent, password, ...(framed && { framed: '1' }) })
  const { headers } = await reach('/api/session', { method: 'POST', body })
  return headers.get('Location') ?? `/as/${encodeURIComponent(agent)}`
}

/** Ends this session, or every session of the agent. */
export const signOut = (agent: string, everywhere = false) =>
  send<null>(everywhere ? '/api/sessions' : '/api/session', { method: 'DELETE', headers: { 'Warmdesk-Agent': agent } })

export const changePassword = (agent: string, old: string, password: string) =>
  post<null>('/api/password', agent, { old, password })

/** Whom a one-time link is for: the first admin, or a user of this id and name. */
export interface Link {
  first: boolean
  id: string
  name: string
}

export const openLink = (token: string) => post<Link>('/api/welcome', '', { token })

/** Sets the password of a one-time link, and tells the address of the desk. */
export const useLink = async (token: string, id: string, name: string, password: string) => {
  const body = JSON.stringify({ token, id, name, password })
  const { headers } = await reach('/api/welcome', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
  return headers.get('Location') ?? '/'
}
