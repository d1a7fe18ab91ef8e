// The gallery of every state, in a browser, for the tests of this folder.

import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { createServer } from 'vite'

const root = new URL('../..', import.meta.url).pathname

/** open resolves to { page, names, close }: window.gallery shows a state, names are all there are. */
export async function open() {
  const server = await createServer({ root, logLevel: 'error', server: { port: 0, host: '127.0.0.1', hmr: false } })
  await server.listen()
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  const close = async () => {
    await browser.close()
    await server.close()
  }
  try {
    const page = await browser.newPage({ reducedMotion: 'reduce' })
    await page.goto(`${server.resolvedUrls.local[0]}dev/gallery.html?walk`)
    await page.waitForFunction(() => window.gallery)
    return { page, names: await page.evaluate(() => window.gallery.names), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The script that gives a page axe. */
export const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
