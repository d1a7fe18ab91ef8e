import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { begin, language, list, number, ordinal, plural, speak, t } from './say.svelte'

vi.stubGlobal('navigator', { languages: ['fr-FR', 'en-GB', 'de'] })
beforeAll(() => begin({ de: () => import('../lang/de') }))

afterEach(() => speak('en'))

test('the English text is its own key', () => {
  expect(t('Answer')).toBe('Answer')
  expect(t('{name} has {count} calls', { name: 'Ben', count: 0 })).toBe('Ben has 0 calls')
})

test('a value that is missing stays to be seen, and one that looks like a name is not replaced again', () => {
  expect(t('{name} and {other}', { name: '{other}' })).toBe('{other} and {other}')
})

test('another language is looked up, and what it lacks stays English', async () => {
  await speak('de')
  expect(language()).toBe('de')
  expect(t('Answer')).toBe('Annehmen')
  expect(t('Nothing of the kind')).toBe('Nothing of the kind')
})

test('numbers, lists and places are written as the language does', async () => {
  const all = () => [number(1234.5, 1), ordinal(2), ordinal(13), list(['Dana', 'Ben']), plural(1, 'one', '{n} several')]
  expect(all()).toEqual(['1,234.5', '2nd', '13th', 'Dana and Ben', 'one'])
  await speak('de')
  expect(all().slice(0, 4)).toEqual(['1.234,5', '2.', '13.', 'Dana und Ben'])
  expect(plural(2, 'one', '{n} several')).toBe('2 several')
})

test('a page begins with the first language of its reader that there is', () => {
  expect(language()).toBe('en')
})
