// What a page's first load took, as the browser itself measures it.

/** timed watches every page and frame of a context, from the next load on. */
export function timed(context) {
  return context.addInitScript(() => {
    const found = (window.times = { shift: 0, longest: 0 })
    const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
    watch('layout-shift', (entry) => (found.shift += entry.hadRecentInput ? 0 : entry.value))
    watch('longtask', (entry) => (found.longest = Math.max(found.longest, entry.duration)))
  })
}

/** times says it in a line: they depend on the machine, so they are told and not judged. */
export async function times(page) {
  const { paint, shift, longest, requests } = await page.evaluate(() => ({
    ...window.times,
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    requests: performance.getEntriesByType('resource').length,
  }))
  const painted = paint === undefined ? 'no paint seen' : `first paint ${Math.round(paint)} ms`
  return `${painted}, shifted by ${shift.toFixed(3)}, longest task ${Math.round(longest)} ms, ${requests} requests`
}
