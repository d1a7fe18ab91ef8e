// The checklist of the three-pane page: what has really happened, from what the
// panes report, and what to do next.

import type { FromPane } from '../lib/pane'

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
    { text: `${customer} calls`, done: progress.called },
    { text: `${first.name} answers`, done: progress.answered },
    { text: `${first.name} brings in ${second.name}`, done: progress.together },
    { text: 'Hand over', done: progress.handedOver },
    { text: gapWords(progress, names), done: progress.handedOver && progress.gap === 0 },
  ]
}

function gapWords(progress: Progress, names: Names): string {
  const { gap } = progress
  if (gap === null) return `${names.customer} never hears silence`
  if (gap > 0) return `${names.customer} heard silence: longest gap ${gap.toFixed(1)} s`
  const when = progress.handedOver ? 'never heard' : 'has not heard'
  return `${names.customer} ${when} silence: longest gap 0.0 s`
}

/** next says which button to press now. */
export function next(progress: Progress, names: Names): string {
  const { customer, first, second } = names
  const presence = (id: string) => {
    const pane = progress.panes[id]
    return pane?.kind === 'agent' ? pane.presence : 'offline'
  }
  const ready = (id: string) => presence(id) === 'available' || presence(id) === 'on_call'
  if (progress.handedOver) {
    return `That was a warm transfer: ${customer} and ${second.name} go on talking. End the call when you have heard enough.`
  }
  if (!progress.called || !progress.answered) {
    if (!ready(first.id)) return `Press Go available at ${first.name}.`
    if (!ready(second.id)) return `Press Go available at ${second.name}.`
    if (!progress.called) return `Press Call now at ${customer}.`
    return `${customer} hears a welcome and music. Press Answer at ${first.name}.`
  }
  if (!progress.together) {
    if (ringsAt(progress, second.id, 'asking')) return `Press Join ${first.name} privately at ${second.name}.`
    if (ringsAt(progress, second.id, 'inviting')) return `Press Answer at ${second.name}.`
    return `${customer} and ${first.name} hear each other. Press Bring someone in at ${first.name} and choose ${second.name}.`
  }
  if (isAt(progress, first.id, ['private', 'swapped'])) {
    return `${first.name} and ${second.name} can talk in private. Press Hand over at ${first.name}: ${customer} goes on with ${second.name}.`
  }
  return `All three hear each other. Press Leave at ${first.name}: ${customer} stays with ${second.name}.`
}

function ringsAt(progress: Progress, id: string, stage: string): boolean {
  const pane = progress.panes[id]
  return pane?.kind === 'agent' && pane.calls.some((call) => call.role === 'target' && call.stage === stage)
}

function isAt(progress: Progress, id: string, stages: string[]): boolean {
  const pane = progress.panes[id]
  return pane?.kind === 'agent' && pane.calls.some((call) => call.role === 'owner' && stages.includes(call.stage))
}
