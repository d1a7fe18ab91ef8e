// Every text a person sees goes through t. The English text is its own key, so
// that the code can be read and the tests can select by it; the other languages
// are looked up, and load only where they are wanted.

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages
export type Catalogue = Readonly<Record<string, string>>

/** What goes in the place of {name}. */
export type Values = Readonly<Record<string, string | number>>

const kept = 'warmdesk.language'
/** How a page gets the texts of the languages that are not written in its code. */
export type Loaders = Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>>>

let loaders: Loaders | null = null
let catalogue = $state.raw<Catalogue>({})
let spoken = $state<Language>('en')

/** t is the text in the reader's language, with {name} replaced by values.name. */
export function t(english: string, values?: Values): string {
  const text = catalogue[english] ?? english
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text
}

/** key marks a text that stands in a table, to be given to t where it is drawn. */
export const key = <T extends string>(english: T): T => english

/** plural is t of the text for one or for several, by the rule of the reader's language; n is among the values. */
export function plural(n: number, one: string, several: string, values?: Values): string {
  return t(new Intl.PluralRules(spoken).select(n) === 'one' ? one : several, { n, ...values })
}

/** list joins names: "Dana, Ana and Ben". */
export const list = (names: readonly string[]): string => new Intl.ListFormat(spoken, { type: 'conjunction' }).format(names)

/** number writes one with so many digits after the point. */
export const number = (n: number, digits = 0): string =>
  new Intl.NumberFormat(spoken, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n)

/** ordinal is a place in a row: 2nd, 2. */
export function ordinal(n: number): string {
  if (spoken === 'de') return `${n}.`
  const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' }
  return `${n}${endings[new Intl.PluralRules('en', { type: 'ordinal' }).select(n)] ?? 'th'}`
}

/** language is the one that t answers in now. */
export const language = (): Language => spoken

/** begin speaks the reader's language, as long as its texts can be fetched: a page must open without. */
export async function begin(texts: Loaders): Promise<void> {
  loaders = texts
  // Another page or frame of ours was given another language.
  if (typeof window !== 'undefined') {
    window.addEventListener('storage', (event) => {
      if (event.key === kept) void speak(preferred()).catch(() => undefined)
    })
  }
  await speak(preferred()).catch(() => undefined)
}

/** speak changes the language at once, in mid-call too; it rejects when the texts cannot be fetched. */
export async function speak(next: Language): Promise<void> {
  catalogue = next === 'en' || !loaders ? {} : (await loaders[next]()).default
  spoken = next
  if (typeof document !== 'undefined') document.documentElement.lang = next
}

/** pretend speaks texts that are given, for the gallery: longer ones, other letters. */
export function pretend(texts: Catalogue): void {
  catalogue = texts
}

/** onLanguage calls back after every change of the language; it returns the way to stop. */
export const onLanguage = (changed: (next: Language) => void): (() => void) =>
  $effect.root(() => {
    let last = spoken
    $effect(() => {
      if (spoken !== last) changed((last = spoken))
    })
  })

/** choose is speak, kept for the next visit. */
export async function choose(next: Language): Promise<void> {
  await speak(next)
  try {
    localStorage.setItem(kept, next)
  } catch {
    // A browser that keeps nothing asks anew next time.
  }
}

/** preferred is the language chosen before, else the browser's first one we have. */
function preferred(): Language {
  const known = (one: string | null): one is Language => one !== null && Object.hasOwn(languages, one)
  try {
    const chosen = localStorage.getItem(kept)
    if (known(chosen)) return chosen
  } catch {
    // As above: then the browser's own.
  }
  for (const one of navigator.languages) {
    const short = one.slice(0, 2).toLowerCase()
    if (known(short)) return short
  }
  return 'en'
}
