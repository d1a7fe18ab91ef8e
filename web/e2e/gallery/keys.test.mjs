// Without a mouse, in every state: the focus shows wherever it can be, what a screen is
// for is not far (A2), and menus answer to their keys.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '../lib/wait.mjs'
import { open } from './gallery.mjs'

/** Nobody should have to press Tab more often to reach what a screen is for. */
const stops = 25

let gallery, page

before(async () => {
  gallery = await open()
  page = gallery.page
  await page.setViewportSize({ width: 1280, height: 800 })
})

after(() => gallery?.close())

test('the focus shows wherever it is, and the primary button is not far', async (t) => {
  await page.keyboard.press('Tab') // From now on the page knows that somebody uses keys.
  const { unseen, far, farthest } = await page.evaluate(async (stops) => {
    const unseen = []
    const far = []
    let farthest = ['', 0]
    for (const [page, state] of window.gallery.names) {
      await window.gallery.show(page, state)
      const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, iframe, [tabindex="0"]')].filter(
        (one) => !one.disabled && one.tabIndex >= 0 && !one.closest('[inert]') && one.checkVisibility({ visibilityProperty: true }),
      )
      // Of a group of radio buttons Tab reaches one.
      const reached = all.filter((one, i) => one.type !== 'radio' || all.findIndex((other) => other.name === one.name && other.type === 'radio') === i)
      for (const one of reached.filter((one) => one.tagName !== 'IFRAME')) {
        one.focus()
        // A field may show it on its label, and the link of a row all around the row.
        const styles = [getComputedStyle(one), getComputedStyle(one, '::after'), getComputedStyle(one.closest('label') ?? one)]
        const shows = styles.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2)
        if (!shows) unseen.push(`${page} ${state}: ${one.tagName} ${one.ariaLabel ?? one.textContent.trim().slice(0, 30)}`)
      }
      const primary = reached.findIndex((one) => one.matches('main .primary')) + 1
      if (primary > stops) far.push(`${page} ${state}: ${primary}`)
      if (primary > farthest[1]) farthest = [`${page} ${state}`, primary]
    }
    return { unseen, far, farthest }
  }, stops)
  assert.deepEqual(unseen, [])
  assert.deepEqual(far, [])
  t.diagnostic(`the farthest primary button is Tab stop ${farthest[1]}, in ${farthest[0]}`)
})

for (const [state, opener, items] of [
  ['available', 'Status: Available', ['Take a break', 'Go offline']],
  ['askedWithNote', 'Not now, and say why', ['Busy', 'In 2 minutes', 'Wrong team']],
]) {
  test(`the menu of ${opener} answers to arrow keys, Esc and Enter`, async () => {
    await page.evaluate((state) => window.gallery.show('as', state), state)
    const button = page.getByRole('button', { name: opener, exact: true })
    const menu = page.locator(`[id="${await button.getAttribute('popovertarget')}"] button`)
    assert.deepEqual((await menu.allTextContents()).slice(0, items.length).map((text) => text.trim()), items)
    const focused = (one) => eventually(`the focus is on ${one}`, () => one.evaluate((one) => one === document.activeElement))
    const [first, second, last] = [menu.first(), menu.nth(1), menu.last()]
    await button.focus()
    await page.keyboard.press('Enter')
    await focused(first)
    for (const [key, at] of [['ArrowDown', second], ['ArrowUp', first], ['ArrowUp', last], ['ArrowDown', first], ['End', last], ['Home', first]]) {
      await page.keyboard.press(key)
      await focused(at)
    }
    await page.keyboard.press('Escape')
    await focused(button)
    assert.equal(await page.locator(':popover-open').count(), 0)
    await page.keyboard.press('Enter')
    await focused(first)
    await page.keyboard.press('Enter')
    await focused(button)
    assert.equal(await page.locator(':popover-open').count(), 0)
  })
}

test('every button shows its key while Alt is held, and no other time', async () => {
  await page.evaluate(() => window.gallery.show('as', 'talking'))
  const shown = () => page.locator('kbd').filter({ visible: true }).allTextContents()
  const keys = (wanted) => eventually(`the keys ${wanted}`, async () => (await shown()).join(' ') === wanted)
  await page.mouse.move(0, 700)
  await keys('')
  await page.keyboard.down('Alt')
  await keys('T H M K')
  await page.keyboard.up('Alt')
  await keys('')
  await page.getByRole('button', { name: 'Hold', exact: true }).focus()
  await keys('H')
})

test('the list of colleagues is gone through by arrow keys, and what can be asked follows', async () => {
  await page.evaluate(() => window.gallery.show('as', 'talking'))
  await page.getByRole('button', { name: 'Bring someone in', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Choose who' })
  const field = dialog.getByRole('combobox', { name: 'Bring someone in' })
  await eventually('the field has the focus', () => field.evaluate((one) => one === document.activeElement))
  const all = await dialog.getByRole('option').all()
  assert.ok(all.length > 1)
  const chosen = async (option) => {
    assert.equal(await option.getAttribute('aria-selected'), 'true')
    assert.equal(await field.getAttribute('aria-activedescendant'), await option.getAttribute('id'))
    const free = (await option.getAttribute('aria-disabled')) === 'false'
    assert.equal(await dialog.getByRole('button', { name: /^Ask privately, / }).count(), free ? 1 : 0)
  }
  await chosen(all[0])
  for (const [key, at] of [['ArrowUp', 0], ['ArrowDown', 1], ['ArrowUp', 0]]) {
    await page.keyboard.press(key)
    await chosen(all[at])
  }
  await all.at(-1).dispatchEvent('click') // who is not free can be looked at, and not asked
  await chosen(all.at(-1))
  await page.keyboard.press('Escape')
  assert.equal(await page.locator(':popover-open').count(), 0)
})
