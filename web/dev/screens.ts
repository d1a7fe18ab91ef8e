// The screens beside the calls, each with answers of its own instead of a desk's.

import type { Component } from 'svelte'
import { Route } from '../src/as/route.svelte'
import type { ScreenProps } from '../src/as/screens'
import CallDetail from '../src/history/CallDetail.svelte'
import * as calls from '../src/history/fixtures'
import History from '../src/history/History.svelte'
import Reports from '../src/history/Reports.svelte'
import TestCallView from '../src/audio/TestCallView.svelte'
import Carrier from '../src/settings/Carrier.svelte'
import CarrierView from '../src/settings/CarrierView.svelte'
import Embed from '../src/settings/Embed.svelte'
import * as set from '../src/settings/fixtures'
import { Stored } from '../src/settings/stored.svelte'
import Prompts from '../src/settings/Prompts.svelte'
import Routing from '../src/settings/Routing.svelte'
import Teams from '../src/settings/Teams.svelte'
import Telephones from '../src/settings/Telephones.svelte'
import Transfers from '../src/settings/Transfers.svelte'
import Users from '../src/settings/Users.svelte'
import { told } from './said'
import { consoleStates, moments } from './states'

interface Scene {
  component: Component<never>
  /** The answers, by what is in the path; undefined: none ever comes. */
  answers: Record<string, unknown>
  /** What the component is drawn with besides what every screen is. */
  props?: Record<string, unknown>
  /** A page of the settings stands under its title. */
  title?: string
}

const detail = (of: unknown, tracks: unknown = []): Scene => ({ component: CallDetail, answers: { timeline: of, recordings: { recordings: tracks } } })

const tested = (findings: unknown, busy = false): Scene => ({
  title: 'Carrier',
  component: CarrierView,
  answers: {},
  props: { carrier: set.twilio, findings, busy, ontest: () => undefined },
})

const testCall = (change: object, disabled = false): Scene => ({
  title: 'My audio',
  component: TestCallView,
  answers: {},
  props: { disabled, test: { step: '', stream: null, words: '', failed: false, start: () => Promise.resolve(), end: () => undefined, ...change } },
})

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
  carrier: { title: 'Carrier', component: Carrier, answers: { carrier: set.builtIn } },
  carrierTrouble: { title: 'Carrier', component: Carrier, answers: { carrier: new Error() } },
  carrierTesting: tested(null, true),
  carrierTested: tested(set.fine),
  carrierWrong: tested(set.wrong),
  testCall: testCall({}),
  testCallBusy: testCall({}, true),
  testCallOpen: testCall({ step: 'open' }),
  testCallOver: testCall({ words: 'You sound fine: level good, round trip 40 ms, loss 0 %.' }),
  testCallFailed: testCall({ failed: true, words: 'The test call did not get through. Your calls are not concerned; try again.' }),
  embed: { title: 'Embed', component: Embed, answers: { carrier: set.twilio } },
  teams: { title: 'Teams', component: Teams, answers: {} },
  routing: { title: 'Numbers and routing', component: Routing, answers: {} },
  prompts: { title: 'What callers hear', component: Prompts, answers: {} },
  transfers: { title: 'Transfers', component: Transfers, answers: {} },
  telephones: { title: 'Telephones', component: Telephones, answers: {} },
  users: { title: 'Users', component: Users, answers: { users: set.users } },
  reportsTrouble: { component: Reports, answers: { reports: new Error() } },
}

/** answer is the desk from now on; what is undefined never comes. */
export function answer(answers: Scene['answers']): void {
  window.fetch = async (input) => {
    const path = new URL(String(input), location.href).pathname
    const [, found] = Object.entries(answers).find(([part]) => path.includes(part)) ?? []
    if (found === undefined) return new Promise(() => undefined)
    if (found instanceof Error) return Response.json(told(moments.failure), { status: 500 })
    return Response.json(told(found))
  }
}

/** Screens with all that stands around them, by the part of the address behind the agent. */
export const whole: Record<string, { path: string; answers: Scene['answers'] }> = {
  history: { path: 'history', answers: { history: calls.few } },
  call: { path: `calls/${calls.detail.call}`, answers: { timeline: calls.detail, recordings: { recordings: calls.tracks } } },
  reports: { path: 'reports', answers: { reports: calls.report } },
  settings: { path: 'settings/carrier', answers: { 'carrier/test': { findings: set.wrong }, carrier: set.twilio, settings: set.settings } },
}

/** play answers what a scene asks for, and gives what it is drawn with. */
export function play(name: string): { component: Component<ScreenProps>; props: ScreenProps; title?: string | undefined } {
  const { component, answers, props, title } = scenes[name]!
  answer(answers)
  const session = { ...consoleStates.available!(), role: 'admin', now: calls.now } as const
  const stored = new Stored(session.agent)
  stored.answer = set.settings
  return { component: component as Component<ScreenProps>, props: { session, route: new Route(session.agent), stored, ...told(props) } as ScreenProps, title }
}
