import '../style/base.css'
import { mount } from 'svelte'
import * as api from '../lib/api'
import { begin } from '../lib/say.svelte'
import Home from './Home.svelte'
import SetUpHttps from './SetUpHttps.svelte'
import SignIn from './SignIn.svelte'
import Welcome from './Welcome.svelte'

const target = document.getElementById('app')!

Promise.all([api.config(), begin({ de: () => import('../lang/de') })])
  .then(([config]) => {
    if (location.pathname === '/welcome') mount(Welcome, { target, props: { token: location.hash.slice(1) } })
    else if (location.pathname === '/https') mount(SetUpHttps, { target, props: config })
    else if (config.demo) mount(Home, { target, props: { config } })
    else mount(SignIn, { target })
  })
  .catch((error: Error) => {
    target.textContent = error.message
    setTimeout(() => location.reload(), 3_000)
  })
