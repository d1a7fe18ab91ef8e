// Texts as a language might have them that is longer than English and has other
// letters: what does not give way to it, does not to German either.

import type { Catalogue } from '../src/lib/say.svelte'

const letters: Readonly<Record<string, string>> = { a: 'á', e: 'ë', i: 'î', o: 'ö', u: 'ü', A: 'Å', E: 'É', O: 'Ø', c: 'ç', n: 'ñ' }

/** stretch is a text with accents, and longer by two fifths; {name} stays. */
export function stretch(english: string): string {
  const other = english.replace(/\{\w+\}|[a-zA-Z]/g, (one) => letters[one] ?? one)
  const words = Math.ceil((english.replace(/\{\w+\}/g, '').length * 0.4) / 5)
  return `${other} ${Array(words).fill('ẋẏẋẏ').join(' ')}`
}

/** Every text there is, stretched. */
export const pseudo: Catalogue = new Proxy({}, { get: (_, english) => (typeof english === 'string' ? stretch(english) : undefined) })
