// What went wrong at an agent's page, in words: what happened, what is safe, what to do.

import { list, t } from '../lib/say.svelte'

export const linkPaused = (inCall: boolean) =>
  inCall
    ? t("Live updates are paused; your call's audio is fine. Reconnecting...")
    : t('Live updates are paused. Reconnecting...')

/** heard are those whom the agent hears; inCall: their own line is open. */
export function signedOutWords(heard: string[], inCall: boolean): string {
  if (heard.length > 0) return t('You were signed out. You still hear {who}. Sign in to use the buttons.', { who: list(heard) })
  if (inCall) return t('You were signed out. Your call goes on. Sign in to use the buttons.')
  return t('You were signed out. Sign in to use the buttons.')
}

/** heard are those who may hear gaps. */
export const weakWords = (heard: string[]): string =>
  heard.length > 0
    ? t('Weak connection - {who} may hear gaps.', { who: list(heard) })
    : t('Weak connection - there may be gaps.')

export const stillWorking = () => t('Still working... the caller is safe')
export const soundBlocked = () => t('Your browser blocked sound. Click to allow.')
