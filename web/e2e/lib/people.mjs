// One Chromium process per person, each with a tone of their own as microphone.

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { Ears, hearWith } from './ears.mjs'
import { level, rate, silence, toneLevel } from './sound.mjs'
import { eventually } from './wait.mjs'
import { encode, tone } from './wav.mjs'

/**
 * Tones (Hz) halfway between the notes music is made of, with no harmonic and no
 * third-order product of one another within 38 Hz of any of them: neither the
 * music nor what µ-law adds to a mix is ever taken for a voice.
 */
export const tones = { Dana: 479, Ana: 857, Ben: 1279, Cy: 2029, Eve: 2281 }
const spoken = -12
/** A voice is heard when it comes within 8 dB of how it was spoken; not heard 40 dB below, for a moment 28 dB. */
const heard = spoken - 8
const absent = spoken - 40
const traces = spoken - 28

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
]

/** Browser is one Chromium process. */
export class Browser {
  context
  /** Console errors, uncaught errors, requests to other hosts, pop-ups: what no page may have. */
  complaints = []
  #server
  #browser
  #folder

  /** open starts a Chromium whose microphone is a tone (Hz). */
  static async open(frequency) {
    const made = new Browser()
    made.#folder = await mkdtemp(join(tmpdir(), 'warmdesk-browser-'))
    const microphone = join(made.#folder, 'microphone.wav')
    await writeFile(microphone, encode(tone(frequency, { dbfs: spoken })))
    made.#server = await chromium.launchServer({
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [...flags, `--use-file-for-fake-audio-capture=${microphone}`],
      // Pop-ups stay blocked, as they are for everybody.
      ignoreDefaultArgs: ['--disable-popup-blocking'],
      chromiumSandbox: false,
    })
    made.#browser = await chromium.connect(made.#server.wsEndpoint())
    made.context = await made.#browser.newContext({ viewport: { width: 1100, height: 800 } })
    made.context.setDefaultTimeout(10_000)
    await hearWith(made.context)
    return made
  }

  /** alive is false once the process is gone. */
  get alive() {
    return this.#browser.isConnected()
  }

  /** goto opens a new page and notes what it complains about. */
  async goto(url) {
    const page = await this.context.newPage()
    const { host } = new URL(url)
    page.on('console', (message) => {
      // Chromium also logs the desk's refusals of a request, which are answers.
      if (message.type() === 'error' && !/status of 409/.test(message.text())) this.complaints.push(`console: ${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`))
    page.on('request', (request) => {
      const to = new URL(request.url())
      if (/^(http|ws)s?:$/.test(to.protocol) && to.host !== host) this.complaints.push(`foreign: ${request.url()}`)
    })
    page.on('popup', () => this.complaints.push('a pop-up'))
    await page.goto(url)
    return page
  }

  /** kill ends the process and its children at once, as a crash or a power cut would. */
  kill() {
    process.kill(-this.#server.process().pid, 'SIGKILL')
  }

  async close() {
    await this.#browser?.close().catch(() => undefined)
    await this.#server?.kill()
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Person is somebody at a page, or at a frame of one. */
export class Person {
  name
  browser
  page
  ears
  clicks = 0

  constructor(name, browser, page) {
    Object.assign(this, { name, browser, page, ears: new Ears(page) })
  }

  /** open gives somebody a browser process of their own. */
  static async open(name, url) {
    const browser = await Browser.open(tones[name])
    try {
      return new Person(name, browser, await browser.goto(url))
    } catch (error) {
      await browser.close()
      throw error
    }
  }

  /** press clicks the one button of this name and counts the click. */
  press(name) {
    return this.click(this.page.getByRole('button', { name, exact: true }))
  }

  async click(locator) {
    this.clicks++
    await locator.click()
  }

  /** see waits until the page shows this text. */
  async see(text, within = 10_000) {
    const found = this.page.getByText(text, { exact: typeof text === 'string' }).filter({ visible: true })
    await found.first().waitFor({ timeout: within })
  }

  /** bringIn chooses a colleague to join the call at once. */
  async bringIn(colleague) {
    await this.press('Bring someone in')
    await this.click(this.colleague(colleague))
  }

  /** askPrivately chooses a colleague to speak with while the customer is on hold. */
  async askPrivately(colleague) {
    await this.press('Bring someone in')
    await this.click(this.colleague(colleague, 'Ask privately'))
  }

  /** colleague is the button of a colleague who may be chosen. */
  colleague(name, way = 'Join all three at once') {
    return this.page.getByRole('dialog', { name: 'Choose who' }).getByRole('button', { name: `${way}, ${name}`, exact: true })
  }

  /** endCall ends it for everyone, which is asked once. */
  async endCall() {
    await this.press('End call')
    await this.click(this.page.getByRole('dialog', { name: /^End the call/ }).getByRole('button', { name: 'End call' }))
  }

  close() {
    return this.browser.close()
  }
}

/**
 * voices says who is heard in some sound, and how loud its moments are. It throws
 * on what is neither a voice nor its absence. Sound over a network is stretched and
 * mended now and then, so it is judged by moments (200 ms) of it.
 */
export function voices(samples) {
  const names = []
  const parts = moments(samples)
  for (const [name, frequency] of Object.entries(tones)) {
    const levels = parts.map((part) => toneLevel(part, frequency)).sort((a, b) => a - b)
    const usual = levels[Math.floor(levels.length / 2)]
    if (usual >= heard) names.push(name)
    else if (usual > absent || levels.at(-1) > traces) {
      throw new Error(`${name} is heard at ${usual.toFixed(1)} dBFS: neither a voice nor silence`)
    }
  }
  const loudness = parts.map(level)
  return { names, quietest: Math.min(...loudness), loudest: Math.max(...loudness) }
}

function moments(samples) {
  const size = rate / 5
  const parts = []
  for (let at = 0; at + size <= samples.length; at += size / 2) parts.push(samples.subarray(at, at + size))
  return parts.length > 0 ? parts : [samples]
}

/**
 * hears asserts who hears whom: {Dana: 'Ana Ben', Ana: 'silence', …}, or 'music' for
 * sound without anybody's voice. Within a deadline it must be true for `stays` ms.
 */
export async function hears(people, expected, { within = 6_000, stays = 800 } = {}) {
  const listeners = people.filter((one) => expected[one.name] !== undefined)
  await eventually(
    `who hears whom: ${JSON.stringify(expected)}`,
    async () => {
      const sounds = await Promise.all(listeners.map((one) => one.ears.last(stays)))
      const found = Object.fromEntries(listeners.map((one, i) => [one.name, inWords(sounds[i])]))
      assert.deepEqual(found, expected)
      return true
    },
    { within },
  )
}

/**
 * The music comes within 3 dB of this at Dana's tone, its loudest: where there is
 * music, a voice is told from it by being louder, which two frames of it are.
 */
export const overMusic = spoken - 20

/** everHeard names everybody who was heard at any moment of some sound. */
export function everHeard(samples, above = traces) {
  const parts = moments(samples)
  return Object.keys(tones).filter((name) => parts.some((part) => toneLevel(part, tones[name]) > above))
}

function inWords(samples) {
  const { names, quietest, loudest } = voices(samples)
  if (names.length > 0) return names.join(' ')
  if (loudest < silence) return 'silence'
  assert.ok(quietest >= silence, 'there is sound, but not all the time')
  return 'music'
}
