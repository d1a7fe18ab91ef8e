import { expect, it } from 'vitest'
import de from './de'
import deCall from './de-call'
import { find } from './texts'

const sources = import.meta.glob<string>(['../**/*.{svelte,ts}', '!../**/*.test.ts', '!../**/fixtures*', '!./**'], {
  query: '?raw',
  import: 'default',
  eager: true,
})
const all = Object.entries(sources).map(([file, source]) => find(file.slice(3), source))
const used = all.flatMap((found) => found.used)
const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()

it('keeps every text that people see behind t', () => {
  expect(all.flatMap((found) => found.bare).map(({ where, text }) => `${where} ${text}`)).toEqual([])
})

it('says every text in German, with the same blanks', () => {
  const german: Readonly<Record<string, string>> = de
  const missing = used.filter(({ text }) => german[text] === undefined)
  expect(missing.map(({ where, text }) => `${where} ${text}`)).toEqual([])
  expect(Object.entries(german).filter(([text, other]) => String(blanks(text)) !== String(blanks(other)))).toEqual([])
})

it("says what the customer's page says with that page's own German texts", () => {
  const reached = new Set<string>()
  const reach = (file: string) => {
    const path = [file, `${file}.ts`].find((one) => sources[one] !== undefined)
    if (!path || reached.has(path)) return
    reached.add(path)
    for (const [, to] of sources[path]!.matchAll(/(?:from |import\()'(\.[^']+)'/g)) reach(`../${new URL(to!, `http://x/${path.slice(3)}`).pathname.slice(1)}`)
  }
  reach('../call/main.ts')
  expect(reached.size).toBeGreaterThan(15)
  const texts = Object.entries(sources).flatMap(([file, source]) => (reached.has(file) ? find(file, source).used : []))
  const german: Readonly<Record<string, string>> = deCall
  expect(texts.filter(({ text }) => german[text] === undefined).map(({ where, text }) => `${where} ${text}`)).toEqual([])
})

it('has no German text that nobody says', () => {
  const texts = new Set(used.map(({ text }) => text))
  expect(Object.keys(de).filter((text) => !texts.has(text))).toEqual([])
})

it.each([
  ['a text between tags', '<p>Good morning</p>', ['Good morning']],
  ['a label', '<button aria-label="Close"></button>', ['Close']],
  ['a label put together', '<button aria-label="Call {name}"></button>', ['Call']],
  ['a choice', "<p>{late ? 'late' : t('in time')}</p>", ['late']],
  ['a sentence in code', "<script>const words = { done: 'It is done.' }</script>", ['It is done.']],
  ['a template', '<script>const words = `Back to ${name}`</script>', ['Back to']],
  ['nothing of what only looks so', "<script>if (key === 'Enter') go('board')</script><p class=\"big red\">{name}</p>", []],
  ['nothing behind t', "<p title={t('Now')}>{t('{n} here', { n: 1 })}</p>", []],
])('finds %s', (_, source, bare) => {
  expect(find('one.svelte', source).bare.map(({ text }) => text)).toEqual(bare)
})
