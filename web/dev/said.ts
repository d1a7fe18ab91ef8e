// What the desk says in the fixtures, in other languages. said.json has each text in
// English and German: `go test ./say -run TestFixtures -update` writes the German from
// the desk's own catalogue; without -update it sees that the desk says both. A new text
// is added there with an empty German.

import { t } from '../src/lib/say.svelte'
import said from './said.json'

/** The parts of an answer in which the desk speaks. */
const spoken = new Set(['sentence', 'chip', 'text', 'word', 'words', 'watched', 'why', 'found', 'todo', 'thanks', 'trouble', 'message'])

/** Such a part may also hold a name of ours, such as talking. */
const isText = (value: string) => /[^a-z_]/.test(value)

/** texts are all that the desk says in some fixtures. */
export function texts(value: unknown, part = ''): string[] {
  if (typeof value === 'string') return spoken.has(part) && isText(value) ? [value] : []
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, one]) => texts(one, Array.isArray(value) ? part : key))
}

/** What is in trouble may also be the page's own text. */
export const german = (text: string): string => (said as Record<string, string>)[text] ?? t(text)

let language = (text: string) => text

/** tell has the desk of the fixtures speak like this from now on. */
export function tell(how: (text: string) => string): void {
  language = how
}

/** told is a fixture as its reader gets it. */
export function told<T>(value: T, part = ''): T {
  if (typeof value === 'string') return (spoken.has(part) && isText(value) ? language(value) : value) as T
  if (Array.isArray(value)) return value.map((one: unknown) => told(one, part)) as T
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, told(one, key)])) as T
}
