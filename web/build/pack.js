// What is built, packed once and as small as it goes: the server sends these bytes and
// never packs anything itself.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const text = /\.(js|css|html|svg|txt)$/
/** A smaller file takes one packet however it is sent. */
const least = 1_000

/** pack adds NAME.br and NAME.gz beside every text in a folder. */
export function pack(folder) {
  return {
    name: 'pack',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true })) {
        const file = join(folder, name)
        if (!text.test(name) || statSync(file).size < least || existsSync(`${file}.br`)) continue
        const content = readFileSync(file)
        writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }))
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
      }
    },
  }
}
