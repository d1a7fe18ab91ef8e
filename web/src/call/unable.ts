// What is said to somebody who cannot call, or need not: it loads when it is true.

import { language, t } from '../lib/say.svelte'
import type { CallerLine, Mic } from '../lib/types'
import { micWords } from '../lib/words'

/** hours are the opening times in one line: Mon 09:00-17:00, ... */
export function hours({ hours, zone }: CallerLine): string {
  // The first of January 2024 was a Monday.
  const name = (day: number) => new Date(2024, 0, 1 + day).toLocaleDateString(language(), { weekday: 'short' })
  const days = hours.map((times, day) => times && `${name(day)} ${times}`).filter(Boolean)
  return `${days.join(', ')} (${zone})`
}

/** mic says why the desk cannot hear the customer and what to do; empty: it is no trouble. */
export function mic(state: Mic, browser: string): string {
  if (state !== 'denied') return micWords(state)
  return `${t("Your microphone is blocked, so we can't hear you.")} ${allow(browser)}`
}

/** allow says where a browser, by its user agent, keeps its word on the microphone. */
function allow(browser: string): string {
  if (/iPhone|iPad/.test(browser)) {
    return t('Tap the icon left of the address, then Website Settings, and allow the microphone. Then press Call now.')
  }
  if (/Android/.test(browser)) return t('Tap the icon left of the address, then Permissions, and allow the microphone. Then press Call now.')
  if (/Firefox\//.test(browser)) {
    return t('Click the crossed-out microphone left of the address and remove the block. Then press Call now.')
  }
  if (/Safari\//.test(browser) && !/Chrom/.test(browser)) {
    return t('In the menu Safari, choose Settings for this website, and allow the microphone. Then press Call now.')
  }
  return t('Click the icon left of the address and switch the microphone on. Then press Call now.')
}
