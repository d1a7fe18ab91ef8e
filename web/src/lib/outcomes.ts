// What a call came to, as people read it.

import { key, t } from './say.svelte'

/** The desk's own, where nobody has chosen others (agent.DefaultOutcomes). */
const own: readonly string[] = [key('Solved'), key('Follow-up needed'), key('Wrong number')]

/** outcomeWord translates the desk's own; what somebody has written stays as it is. */
export const outcomeWord = (outcome: string): string => (own.includes(outcome) ? t(outcome) : outcome)
