// The checklist of the three-pane page: what has really happened, from what the
// panes report, and what to do next.

import type { FromPane } from '../lib/pane'
import { number, t } from '../lib/say.svelte'

export interface Progress {
  /** What each pane last said, by who it is. */
  panes: { customer?: Extract<FromPane, { kind: 'customer' }>; [agent: string]: FromPane | undefined }
  called: boolean
  answered: boolean
  together: boolean
  handedOver: boolean
  /** Longest silence the customer heard, in seconds; null before a call. */
  gap: number | null
}

export const nothing: Progress = {
  panes: {},
  called: false,
  answered: false,
  together: false,
  handedOver: false,
  gap: null,
}

/** step takes one report of a pane. */
export function step(before: Progress, message: FromPane): Progress {
  const who = message.kind === 'customer' ? 'customer' : message.agent
  const now: Progress = { ...before, panes: { ...before.panes, [who]: message } }
  if (message.kind === 'customer') {
    if (message.gap !== null) now.gap = message.gap
    const was = before.panes.customer?.state ?? 'none'
    const calling = isOn(message.state)
    // A new call begins a new list.
    if (calling && !isOn(was)) Object.assign(now, { ...nothing, panes: now.panes, called: true, gap: message.gap })
    return now
  }
  const call = message.calls.find((call) => call.role !== 'none' && call.role !== 'offered')
  if (!call || !now.called) return now
  if (['talking', 'held', 'asking', 'inviting', ...withBoth].includes(call.stage)) now.answered = true
  if (withBoth.includes(call.stage)) now.together = true
  // The other one talks on and is the owner now.
  const other = now.together && call.stage === 'talking' && call.role === 'owner' && isOther(before, message.agent)
  if (other) now.handedOver = true
  return now
}

/** The stages in which both agents have a part. */
const withBoth: readonly string[] = ['private', 'swapped', 'together']

function isOn(state: string): boolean {
  return state !== 'none' && state !== 'ended'
}

/** Whether this agent came into the call as the colleague who was brought in. */
function isOther(before: Progress, agent: string): boolean {
  const pane = before.panes[agent]
  return pane?.kind === 'agent' && pane.calls.some((call) => call.role === 'target' || call.role === 'third')
}

export interface Item {
  text: string
  done: boolean
}

export interface Names {
  customer: string
  first: { id: string; name: string }
  second: { id: string; name: string }
}

export function items(progress: Progress, names: Names): Item[] {
  const { customer, first, second } = names
  return [
    { text: t('{customer} calls', { customer }), done: progress.called },
    { text: t('{name} answers', { name: first.name }), done: progress.answered },
    { text: t('{name} brings in {other}', { name: first.name, other: second.name }), done: progress.together },
    { text: t('Hand over'), done: progress.handedOver },
    { text: gapWords(progress, names), done: progress.handedOver && progress.gap === 0 },
  ]
}

function gapWords(progress: Progress, names: Names): string {
  const { gap } = progress
  const { customer } = names
  if (gap === null) return t('{customer} never hears silence', { customer })
  const said = { customer, gap: number(gap, 1) }
  if (gap > 0) return t('{customer} heard silence: longest gap {gap} s', said)
  return progress.handedOver
    ? t('{customer} never heard silence: longest gap {gap} s', said)
    : t('{customer} has not heard silence: longest gap {gap} s', said)
}

/** next says which button to press now. */
export function next(progress: Progress, names: Names): string {
  const { customer, first, second } = names
  const said = { customer, name: first.name, other: second.name }
  const presence = (id: string) => {
    const pane = progress.panes[id]
    return pane?.kind === 'agent' ? pane.presence : 'offline'
  }
  const ready = (id: string) => presence(id) === 'available' || presence(id) === 'on_call'
  if (progress.handedOver) {
    return t('That was a warm transfer: {customer} and {other} go on talking. End the call when you have heard enough.', said)
  }
  if (!progress.called || !progress.answered) {
    if (!ready(first.id)) return t('Press Go available at {name}.', { name: first.name })
    if (!ready(second.id)) return t('Press Go available at {name}.', { name: second.name })
    if (!progress.called) return t('Press Call now at {customer}.', said)
    return t('{customer} hears a welcome and music. Press Answer at {name}.', said)
  }
  if (!progress.together) {
    if (ringsAt(progress, second.id, 'asking')) return t('Press Join {name} privately at {other}.', said)
    if (ringsAt(progress, second.id, 'inviting')) return t('Press Answer at {other}.', said)
    return t('{customer} and {name} hear each other. Press Bring someone in at {name} and choose {other}.', said)
  }
  if (isAt(progress, first.id, ['private', 'swapped'])) {
    return t('{name} and {other} can talk in private. Press Hand over at {name}: {customer} goes on with {other}.', said)
  }
  return t('All three hear each other. Press Leave at {name}: {customer} stays with {other}.', said)
}

function ringsAt(progress: Progress, id: string, stage: string): boolean {
  const pane = progress.panes[id]
  return pane?.kind === 'agent' && pane.calls.some((call) => call.role === 'target' && call.stage === stage)
}

function isAt(progress: Progress, id: string, stages: string[]): boolean {
  const pane = progress.panes[id]
  return pane?.kind === 'agent' && pane.calls.some((call) => call.role === 'owner' && stages.includes(call.stage))
}
