// What went wrong, in words: what happened, what is safe, what to do.

import { t } from './say.svelte'
import type { Mic } from './types'

/** micWords is empty when the microphone is no trouble. */
export function micWords(mic: Mic): string {
  switch (mic) {
    case 'denied':
      return t("Your microphone is blocked, so you can't take calls. Click the lock icon next to the address, allow Microphone, then Try again.")
    case 'missing':
      return t("No microphone found. Plug one in - we'll notice by ourselves.")
    case 'busy':
      return t('Another app is using your microphone. Close it or choose another.')
    case 'insecure':
      return t('Browsers only allow microphones on https:// or localhost. Open this page by its https:// address.')
    default:
      return ''
  }
}

/** Errors after which the SDK needs a new token. */
export const tokenCodes: readonly number[] = [20101, 20104, 20151, 31201, 31204, 31205, 31207]

/** sdkWords says what a voice SDK error means for the person at the page. */
export function sdkWords(code: number, message: string): string {
  if (tokenCodes.includes(code)) return t('Your phone line needed a new permit. Getting one...')
  switch (code) {
    case 31401:
      return micWords('denied')
    case 31402:
      return micWords('busy')
    case 31000:
    case 31005:
    case 31009:
    case 53000:
    case 53001:
      return t('The phone line to the desk dropped. Reconnecting...')
    case 31486:
      return t('The other side is busy.')
    case 31480:
    case 31603:
      return t('Nobody could take the call just now.')
    case 31404:
      return t('That number or person is not known here.')
    case 31206:
      return t('Too many tries at once. Wait a moment, then try again.')
    case 31209:
      return t('The call was away too long to come back to it.')
    case 53405:
      return t('The audio stopped coming through. Reconnecting audio...')
    case 53400:
    case 53402:
      return t('The audio path could not be set up. Try again; if it stays so, a firewall is in the way.')
    default:
      return t('The phone reported a problem: {message} ({code})', { message: message.replace(/\.?$/, '.'), code })
  }
}
