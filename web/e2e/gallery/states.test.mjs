// Every state of every page, from fixtures: readable in every colour scheme (A1), and
// on a small screen or a large magnification (A4), in longer words too.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, open } from './gallery.mjs'

let gallery, page

before(async () => {
  gallery = await open()
  page = gallery.page
  await page.addScriptTag({ path: axe })
})

after(() => gallery?.close())

test("nothing stands in anybody's way, in any state", async () => {
  assert.ok(gallery.names.length > 60, `${gallery.names.length} states`)
  await page.setViewportSize({ width: 1280, height: 800 })
  assert.deepEqual(await walk({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: { 'color-contrast': { enabled: false } } }), [])
})

// Of what axe looks for, only these depend on the colours.
for (const media of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { colorScheme: 'light', forcedColors: 'active' }]) {
  test(`every text can be read: ${Object.values(media).join(', ')}`, async () => {
    await page.emulateMedia({ forcedColors: 'none', ...media })
    assert.deepEqual(await walk({ runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }, true), [])
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' })
  })
}

for (const [language, width, height] of [['en', 320, 256], ['en', 640, 400], ['de', 360, 740], ['de', 1280, 800], ['pseudo', 320, 640], ['rtl', 1280, 800]]) {
  test(`everything has its place at ${width} x ${height}, ${language}`, async () => {
    await page.setViewportSize({ width, height })
    await page.evaluate((language) => window.gallery.language(language), language)
    assert.deepEqual(await page.evaluate(places), [])
    await page.evaluate(() => window.gallery.language('en'))
  })
}

/** walk is what axe finds in all states; once: what stands in many of them is looked at in the first. */
const walk = (options, once = false) =>
  page.evaluate(
    async ({ options, once }) => {
      const found = []
      const seen = new Set()
      for (const [page, state] of window.gallery.names) {
        await window.gallery.show(page, state)
        const parts = once ? [...document.querySelectorAll('header, aside > section, aside li, main > section')] : []
        const exclude = parts.filter((part) => {
          const content = `${page} ${part.closest('[hidden]') !== null} ${part.outerHTML.replace(/ id="[^"]*"| aria-labelledby="[^"]*"/g, '')}`
          return seen.has(content) || !seen.add(content)
        })
        const { violations } = await axe.run(exclude.length > 0 ? { exclude } : document, { ...options, resultTypes: ['violations'], iframes: false })
        for (const one of violations) found.push(`${page} ${state}: ${one.id}: ${one.nodes.map((node) => node.target).join(' ')}`)
      }
      return found
    },
    { options, once },
  )

/** places finds what scrolls sideways, is cut off, is too small to hit, or lies on something else. In the page. */
async function places() {
  const found = []
  for (const [page, state] of window.gallery.names) {
    await window.gallery.show(page, state)
    const at = `${page} ${state}`
    const root = document.documentElement
    if (root.scrollWidth > root.clientWidth) found.push(`${at}: ${root.scrollWidth} wide`)
    for (const one of document.querySelectorAll('body *')) {
      // What only a screen reader gets is a pixel large; what has a title has its whole text there.
      if (!one.textContent.trim() || one.clientWidth < 2 || one.matches('option, [title], [title] *') || !one.checkVisibility()) continue
      const { overflowX, overflowY } = getComputedStyle(one)
      const holds = one.matches('button, a, label, h1, h2, h3, td, th')
      const wide = one.scrollWidth > one.clientWidth + 1 && (/hidden|clip/.test(overflowX) || holds)
      const high = one.scrollHeight > one.clientHeight + 1 && /hidden|clip/.test(overflowY)
      if (wide || high) {
        const box = one.getBoundingClientRect()
        const out = [...one.querySelectorAll('*')].findLast((part) => part.clientWidth > 1 && (part.getBoundingClientRect().right > box.right + 1 || part.getBoundingClientRect().bottom > box.bottom + 1 || part.getBoundingClientRect().left < box.left - 1)) ?? one
        found.push(`${at}: ${one.tagName}.${one.className} cuts off ${out.tagName}.${out.className} "${out.textContent.trim().replace(/\s+/g, ' ').slice(0, 50)}"`)
      }
    }
    const targets = [...document.querySelectorAll('button, a, input, select, textarea, summary')].flatMap((one) => {
      const hit = one.matches('input') ? (one.closest('label') ?? one) : one
      const box = hit.getBoundingClientRect()
      const shown = one.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1
      return shown && !one.matches('.sr, .sr *') ? [{ one, hit, box }] : []
    })
    const name = ({ one }) => `${one.tagName} ${one.textContent.trim().slice(0, 20) || one.getAttribute('aria-label') || one.name}`
    for (const [i, target] of targets.entries()) {
      const { box } = target
      // A link in a line of text is as high as the line (WCAG 2.5.8).
      if ((box.width < 24 || box.height < 24) && getComputedStyle(target.one).display !== 'inline') found.push(`${at}: ${name(target)} is ${box.width} x ${box.height}`)
      for (const other of targets.slice(i + 1)) {
        const inside = target.hit.contains(other.hit) || other.hit.contains(target.hit)
        const over = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 1 && Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 1
        const floats = [target.one, other.one].some((one) => ['fixed', 'sticky'].includes(getComputedStyle(one.closest('header, .toasts, .stuck, .bar') ?? one).position))
        if (over && !inside && !floats) found.push(`${at}: ${name(target)} lies on ${name(other)}`)
      }
    }
  }
  return found
}
