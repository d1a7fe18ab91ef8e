// What a person would find on a page drawn as HTML: for tests without a browser.

export interface Found {
  tag: string
  attributes: string
  /** Its words, without what is hidden from everybody or from a screen reader. */
  name: string
  /** The label of the nearest region around it; empty: none. */
  region: string
  /** The classes of all that holds it. */
  within: string
}

/** These have no end. */
const empty = new Set(['input', 'img', 'br', 'hr', 'meta', 'link'])

/** What is open only after a press, or is no content. */
const away = (tag: string, attributes: string) => tag === 'dialog' || /\s(popover=|hidden(\s|=|$)|aria-hidden="true")/.test(attributes)

/** outline lists the elements of a page, in order, with their words. */
export function outline(html: string): Found[] {
  const found: Found[] = []
  const open: { tag: string; class: string; away: boolean; region: string; found: Found[] }[] = []
  for (const [, end, tag = '', attributes = '', text] of html.replace(/<!--.*?-->/gs, '').matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^>"])*)>|([^<]+)/g)) {
    const around = open.at(-1)
    if (text !== undefined) {
      if (!around?.away) for (const one of around?.found ?? []) one.name += text
    } else if (end) {
      open.length = open.findLastIndex((one) => one.tag === tag)
    } else {
      const label = /\saria-label="([^"]*)"/.exec(attributes)?.[1] ?? ''
      const hidden = Boolean(around?.away) || away(tag, attributes)
      const one: Found = { tag, attributes, name: '', region: around?.region ?? '', within: around?.class ?? '' }
      if (!hidden) found.push(one)
      const region = tag === 'section' && label ? label : (around?.region ?? '')
      if (!empty.has(tag) && !attributes.endsWith('/')) open.push({ tag, class: `${around?.class ?? ''} ${/\sclass="([^"]*)"/.exec(attributes)?.[1] ?? ''}`, away: hidden, region, found: hidden ? [] : [...(around?.found ?? []), one] })
    }
  }
  const plain = (name: string) => name.replace(/\s+/g, ' ').trim().replaceAll('&amp;', '&').replaceAll('&lt;', '<')
  return found.map((one) => ({ ...one, name: /\saria-label="([^"]*)"/.exec(one.attributes)?.[1] ?? plain(one.name) }))
}
