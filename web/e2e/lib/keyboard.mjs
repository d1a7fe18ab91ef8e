// A person without a mouse, and what a screen reader is told meanwhile.

import assert from 'node:assert/strict'

/** Nobody should have to press Tab more often to reach what a screen is for. */
const stops = 25

/** Keyboard is somebody's only way to the page; where the focus is must always be seen. */
export class Keyboard {
  /** Keys pressed so far; a text that is typed counts as one. */
  presses = 0
  /** The most Tab stops that tabTo has gone. */
  farthest = 0
  #page
  #lost = 0

  constructor(person) {
    this.#page = person.page
  }

  /** press presses one key, such as 't' or 'Enter'. */
  async press(key) {
    this.presses++
    await this.#strike(key)
  }

  async type(text) {
    this.presses++
    for (const letter of text) await this.#strike(letter === ' ' ? 'Space' : letter)
  }

  async #strike(key) {
    await this.#page.keyboard.press(key)
    const at = await this.#page.evaluate(focus)
    // What had the focus may go with the press; what comes instead has it by the next.
    this.#lost = at === 'nowhere' ? this.#lost + 1 : 0
    assert.ok(this.#lost <= 1, `the focus is nowhere after ${key}`)
    assert.ok(at === 'seen' || at === 'nowhere', `after ${key} nobody sees that the focus is at ${at}`)
  }

  /** tabTo goes from the top of the page to a button, one Tab after the other. */
  async tabTo(name, role) {
    // Tab goes on from where the focus was last, though that is gone.
    await this.#page.evaluate(() => {
      const top = document.createElement('span')
      top.tabIndex = -1
      document.body.prepend(top)
      top.focus()
      top.remove()
    })
    this.farthest = Math.max(this.farthest, await this.tabOn(name, role))
  }

  /** tabOn goes on to what has this name, from where the focus is, and resolves to how many presses that took. */
  async tabOn(name, role = 'button') {
    const wanted = this.#page.getByRole(role, { name, exact: true })
    for (let tabs = 1; tabs <= stops; tabs++) {
      await this.press('Tab')
      if (await wanted.evaluate((one) => one === document.activeElement)) return tabs
    }
    throw new Error(`${name} is not reached within ${stops} presses of Tab`)
  }
}

/** In the page: where the focus is, 'seen' when it shows. */
function focus() {
  const at = document.activeElement
  if (!at || at === document.body) return 'nowhere'
  const { outlineStyle, outlineWidth } = getComputedStyle(at)
  const seen = at.matches(':focus-visible') && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
  return seen ? 'seen' : `${at.tagName} ${at.getAttribute('aria-label') ?? at.textContent.trim().slice(0, 30)} (${outlineStyle} ${outlineWidth})`
}

/** listenIn writes down from now on what the page's live regions say; what was there before is not said again. */
export function listenIn(person) {
  return person.page.evaluate(() => {
    const regions = '[role=alert], [role=status]'
    const said = (window.said = [])
    const words = (region) => region.textContent.trim().replace(/\s+/g, ' ')
    const last = new Map([...document.querySelectorAll(regions)].map((region) => [region, words(region)]))
    const hear = (region) => {
      const text = region.checkVisibility() ? words(region) : ''
      if (text && text !== last.get(region)) said.push(text)
      last.set(region, text)
    }
    new MutationObserver((changes) => {
      const changed = new Set()
      for (const { target, addedNodes } of changes) {
        const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement
        const around = element?.closest(regions)
        if (around) changed.add(around)
        for (const node of addedNodes) {
          if (node.nodeType !== Node.ELEMENT_NODE) continue
          for (const region of [node, ...node.querySelectorAll(regions)]) if (region.matches(regions)) changed.add(region)
        }
      }
      changed.forEach(hear)
    }).observe(document.body, { childList: true, characterData: true, subtree: true })
  })
}

/** said is what they said since, in order. */
export function said(person) {
  return person.page.evaluate(() => window.said)
}
