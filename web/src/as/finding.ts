// What the palette finds for what is typed: actions, people, calls of the past. Pure.

import { language, t } from '../lib/say.svelte'
import { clock } from '../lib/time'
import type { CallRow } from '../history/records'
import type { Command } from './commands'
import { details, unknown } from './picking'
import type { TeamRow } from './view'

export interface Found {
  id: string
  label: string
  /** What else is told of it; may be empty. */
  detail: string
  key?: string | undefined
  run: () => void
}

/** Where one is taken to: a path behind /as/{agent}/. */
export type Go = (path: string) => void

/** What of the palette is about itself. */
const itself = ['palette', 'search']

const has = (text: string, query: string) => text.toLowerCase().includes(query.trim().toLowerCase())

/** actions are the commands of that name. */
export function actions(commands: readonly Command[], query: string): Found[] {
  return commands
    .filter(({ id, label }) => !itself.includes(id) && has(label, query))
    .map(({ id, label, key, run }) => ({ id, label, detail: '', key, run }))
}

/** people are the colleagues of that name; each leads to the calls one has had with them. */
export function people(team: readonly TeamRow[], query: string, go: Go): Found[] {
  return team
    .filter((row) => has(row.name, query))
    .map((row) => ({ id: `person ${row.id}`, label: row.name, detail: details(row, unknown), run: () => go(`history?with=${encodeURIComponent(row.id)}`) }))
}

/** calls are those of the past that the desk has found. */
export function calls(rows: readonly CallRow[], go: Go): Found[] {
  const when = new Intl.DateTimeFormat(language(), { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return rows.map((row) => ({
    id: `call ${row.id}`,
    label: t('Call with {name}', { name: row.name || row.number || t('Withheld') }),
    detail: [when.format(Date.parse(row.started)), row.talked > 0 && clock(row.talked * 1000), row.topic].filter(Boolean).join(' · '),
    run: () => go(`calls/${encodeURIComponent(row.id)}`),
  }))
}
