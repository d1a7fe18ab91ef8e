// One Chromium process per person, each with a tone of their own as microphone.

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { Ears, hearWith } from './ears.mjs'
import { timed } from './times.mjs'
import { inWords, spoken, tones } from './voices.mjs'
import { eventually } from './wait.mjs'
import { encode, tone } from './wav.mjs'

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
      // What a killed browser leaves behind goes with the folder.
      env: { ...process.env, TMPDIR: made.#folder },
    })
    made.#browser = await chromium.connect(made.#server.wsEndpoint())
    made.context = await made.#browser.newContext({ viewport: { width: 1100, height: 800 } })
    made.context.setDefaultTimeout(10_000)
    await hearWith(made.context)
    await timed(made.context)
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
    const elsewhere = (to) => {
      if (/^(http|ws)s?:$/.test(new URL(to).protocol) && new URL(to).host !== host) this.complaints.push(`foreign: ${to}`)
    }
    page.on('console', (message) => {
      // Chromium also logs the desk's refusals of a request, which are answers.
      if (message.type() !== 'error' || /status of 409/.test(message.text())) return
      this.complaints.push(`console: ${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`))
    page.on('request', (request) => elsewhere(request.url()))
    page.on('websocket', (socket) => elsewhere(socket.url()))
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
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
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
