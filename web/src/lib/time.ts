// Times as people read them. Everything is in milliseconds unless it says so.

import { language, t } from './say.svelte'

/** clock writes a span as 0:07, 12:34 or 1:02:03; spans below zero are 0:00. */
export function clock(ms: number): string {
  const all = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(all / 3600)
  const minutes = Math.floor(all / 60) % 60
  const seconds = String(all % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

/** titleClock is clock with two digits of minutes, so that a tab's title does not jump. */
export function titleClock(ms: number): string {
  const text = clock(ms)
  return text.length < 5 ? `0${text}` : text
}

/** roughly writes a span in words for lists: "now", "4 min", "2 h". */
export function roughly(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return t('now')
  return minutes < 60 ? t('{n} min', { n: minutes }) : t('{n} h', { n: Math.floor(minutes / 60) })
}

/** since is the span from an RFC 3339 time to now; 0 when the time is missing (Go's zero is year 1). */
export function since(time: string | null | undefined, now: number): number {
  const from = time ? Date.parse(time) : NaN
  return Number.isNaN(from) || from < 0 ? 0 : Math.max(0, now - from)
}

/** timeOfDay writes a time as the reader's clock shows it: 10:41. */
export const timeOfDay = (at: number): string => new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
