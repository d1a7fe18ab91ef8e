// Scenes that many stories begin with.

import { hears } from './people.mjs'

/** One customer and two agents, everybody with a voice of their own. */
export const everybody = { Dana: '/call?mic=real', Ana: '/as/agent1?mic=real', Ben: '/as/agent2?mic=real' }

/** available lets agents take calls. */
export const available = async (...agents) => {
  for (const agent of agents) {
    await agent.press('Go available')
    await agent.see(/^Waiting for a call\./)
  }
}

/** talk brings Dana and Ana together. */
export const talk = async ({ people, Dana, Ana }) => {
  await available(Ana)
  await Dana.press('Call now')
  await Ana.see(/^Dana is calling\./)
  await Ana.press('Answer')
  await Ana.see('You and Dana hear each other.')
  await hears(people, { Dana: 'Ana', Ana: 'Dana', Ben: 'silence' })
}

/** entries counts what the timeline of an agent's call says of a kind. */
export const entries = async (server, agent, kind) => {
  const snapshot = await (await fetch(`${server.url}/api/agents/${agent}/snapshot`)).json()
  const [call] = snapshot.calls
  if (!call) return 0
  const timeline = await (await fetch(`${server.url}/api/calls/${call.id}/timeline`, { headers: { 'Warmdesk-Agent': agent } })).json()
  return timeline.entries.filter((entry) => entry.kind === kind).length
}

/** A customer and the only agent. */
export const both = { Dana: everybody.Dana, Ana: everybody.Ana }

/** Who has been in line for ten seconds is asked, because a second is a long wait here. */
export const impatient = { env: { MAX_WAIT: '1s' } }

/** What such a customer reads. */
export const asked = 'All our agents are busy, and you have been waiting for a while. You keep your place in line.'
