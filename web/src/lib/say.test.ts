import { afterEach, expect, test } from 'vitest'
import { language, speak, t } from './say.svelte'

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
