// One server and three people for many cases, one after the other: each begins
// with everybody idle, and only whoever was killed gets a new browser.

import assert from 'node:assert/strict'
import { Person } from '../lib/people.mjs'
import { Server } from '../lib/server.mjs'
import { account, assertQuiet } from '../lib/story.mjs'
import { eventually } from '../lib/wait.mjs'

const pages = { Dana: '/call?mic=real', Ana: '/as/agent1?mic=real', Ben: '/as/agent2?mic=real' }
export const agents = { Ana: 'agent1', Ben: 'agent2' }

/** here says whether somebody still sits at their page. */
const here = (one) => one.browser.alive && !one.page.isClosed()

export class Bench {
  server
  /** By name: {Dana, Ana, Ben}. */
  people = {}

  static async open() {
    const bench = new Bench()
    bench.server = await Server.start()
    await bench.fresh()
    return bench
  }

  /** all are the people whose pages are open. */
  get all() {
    return Object.values(this.people).filter(here)
  }

  /** fresh opens a browser for everybody who has no page. */
  async fresh() {
    await Promise.all(
      Object.entries(pages).map(async ([name, path]) => {
        const old = this.people[name]
        if (old && here(old)) return
        await old?.close()
        this.people[name] = await Person.open(name, this.server.url + path)
      }),
    )
  }

  /** idle ends whatever is left of a call and has both agents wait for the next. */
  async idle() {
    await this.fresh()
    const { Dana } = this.people
    // A page that is in a call would come back into it.
    const end = Dana.page.getByRole('button', { name: 'End', exact: true })
    if (await end.isVisible()) await Dana.click(end)
    await Dana.page.getByRole('button', { name: /^Call (now|again)$/ }).waitFor()
    await Dana.page.goto(this.server.url + pages.Dana)
    await eventually('every call is over', async () => {
      for (const agent of Object.values(agents)) {
        const { calls, queue } = await this.server.snapshot(agent)
        const open = [...calls, ...queue]
        // Whoever is left with a customer that has gone for good ends it.
        for (const call of open.filter(({ allowed }) => allowed.includes('end'))) await this.#post(`/api/calls/${call.id}/end`, agent)
        for (const call of open.filter(({ allowed }) => allowed.includes('finish'))) await this.#post(`/api/calls/${call.id}/finish`, agent)
        if (open.length > 0) return false
      }
      return true
    }, { within: 90_000, every: 200 })
    // Ana first: the next call is hers, who has been free for longer.
    for (const agent of Object.values(agents)) await this.#post(`/api/agents/${agent}/presence`, agent, { presence: 'away' })
    for (const [name, agent] of Object.entries(agents)) {
      const one = this.people[name]
      const button = one.page.getByRole('button', { name: /^(Done - go available|Go available|Allow sound)$/ }).first()
      await eventually(`${name} waits for a call`, async () => {
        if (await button.isVisible()) await button.click({ timeout: 1_000 }).catch(() => undefined)
        const waits = await one.page.getByText('Waiting for a call. 0 people in the queue.').first().isVisible()
        return waits && (await this.server.snapshot(agent)).presence === 'available'
      })
    }
  }

  #post(path, agent, body = {}) {
    return fetch(this.server.url + path, {
      method: 'POST',
      headers: { 'Warmdesk-Agent': agent, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  /** run plays one case and tells what everybody saw when it goes wrong. */
  async run(act) {
    try {
      await this.idle()
      const result = await act({ ...this.people, bench: this, people: this.all })
      for (const one of this.all) await assertQuiet(one)
      return result
    } catch (error) {
      error.message += await account(this.all, this.server)
      await Promise.all(this.all.map((one) => one.close()))
      throw error
    }
  }

  async close() {
    await Promise.all(Object.values(this.people).map((one) => one.close()))
    assert.equal(await this.server.stop(), 0, 'the server stops cleanly')
  }
}
