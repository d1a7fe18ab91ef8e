// One tab of this browser at a time does a thing; the next one begins when it stops.

/**
 * sole runs begin once no other tab is at it, until the returned function is called;
 * begin returns the way to stop. Without locks (a page that is not secure) at once.
 */
export function sole(name: string, begin: () => () => void): () => void {
  const over = new AbortController()
  const held = new Promise<void>((done) => over.signal.addEventListener('abort', () => done()))
  const run = async () => {
    if (over.signal.aborted) return
    const stop = begin()
    await held
    stop()
  }
  if (navigator.locks) {
    // Stopped while it waits: the request is refused, and that is what was wanted.
    navigator.locks.request(name, { signal: over.signal }, run).catch(() => undefined)
  } else {
    void run()
  }
  return () => over.abort()
}
