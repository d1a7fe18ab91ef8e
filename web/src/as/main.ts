import '../style/base.css'
import { mount } from 'svelte'
import * as api from '../lib/api'
import { embedder } from '../lib/embedder'
import { begin } from '../lib/say.svelte'
import Console from './Console.svelte'
import { Session } from './session.svelte'

const target = document.getElementById('app')!
// The server maps /as/{agent} to this page; the name in the path is who we are.
const agent = decodeURIComponent(location.pathname.split('/')[2] ?? '')

async function open(): Promise<void> {
  const [config] = await Promise.all([api.config(), begin({ de: () => import('../lang/de') })])
  const session = new Session(agent, config)
  target.replaceChildren()
  mount(Console, { target, props: { session } })
  const stop = session.start()
  if (embedder) void import('./embed.svelte').then(({ embed }) => embed(session, embedder))
  window.addEventListener('pagehide', (event) => {
    // A page kept for "back" must neither ring nor hold the line meanwhile.
    if (event.persisted) stop()
  })
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
}

open().catch((error: Error) => {
  target.textContent = error.message
  setTimeout(() => location.reload(), 3_000)
})
