// The lists beside the call: calls that need somebody, and what customers have
// left to do. Pure, like view.ts.

import { key, t } from '../lib/say.svelte'
import { clock, roughly, since } from '../lib/time'
import type { Snapshot, Task, TaskRequest } from '../lib/types'

export interface NeedRow {
  id: string
  name: string
  sentence: string
  waited: string
  take: boolean
}

export interface TaskRow {
  id: string
  sentence: string
  /** What it is about, and when it suits the customer; empty: nobody said. */
  about: string
  /** Whose it is, and when it is due or was done. */
  state: string
  overdue: boolean
  done: boolean
  /** The address to call back; empty: not known. */
  number: string
  /** The address of the message's sound; empty: there is none. */
  sound: string
  requests: { request: TaskRequest; label: string }[]
}

export function needs(snapshot: Snapshot, now: number): NeedRow[] {
  return (snapshot.needsSomeone ?? []).map((need) => ({
    id: need.id,
    name: need.name || need.number,
    sentence: need.sentence,
    waited: clock(since(need.since, now)),
    take: need.allowed.includes('take'),
  }))
}

/** In this order they are drawn. To give a task to somebody else, they take it. */
const words: [TaskRequest, string][] = [
  ['done', key('Done')],
  ['take', key('Take')],
  ['reopen', key('Not done after all')],
]

export function tasks(snapshot: Snapshot, now: number): TaskRow[] {
  return (snapshot.tasks ?? []).map((task) => ({
    id: task.id,
    sentence: task.sentence,
    about: [task.topic, task.when && t('When it suits: {when}', { when: task.when })].filter(Boolean).join(' · '),
    state: `${whose(snapshot, task)} · ${due(task, now)}`,
    overdue: task.state === 'open' && task.overdue,
    done: task.state === 'done',
    number: task.kind === 'callback' && task.state === 'open' ? task.customer.number : '',
    sound: task.recording ? `${task.recording}?agent=${encodeURIComponent(snapshot.me.id)}` : '',
    requests: words.filter(([request]) => task.allowed.includes(request)).map(([request, label]) => ({ request, label })),
  }))
}

function whose(snapshot: Snapshot, task: Task): string {
  if (!task.owner) return t("Nobody's")
  return task.owner.id === snapshot.me.id ? t('Yours') : task.owner.name
}

function due(task: Task, now: number): string {
  if (task.state === 'done') return t('done')
  const left = Date.parse(task.due) - now
  if (task.overdue) return -left < 60_000 ? t('overdue for a moment') : t('overdue for {time}', { time: roughly(-left) })
  return left < 60_000 ? t('due now') : t('due in {time}', { time: roughly(left) })
}
