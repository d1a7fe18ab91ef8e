import { svelte } from '@sveltejs/vite-plugin-svelte'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { outsideAssets } from './build/assets.js'
import { budget, weigh } from './build/budget.js'
import { pack } from './build/pack.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Three built pages; /tutorial is plain HTML and comes from public/ as it is. The
// customer's page is built apart, by `vite build --mode call`: in chunks shared with
// the others it would load what only they need.
export default defineConfig(({ mode }) => {
  const customer = mode === 'call'
  return {
    appType: 'mpa',
    publicDir: customer ? false : 'public',
    server: { watch: { ignored: ['**/dist/**'] } },
    plugins: [
      svelte(),
      weigh(here('public/embed.js'), 6_000),
      pack(here('dist')),
      ...(customer ? [budget({ all: 30_000 })] : [budget({ js: 90_000, css: 20_000 }), outsideAssets((path) => readFileSync(here(path)))]),
    ],
    build: {
      outDir: 'dist',
      // Hashed names live apart, so that the server may let browsers keep them.
      assetsDir: 'assets/build',
      // public/ holds another .gitkeep for dist/: `go build` needs a file there
      // before the pages are built, and emptying the folder takes the first away.
      emptyOutDir: !customer,
      target: 'es2022',
      modulePreload: { polyfill: false },
      // Nothing is inlined as a data: URL: the server's policy allows 'self' only.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: customer ? { call: here('call.html') } : { index: here('index.html'), as: here('as.html') },
      },
    },
    test: { environment: 'node', include: ['src/**/*.test.ts'] },
  }
})
