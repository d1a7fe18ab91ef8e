// The screens beside the calls, each with answers of its own instead of a desk's.

import type { Component } from 'svelte'
import { Route } from '../src/as/route.svelte'
import type { ScreenProps } from '../src/as/screens'
import CallDetail from '../src/history/CallDetail.svelte'
import * as calls from '../src/history/fixtures'
import History from '../src/history/History.svelte'
import Reports from '../src/history/Reports.svelte'
import { consoleStates } from './states'

interface Scene {
  component: Component<ScreenProps>
  /** The answers, by what is in the path; undefined: none ever comes. */
  answers: Record<string, unknown>
}

const detail = (of: unknown, tracks: unknown = []): Scene => ({ component: CallDetail, answers: { timeline: of, recordings: { recordings: tracks } } })

export const scenes: Record<string, Scene> = {
  history: { component: History, answers: { history: calls.few } },
  historyMany: { component: History, answers: { history: calls.many } },
  historyNone: { component: History, answers: { history: calls.none } },
  historyLoading: { component: History, answers: { history: undefined } },
  historyTrouble: { component: History, answers: { history: new Error() } },
  call: detail(calls.detail, calls.tracks),
  callDropped: detail(calls.dropped),
  callTrouble: detail(new Error()),
  reports: { component: Reports, answers: { reports: calls.report } },
  reportsNone: { component: Reports, answers: { reports: calls.nothing } },
  reportsTrouble: { component: Reports, answers: { reports: new Error() } },
}

/** play answers what a scene asks for, and gives what it is drawn with. */
export function play(name: string): { component: Component<ScreenProps>; props: ScreenProps } {
  const { component, answers } = scenes[name]!
  window.fetch = async (input) => {
    const path = new URL(String(input), location.href).pathname
    const [, answer] = Object.entries(answers).find(([part]) => path.includes(part)) ?? []
    if (answer === undefined) return new Promise(() => undefined)
    if (answer instanceof Error) return Response.json({ code: 'internal', message: 'Something went wrong here. Nothing has changed. Try again.' }, { status: 500 })
    return Response.json(answer)
  }
  const session = { ...consoleStates.available!(), role: 'admin', now: calls.now } as const
  return { component, props: { session, route: new Route(session.agent) } }
}
