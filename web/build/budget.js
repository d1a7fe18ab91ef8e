// What the customer's page may weigh: it opens on telephones far from the desk.

import { gzipSync } from 'node:zlib'

/** budget fails a build whose scripts and styles are more than so many bytes, gzipped. */
export function budget(most) {
  return {
    name: 'budget',
    writeBundle(_, bundle) {
      const loaded = Object.values(bundle).filter(({ fileName }) => /\.(js|css)$/.test(fileName))
      const sum = loaded.reduce((bytes, { code, source }) => bytes + gzipSync(code ?? source).length, 0)
      if (sum > most) this.error(`the page loads ${sum} bytes, gzipped; ${most} are the most`)
    },
  }
}
