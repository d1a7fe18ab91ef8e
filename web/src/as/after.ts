// What stays where the call was when it goes to somebody else or is over: who took it,
// for a moment, and that the customer hung up while two consulted, until it is seen.

import { t } from '../lib/say.svelte'
import { timeOfDay } from '../lib/time'
import type { Notice } from '../lib/types'

/** How long it is told who took a call. */
export const takenFor = 3_000

export interface After {
  kind: 'taken' | 'left'
  chip: string
  sentence: string
  title: string
}

/** shows reports whether a notice is told in the place of the call, and not beside it. */
export const shows = (notice: Notice): boolean => notice.kind === 'taken' || notice.kind === 'left_consult'

/** after is what a notice says in the place of the call; null: nothing, any more. shownFor: for so long already, in ms. */
export function after(notice: Notice | null, shownFor: number): After | null {
  switch (notice?.kind) {
    case 'taken':
      return shownFor < takenFor ? { kind: 'taken', chip: t('Taken'), sentence: notice.text, title: '' } : null
    case 'left_consult': {
      const name = notice.name ?? ''
      const time = timeOfDay(Date.parse(notice.at))
      return { kind: 'left', chip: t('Caller left'), sentence: t('{name} hung up at {time}.', { name, time }), title: t('{name} hung up', { name }) }
    }
    default:
      return null
  }
}
