// Where in the console we are. The address says it, so that a screen can be
// reloaded, linked to and left with the browser's own buttons; the page itself
// stays, and with it a call's sound.

export class Route {
  #base: string
  #path = $state('')
  #search = $state('')

  /** The screen's name: board, history...; none: the calls. */
  screen = $derived(this.#path.split('/')[0] ?? '')
  /** What stands behind it, such as a call's id. */
  rest = $derived(this.#path.split('/').slice(1).join('/'))
  /** What is asked for behind the question mark. */
  query = $derived(new URLSearchParams(this.#search))

  constructor(agent: string) {
    this.#base = `/as/${encodeURIComponent(agent)}`
    this.#read()
  }

  /** start follows the browser's buttons until the returned function is called. */
  start(): () => void {
    const read = () => this.#read()
    window.addEventListener('popstate', read)
    return () => window.removeEventListener('popstate', read)
  }

  /** href is the address of a screen: '' for the calls, 'board', 'calls/CA12'; a query may follow. */
  href(path: string): string {
    return path ? `${this.#base}/${path}` : this.#base
  }

  go(path: string): void {
    if (this.href(path) === location.pathname + location.search) return
    history.pushState(null, '', this.href(path))
    this.#read()
  }

  /** ask changes what stands behind the question mark, without a step for the browser's back button. */
  ask(query: URLSearchParams): void {
    const search = query.size > 0 ? `?${query}` : ''
    history.replaceState(history.state, '', location.pathname + search)
    this.#read()
  }

  /** follow is the click handler of a link to a screen: it goes there without loading the page anew. */
  follow = (event: MouseEvent): void => {
    const link = (event.currentTarget as HTMLAnchorElement).href
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    const to = new URL(link)
    this.go(to.pathname.slice(this.#base.length + 1) + to.search)
  }

  #read(): void {
    const path = location.pathname
    this.#search = location.search
    this.#path = path.startsWith(`${this.#base}/`) ? path.slice(this.#base.length + 1).replace(/\/+$/, '') : ''
  }
}
