// The site that shows an agent's page in a frame of its own. The server lets only those
// do so that an admin has named; docs/embedding.md says what the two say to each other.

const kept = 'warmdesk.embedder'

/** embedder is its origin, also after a reload; empty: there is none. */
export const embedder = ((): string => {
  if (typeof window === 'undefined' || window.parent === window) return ''
  const named = new URLSearchParams(location.search).get('embed')
  try {
    if (named) sessionStorage.setItem(kept, named)
    return named ?? sessionStorage.getItem(kept) ?? ''
  } catch {
    return named ?? '' // a browser that keeps nothing
  }
})()

/** door is where one signs in. */
export const door = embedder ? `/embed/agent?${new URLSearchParams({ embed: embedder })}` : '/'
