// Telephone numbers as they are typed. The desk reads and checks them; this only
// says at once what is plainly none.

import type { Outside } from '../lib/types'

/** The fewest digits of a number that anybody could be called by. */
const fewest = 6

/** What is wrong with a number, in a sentence; empty: nothing that can be seen from here. */
export function numberTrouble(typed: string): string {
  const digits = typed.replace(/\D/g, '').length
  if (/[^\d\s+()./-]/.test(typed)) return 'A telephone number has digits only, and perhaps a + before them.'
  return digits < fewest ? 'That number looks short.' : ''
}

/** Which numbers may be typed, and how. */
export function outsideHint(outside: Outside): string {
  const national = outside.home ? ` Without a + it is a number in ${outside.home}.` : ''
  return `Allowed: ${outside.allowed}.${national}`
}
