import '../style/base.css'
import { mount } from 'svelte'
import * as api from '../lib/api'
import Caller from './Caller.svelte'
import { Line } from './line.svelte'

const target = document.getElementById('app')!

api
  .config()
  .then((config) => {
    const line = new Line(config)
    mount(Caller, { target, props: { line } })
    line.start()
  })
  .catch((error: Error) => {
    target.textContent = error.message
    setTimeout(() => location.reload(), 3_000)
  })
