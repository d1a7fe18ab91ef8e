// Telephone numbers as they are typed. The desk reads and checks them; this only
// says at once what is plainly none.

import { t } from '../lib/say.svelte'
import type { Outside } from '../lib/types'

/** The fewest digits of a number that anybody could be called by. */
const fewest = 6

/** What is wrong with a number, in a sentence; empty: nothing that can be seen from here. */
export function numberTrouble(typed: string): string {
  const digits = typed.replace(/\D/g, '').length
  if (/[^\d\s+()./-]/.test(typed)) return t('A telephone number has digits only, and perhaps a + before them.')
  return digits < fewest ? t('That number looks short.') : ''
}

/** Which numbers may be typed, and how. */
export function outsideHint(outside: Outside): string {
  const { allowed, home } = outside
  return home ? t('Allowed: {allowed}. Without a + it is a number in {home}.', { allowed, home }) : t('Allowed: {allowed}.', { allowed })
}
