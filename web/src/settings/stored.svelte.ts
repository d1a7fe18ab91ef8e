// What admins have set, as this page knows it. Each change is saved by itself, with
// the version it was made on; what somebody else changed meanwhile is shown instead
// of being written over.

import { ApiError, send } from '../lib/api'
import { t } from '../lib/say.svelte'
import type { Answer, Document, Section } from './types'

/** An upload may be slow. */
const uploadTime = 120_000

export class Stored {
  readonly agent: string
  answer = $state.raw<Answer | null>(null)
  /** What is wrong, by field, like transfers.ring. */
  wrong = $state<Record<string, string>>({})
  /** What could not be done, that belongs to no field. */
  trouble = $state('')
  /** The version of our last change, while it can be undone. */
  saved = $state(0)
  busy = $state(false)

  constructor(agent: string) {
    this.agent = agent
  }

  async load(): Promise<void> {
    await this.#ask(() => this.#send('/api/settings', 'GET'))
  }

  /** fixed is the variable that sets a field; empty: none does. */
  fixed(section: Section, name: string): string {
    return this.answer?.fixed[`${section}.${name}`] ?? ''
  }

  /** set saves a field, and tells whether it is saved. */
  set<S extends Section, N extends keyof Document[S] & string>(section: S, name: N, value: Document[S][N]): Promise<boolean> {
    return this.#change(section, name, () =>
      this.#send(`/api/settings/${section}`, 'PATCH', JSON.stringify({ version: this.#version, set: { [name]: value } }), 'application/json'),
    )
  }

  /** upload takes a file as the music of those who wait. */
  upload(file: File): Promise<boolean> {
    const query = new URLSearchParams({ version: String(this.#version), name: file.name })
    return this.#change('routing', 'music', () => this.#send(`/api/settings/music?${query}`, 'POST', file, file.type || 'application/octet-stream'))
  }

  async undo(): Promise<void> {
    const version = this.saved
    this.saved = 0
    await this.#ask(() => this.#send('/api/settings/undo', 'POST', JSON.stringify({ version }), 'application/json'))
  }

  get #version(): number {
    return this.answer?.version ?? 0
  }

  #send(path: string, method: string, body: BodyInit | null = null, type = ''): Promise<Answer> {
    const headers: Record<string, string> = { 'Warmdesk-Agent': this.agent }
    if (type) headers['Content-Type'] = type
    return send<Answer>(path, { method, headers, body, ...(body instanceof Blob && { signal: AbortSignal.timeout(uploadTime) }) })
  }

  async #change(section: Section, name: string, request: () => Promise<Answer>): Promise<boolean> {
    const field = `${section}.${name}`
    delete this.wrong[field]
    const before = this.#version
    const done = await this.#ask(request, section, field)
    if (done && this.#version > before) this.saved = this.#version
    return done
  }

  async #ask(request: () => Promise<Answer>, section = '', field = ''): Promise<boolean> {
    this.busy = true
    this.trouble = ''
    try {
      this.answer = await request()
      return true
    } catch (error) {
      this.#tell(error as Error, section, field)
      return false
    } finally {
      this.busy = false
    }
  }

  #tell(error: Error, section: string, field: string): void {
    const body = error instanceof ApiError ? (error.body as { fields?: Record<string, string>; now?: Answer } | null) : null
    if (body?.fields) {
      for (const [name, why] of Object.entries(body.fields)) this.wrong[`${section}.${name}`] = why
    } else if (body?.now) {
      this.answer = body.now
      this.saved = 0
      this.trouble = t('Somebody else has changed the settings meanwhile. This is how they are now; nothing of yours was saved.')
    } else if (field && error instanceof ApiError && error.status === 422) {
      this.wrong[field] = error.message
    } else {
      this.trouble = error.message
    }
  }
}
