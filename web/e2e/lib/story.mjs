// A story: a server, people at their pages, and what happened when it goes wrong.

import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Person } from './people.mjs'
import { Server } from './server.mjs'

/**
 * story runs act with a server and the people named in `at`, each in a browser
 * process of their own: {Dana: '/call', …}. Afterwards nobody's page may have
 * complained and the server must stop cleanly. env adds to the server's configuration.
 */
export function story(name, at, act, { timeout = 90_000, env = {} } = {}) {
  test(name, { timeout }, async (t) => {
    const server = await Server.start(env)
    const people = []
    let stopped
    try {
      const opened = await Promise.allSettled(
        Object.entries(at).map(([who, path]) => Person.open(who, server.url + path)),
      )
      people.push(...opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
      const failed = opened.find((one) => one.status === 'rejected')
      if (failed) throw failed.reason
      await act({ t, server, people, ...Object.fromEntries(people.map((one) => [one.name, one])) })
      for (const one of people) await assertQuiet(one)
    } catch (error) {
      error.message += await account(people, server)
      throw error
    } finally {
      await Promise.all(people.map((one) => one.close()))
      stopped = await server.stop()
    }
    assert.equal(stopped, 0, 'the server stops cleanly')
  })
}

/** assertQuiet: no console error, nothing from elsewhere, nothing the policy stopped. */
export async function assertQuiet(person) {
  if (!person.browser.alive) return
  assert.deepEqual(person.browser.complaints, [], `${person.name}'s page`)
  assert.deepEqual(await person.ears.violations(), [], `${person.name}'s page`)
}

/** shot keeps a picture when SHOTS names a folder. */
export async function shot(person, name) {
  if (!process.env.SHOTS || !person.browser.alive) return
  await mkdir(process.env.SHOTS, { recursive: true })
  const page = person.browser.context.pages()[0]
  await page.screenshot({ path: join(process.env.SHOTS, `${name}-${person.name.toLowerCase()}.png`) })
}

/** account tells what everybody saw and what the server said last. */
export async function account(people, server) {
  const parts = []
  for (const person of people) {
    await shot(person, 'failed').catch(() => undefined)
    const text = await person.page.locator('body').innerText({ timeout: 1_000 }).catch(() => '(gone)')
    parts.push(`== ${person.name} sees: ${text.replace(/\s*\n\s*/g, ' | ')}`, ...person.browser.complaints)
  }
  parts.push('== the server said:', ...server.log.trim().split('\n').slice(-25))
  return `\n${parts.join('\n')}`
}
