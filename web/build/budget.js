// What a page may weigh before anything is pressed, and the button for other people's
// sites: many open on telephones, or far from the desk.

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/**
 * budget fails a build in which a page loads more than so many bytes, gzipped:
 * most.all of scripts and styles together, most.js, most.css. What counts are a page's
 * entry, all it imports, and the styles of these. Chunks that are imported in the
 * course of events are not counted.
 */
export function budget(most) {
  return {
    name: 'budget',
    writeBundle(_, bundle) {
      for (const entry of Object.values(bundle).filter((chunk) => chunk.isEntry)) {
        const sum = { all: 0, js: 0, css: 0 }
        for (const name of first(bundle, entry.fileName)) {
          const bytes = gzipSync(bundle[name].code ?? bundle[name].source).length
          sum.all += bytes
          sum[name.endsWith('.css') ? 'css' : 'js'] += bytes
        }
        for (const kind of Object.keys(most)) {
          if (sum[kind] > most[kind]) this.error(`the page ${entry.name} loads ${sum[kind]} bytes of ${kind}, gzipped; ${most[kind]} are the most`)
        }
      }
    },
  }
}

/** weigh fails a build when a file is more than so many bytes, gzipped. */
export function weigh(file, most) {
  return {
    name: 'weigh',
    buildStart() {
      const size = gzipSync(readFileSync(file)).length
      if (size > most) this.error(`${file} is ${size} bytes, gzipped; ${most} are the most`)
    },
  }
}

/** first are the names of the files of a bundle that an entry loads by itself. */
function first(bundle, entry) {
  const found = new Set()
  const take = (name) => {
    const chunk = bundle[name]
    if (!chunk || found.has(name)) return
    found.add(name)
    for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(css)
    for (const other of chunk.imports ?? []) take(other)
  }
  take(entry)
  return found
}
