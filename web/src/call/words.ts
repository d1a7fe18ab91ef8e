// What a customer reads on their page, where the desk does not say it itself.

import { language, ordinal, plural, t } from '../lib/say.svelte'
import { clock } from '../lib/time'
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
      if (line.promised) break
      return `${line.thanks} ${t('Call ended - {time}.', { time: clock(line.seconds * 1000) })}`.trim()
  }
  if (line.promised) return t("Thank you. We'll call you back by {time}.", { time: moment(line.promised) })
  return line.config.closed ? t('Calls from this page are closed right now.') : ''
}

/** moment is a time near enough to name it by its day of the week. */
const moment = (at: string) => new Date(at).toLocaleString(language(), { weekday: 'long', hour: '2-digit', minute: '2-digit' })

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

/** place tells a customer their place in line, from 1; empty for none. */
export function place(place: number | undefined): string {
  if (!place) return ''
  return t("You're {place}. We update this; you don't need to keep looking.", { place: ordinal(place) })
}
