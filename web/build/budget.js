// What the customer's page may weigh, and the button for other people's sites: they
// open on telephones far from the desk.

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/**
 * budget fails a build whose scripts and styles are more than so many bytes,
 * gzipped. What counts is what a page loads before anything is pressed: its
 * entries, all they import, and the styles of these. Chunks that are imported in
 * the course of events are not counted.
 */
export function budget(most) {
  return {
    name: 'budget',
    writeBundle(_, bundle) {
      const sum = [...first(bundle)].reduce((bytes, name) => bytes + gzipSync(bundle[name].code ?? bundle[name].source).length, 0)
      if (sum > most) this.error(`the page loads ${sum} bytes, gzipped; ${most} are the most`)
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

/** first are the names of the files of a bundle that its entries load by themselves. */
function first(bundle) {
  const found = new Set()
  const take = (name) => {
    const chunk = bundle[name]
    if (!chunk || found.has(name)) return
    found.add(name)
    for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(css)
    for (const other of chunk.imports ?? []) take(other)
  }
  for (const chunk of Object.values(bundle)) if (chunk.isEntry) take(chunk.fileName)
  return found
}
