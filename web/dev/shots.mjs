// Screenshots of every state of the gallery and axe's opinion of each.
// node dev/shots.mjs FOLDER [name...]: only states whose name contains one.

import { createRequire } from 'node:module'
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { createServer } from 'vite'

const require = createRequire(import.meta.url)
const [folder = 'shots', ...only] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })

const sizes = { 1920: 1080, 1280: 800, 1024: 768, 640: 900, 360: 780, 320: 720 }
/** WIDTHS=320,1280 leaves the others out. */
const widths = process.env.WIDTHS?.split(',') ?? Object.keys(sizes)
const server = await createServer({ root: new URL('..', import.meta.url).pathname, server: { port: 0, host: '127.0.0.1' } })
await server.listen()
const base = server.resolvedUrls.local[0]
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

let failures = 0
try {
  const list = await browser.newPage()
  await list.goto(`${base}dev/gallery.html`)
  await list.waitForSelector('a[data-state]')
  const links = await list.$$eval('a[data-state]', (all) => all.map((a) => [a.textContent.trim().replace(' ', '-'), a.href]))
  for (const scheme of ['light', 'dark']) {
    const context = await browser.newContext({ colorScheme: scheme, reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.on('pageerror', (error) => report(`${page.url()}: ${error.message}`))
    for (const [name, href] of links) {
      if (only.length > 0 && !only.some((word) => name.includes(word))) continue
      for (const width of widths) await shoot(page, name, href, scheme, +width, sizes[width])
    }
    await context.close()
  }
} finally {
  await browser.close()
  await server.close()
}
console.log(failures === 0 ? 'all clean' : `${failures} findings`)
process.exitCode = failures === 0 ? 0 : 1

async function shoot(page, name, href, scheme, width, height) {
  const at = `${name}-${scheme}-${width}`
  await page.setViewportSize({ width, height })
  await page.goto(href)
  await page.waitForSelector('main, h1')
  await opened(page, name)
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  if (wide > shown) report(`${at}: scrolls sideways, ${wide} in ${shown}`)
  await page.screenshot({ path: `${folder}/${at}.png` })
  await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') })
  const found = await page.evaluate(() =>
    axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
      iframes: false,
    }),
  )
  for (const one of found.violations) {
    report(`${at}: ${one.id}: ${one.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`)
  }
}

/** Popovers are shot open where a state's name asks for it. */
async function opened(page, name) {
  if (name === 'as-talking') {
    await page.screenshot({ path: `${folder}/${name}-closed.png` })
    await page.getByRole('button', { name: 'Bring someone in' }).click()
  }
  if (name === 'as-held') {
    await page.screenshot({ path: `${folder}/${name}-closed.png` })
    await page.getByRole('button', { name: 'Bring someone in' }).click()
    await page.getByRole('button', { name: 'Send without asking, Ben' }).click()
  }
  if (name === 'call-callBack') await page.getByRole('button', { name: 'Ask for a call back' }).click()
  if (name === 'as-muted') await page.getByRole('button', { name: 'End call' }).click()
  if (name === 'as-askedWithNote') await page.getByRole('button', { name: 'Not now, and say why' }).click()
  if (name === 'as-myAudio') {
    await page.getByRole('button', { name: 'My audio' }).click()
    await page.getByRole('combobox', { name: 'Microphone' }).waitFor()
  }
  if (name === 'call-afterHours') await page.getByRole('button', { name: 'Call me back' }).waitFor()
  if (name === 'call-denied') await page.getByRole('button', { name: 'Ask for a call back' }).click()
  if (name === 'as-fair') await page.getByRole('button', { name: 'Fair connection' }).click()
  if (name === 'as-available') await page.getByRole('button', { name: 'Status' }).click()
}

function report(text) {
  failures++
  console.log(text)
}
