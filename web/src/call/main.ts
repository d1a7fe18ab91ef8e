import '../style/base.css'
import { mount } from 'svelte'
import * as api from '../lib/api'
import { begin } from '../lib/say.svelte'
import Caller from './Caller.svelte'
import { Line } from './line.svelte'

const target = document.getElementById('app')!

Promise.all([api.config(), begin({ de: () => import('../lang/de-call') })])
  .then(([config]) => {
    const line = new Line(config)
    mount(Caller, { target, props: { line } })
    line.start()
    const host = new URLSearchParams(location.search).get('embed')
    if (host && window.parent !== window) void import('./embed.svelte').then(({ embed }) => embed(line, host))
  })
  .catch((error: Error) => {
    target.textContent = error.message
    setTimeout(() => location.reload(), 3_000)
  })
