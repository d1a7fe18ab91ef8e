// What the reports draw: scales, spans of days, and the sample that is shown while
// there are no calls.

import { language } from '../lib/say.svelte'
import type { Report } from './records'

/** ceiling is a round number that is no less than most: half of it is whole, a mark of the axis, too. */
export function ceiling(most: number): number {
  for (let step = 1; ; step *= 10) {
    const round = (step === 1 ? [2, 4, 6, 8, 10] : [2, 3, 4, 5, 6, 8, 10]).find((one) => one * step >= most)
    if (round) return round * step
  }
}

/** hourWord is an hour of the day as people write it: 14:00. */
export const hourWord = (hour: number): string =>
  new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit' }).format(new Date(2026, 0, 1, hour))

/** days is the span of the last days, today among them, by the reader's midnight. */
export function days(count: number, now: number): { from: Date; to: Date } {
  const to = new Date(now)
  to.setHours(0, 0, 0, 0)
  to.setDate(to.getDate() + 1)
  const from = new Date(to)
  from.setDate(from.getDate() - count)
  return { from, to }
}

/** percent of whole, rounded down: 99.9 % of the calls are not all of them. */
export const percent = (part: number, whole: number): number => Math.floor((100 * part) / whole)

/** sample is what a report may look like. */
export const sample: Report = {
  summary: { calls: 0, answered: 0, abandoned: 0, messages: 0, dropped: 0, inTime: 0, timed: 0, waitMedian: 0, waitP90: 0, waitLongest: 0 },
  transfers: [],
  agents: [],
  hours: [0, 0, 0, 0, 0, 0, 0, 2, 9, 15, 18, 14, 8, 11, 16, 17, 12, 6, 3, 0, 0, 0, 0, 0].map((calls) => ({
    calls,
    answered: Math.ceil(calls * 0.9),
    abandoned: Math.floor(calls * 0.1),
    inTime: Math.ceil(calls * 0.8),
    timed: calls,
  })),
  drops: [],
  teams: [],
}
