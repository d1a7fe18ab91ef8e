// What a customer reads on their page, where the desk does not say it itself.

import { language, plural, t } from '../lib/say.svelte'
import { clock } from '../lib/time'
import type { CallerLine, Mic } from '../lib/types'
import { micWords } from '../lib/words'
import type { Shown } from './shown'

/** title is the tab's. */
export function title(line: Shown): string {
  if (line.phase !== 'in') return t('Call us')
  switch (line.caller.state) {
    case 'waiting':
    case 'choosing':
      return t('In line')
    case 'recording':
      return t('Recording')
    case 'parting':
      return t('Thank you')
    case 'talking':
      return t('Talking')
    case 'hold':
      return t('On hold')
  }
  return t('Connected')
}

/** sentence is how things are; it is announced. */
export function sentence(line: Shown): string {
  switch (line.phase) {
    case 'asking':
      return t("We'll ask to use your microphone.")
    case 'checking':
      return t('Your microphone works.')
    case 'calling':
      return t('Calling...')
    case 'in':
      if (line.reconnecting) return t('Your internet blinked. Hold on, your place is kept.')
      return line.caller.sentence || t('Welcome.')
    case 'ended':
      return `${line.thanks} ${t('Call ended - {time}.', { time: clock(line.seconds * 1000) })}`.trim()
  }
  return line.config.closed ? t('Calls from this page are closed right now.') : ''
}

/** lead is the line above the button: what the call costs, and who is ahead. */
export function lead({ expects }: Shown): string {
  const parts = [t('Free · in your browser')]
  if (expects && expects.ahead > 0) {
    const ahead = plural(expects.ahead, '{n} person ahead', '{n} people ahead')
    const minutes = Math.ceil(expects.wait / 60)
    parts.push(minutes > 0 ? t('{ahead} (~{minutes} min)', { ahead, minutes }) : ahead)
  }
  return parts.join(' · ')
}

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
