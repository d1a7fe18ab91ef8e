import '../style/base.css'
import { mount } from 'svelte'
import * as api from '../lib/api'
import { preferred, speak } from '../lib/say.svelte'
import Caller from './Caller.svelte'
import { Line } from './line.svelte'

/** A language that cannot be fetched is no reason to keep the page shut. */
const english = () => undefined
const target = document.getElementById('app')!

Promise.all([api.config(), speak(preferred()).catch(english)])
  .then(([config]) => {
    const line = new Line(config)
    mount(Caller, { target, props: { line } })
    line.start()
  })
  .catch((error: Error) => {
    target.textContent = error.message
    setTimeout(() => location.reload(), 3_000)
  })
