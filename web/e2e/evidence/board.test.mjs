// Fifty calls at once: how soon the board shows what has happened, and what ten open
// boards cost the desk. The figures depend on the machine: they are told, not judged.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser } from '../lib/people.mjs'
import { Server } from '../lib/server.mjs'
import { eventually } from '../lib/wait.mjs'

const size = 50
const boards = 10
const password = 'correct horse battery'
const agents = Array.from({ length: size }, (_, i) => `agent${i}`)
/** The numbers kept for stories: one half is agents' own telephones, the other customers'. */
const telephone = (i) => `+120255501${String(i).padStart(2, '0')}`

const env = {
  AGENTS: agents.map((id, i) => `${id}=Agent ${i}:${password}`).join(','),
  PHONES: agents.map((id, i) => `${id}=${telephone(i)}`).join(','),
  TEST_PHONES: Array.from({ length: 2 * size }, (_, i) => `${telephone(i)}=${i < size ? 'warm' : 'answer'}`).join(','),
}

const pause = (ms) => new Promise((next) => setTimeout(next, ms))
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

test('fifty calls on the board', { timeout: 180_000 }, async (t) => {
  const server = await Server.start(env)
  const browser = await Browser.open(440)
  try {
    const desk = await crowd(server)
    const alone = await costs(server, () => changes(desk, 20))
    await browser.context.addCookies(desk.cookies.slice(0, boards + 1).map(([name, value]) => ({ name, value, url: server.url })))
    const page = await browser.goto(`${server.url}/as/${agents[0]}/board`)
    await page.getByRole('table', { name: /^Calls/ }).getByRole('row').nth(size).waitFor()

    await page.evaluate(watchRows)
    const pressed = await changes(desk, 40)
    await eventually('the board shows the last change', async () => (await page.evaluate('window.seen.length')) >= pressed.length)
    const seen = await page.evaluate('window.seen')
    const late = pressed.map(({ name, chip, since }) => {
      const shown = seen.find((one) => one.name === name && one.chip === chip && one.at >= since)
      assert.ok(shown, `${name} is never shown as ${chip}`)
      return shown.at - since
    }).sort((a, b) => a - b)
    const tasks = await page.evaluate('window.times.longest')
    t.diagnostic(`event to DOM, ${late.length} changes among ${size} calls: p50 ${Math.round(percentile(late, 0.5))} ms, p95 ${Math.round(percentile(late, 0.95))} ms, most ${Math.round(late.at(-1))} ms; longest task ${Math.round(tasks)} ms`)

    await page.evaluate(openBoards, agents.slice(1, boards + 1))
    const together = await costs(server, () => changes(desk, 20))
    t.diagnostic(`CPU of the desk while something changes five times a second, ${size} calls: ${alone} ms a second without a board, ${together} with ${boards + 1}`)
    assert.deepEqual(browser.complaints, [])
  } catch (error) {
    error.message += `\n${server.log.split('\n').slice(-15).join('\n')}`
    throw error
  } finally {
    await browser.close()
    assert.equal(await server.stop(), 0)
  }
})

/** crowd has every agent signed in and in a call, by telephone. */
async function crowd(server) {
  const post = (path, { cookie = '', ...rest } = {}) =>
    fetch(server.url + path, { method: 'POST', headers: { Cookie: cookie, Origin: server.url }, ...rest })
  const cookies = []
  for (const agent of agents) {
    const answer = await eventually(`${agent} signs in`, async () => {
      const tried = await post('/api/session', { body: new URLSearchParams({ agent, password }) })
      return tried.ok && tried // so many are let in one after the other
    }, { within: 60_000, every: 500 })
    const [pair] = answer.headers.get('set-cookie').split(';')
    cookies.push(pair.split(/=(.*)/, 2))
  }
  const cookie = (i) => cookies[i].join('=')
  const ask = async (i, path, body) => {
    const answer = await post(path, { cookie: cookie(i), body: JSON.stringify(body) })
    assert.equal(answer.status, 202, `${path}: ${await answer.clone().text()}`)
    return answer.json()
  }
  for (const [i, agent] of agents.entries()) await ask(i, `/api/agents/${agent}/presence`, { presence: 'available', byPhone: true })

  const { TWILIO_ACCOUNT_SID: account, TWILIO_AUTH_TOKEN: token, TWILIO_NUMBER: number } = await server.credentials()
  for (const i of agents.keys()) {
    const called = await fetch(`${server.url}/2010-04-01/Accounts/${account}/Calls.json`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${account}:${token}`)}` },
      body: new URLSearchParams({ To: telephone(size + i), From: number, Url: `${server.url}/conference/connect/client?name=Caller%20${i}` }),
    })
    assert.equal(called.status, 201, await called.text())
  }
  const board = async () => (await fetch(`${server.url}/api/board`, { headers: { Cookie: cookie(0), 'Warmdesk-Agent': agents[0] } })).json()
  const { calls } = await eventually('everybody talks', async () => {
    const now = await board()
    return now.calls.filter(({ stage }) => stage === 'talking').length === size && now
  }, { within: 60_000, every: 500 })
  return { ask, calls: calls.map((call) => ({ ...call, owner: agents.findIndex((_, i) => call.agents[0] === `Agent ${i}`) })), cookies }
}

/** changes puts customers on hold and back, five times a second, and tells since when each is so. */
async function changes(desk, times) {
  const made = []
  for (let n = 0; n < times; n++) {
    const call = desk.calls[n % 10]
    const held = (call.held = !call.held)
    const { calls: [now] } = await desk.ask(call.owner, `/api/calls/${call.id}/${held ? 'hold' : 'resume'}`)
    made.push({ name: call.name, chip: held ? 'On hold' : 'Talking', since: Date.parse(now.since) })
    await pause(200)
  }
  return made
}

/** costs is the desk's processor time while act runs, in ms a second. */
async function costs(server, act) {
  const [before, begun] = [await server.cpu(), Date.now()]
  await act()
  return Math.round((await server.cpu() - before) / ((Date.now() - begun) / 1000))
}

/** In the page: notes when the state of a row changes. */
function watchRows() {
  window.seen = []
  const states = new Map()
  new MutationObserver((records) => {
    const at = performance.timeOrigin + performance.now()
    for (const row of new Set(records.map(({ target }) => (target.parentElement ?? target).closest('tr')))) {
      const [name, chip] = [row?.querySelector('.name')?.textContent, row?.querySelector('.chip')?.textContent]
      if (!name || states.get(name) === chip) continue
      if (states.has(name) || chip === 'On hold') window.seen.push({ name, chip, at })
      states.set(name, chip)
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true })
}

/** In a page: the sockets of as many boards as there are agents. */
function openBoards(ids) {
  return Promise.all(ids.map((id) => new Promise((opened, failed) => {
    const socket = new WebSocket(`/api/agents/${id}/stream`)
    let pages = 0
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: 'hello', page: `${id}-board` }))
      socket.send(JSON.stringify({ type: 'board', on: true }))
    }
    socket.onmessage = ({ data }) => {
      const { type } = JSON.parse(data)
      if (type === 'ping') socket.send('{"type":"pong"}')
      if (type === 'board' && ++pages === 1) opened()
    }
    socket.onclose = ({ code }) => failed(new Error(`${id}: ${code}`))
  })))
}
