// What GET /api/carrier and POST /api/carrier/test tell (console/carrier.go).

export interface Carrier {
  name: string
  builtIn: boolean
  account: string
  tokenSet: boolean
  number: string
  publicUrl: string
  trouble: boolean
}

export interface Finding {
  state: 'ok' | 'warning' | 'wrong'
  check: string
  found: string
  todo?: string
}

/** The line of docs/embedding.md for the desk at an address. No piece of it reads like a sentence, nor like the end of a script. */
export const snippet = (desk: string) => ['<script', `src="${desk}/embed.js"`, 'async><\/script>'].join(' ')

/** A finding as a sentence begins; an address that it begins with stays as it is. */
export const sentence = (found: string) => found.replace(/^\p{Ll}+(?=[ ,;]|: |$)/u, (word) => word.charAt(0).toUpperCase() + word.slice(1))
