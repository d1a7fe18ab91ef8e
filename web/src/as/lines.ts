// What gives this page a line of its own, or takes it, and the times of that.

import type { Request } from '../lib/types'

/** After these this page has no line of its own in the call. */
export const goodbyes: ReadonlySet<Request> = new Set<Request>(['leave', 'end', 'send', 'requeue', 'unlisten'])

/** By these a lead gets one. */
export const places: ReadonlySet<Request> = new Set<Request>(['listen', 'listen-privately', 'coach', 'join', 'take'])

/** After a 202 the desk releases the leg; the page does it only if that takes longer. */
export const releaseAfter = 2_000
/** A device that cannot register within this leaves the agent where they were. */
export const registerWithin = 10_000
/** So long it is said of a call that its agent is back in it. */
export const backFor = 5_000
/** A lost agent's page says so often that its phone is ready. */
export const remindEvery = 1_000
