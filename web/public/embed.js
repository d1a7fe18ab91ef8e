// The call button for other people's sites:
//   <script src="https://desk.example.com/embed.js" data-desk="support" async></script>
// docs/embedding.md tells all of it. Nothing of the desk is loaded before the button
// is pressed. Styles are set one by one, which no content security policy forbids.
;(() => {
  const script = document.currentScript
  if (!script || window.desk) return
  const desk = new URL(script.src).origin
  const german = (document.documentElement.lang || navigator.language).toLowerCase().startsWith('de')
  const words = german
    ? { call: 'Rufen Sie uns an', window: 'Anruf', smaller: 'Verkleinern' }
    : { call: 'Call us', window: 'Call', smaller: 'Minimise' }
  const sides = { position: 'fixed', right: 'max(16px, env(safe-area-inset-right))', zIndex: '2147483000' }
  const control = {
    font: '600 16px/1.25 system-ui, sans-serif', color: '#fff', background: '#2f5bd0', border: '1px solid #fff', borderRadius: '999px', cursor: 'pointer',
  }

  const element = (name, style, attributes = {}) => {
    const made = document.createElement(name)
    Object.assign(made.style, style)
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
    return made
  }

  const button = element('button', { ...sides, ...control, bottom: 'max(16px, env(safe-area-inset-bottom))', minHeight: '48px', padding: '0 20px' }, {
    type: 'button', 'aria-expanded': 'false', 'aria-controls': 'warmdesk-call',
  })
  button.textContent = script.dataset.label || words.call

  // Hidden by its visibility: it goes on sounding, and cannot be reached by keys.
  const panel = element('div', {
    ...sides, bottom: '76px', width: 'min(392px, calc(100vw - 32px))', height: 'min(560px, calc(100vh - 108px))', visibility: 'hidden',
    display: 'flex', flexDirection: 'column', borderRadius: '12px', overflow: 'hidden', background: '#f7f7f5', boxShadow: '0 12px 32px rgb(0 0 0 / 0.25)',
  }, { id: 'warmdesk-call', role: 'dialog', 'aria-label': words.window })
  const smaller = element('button', { ...control, borderRadius: '0', border: '0', minHeight: '36px' }, { type: 'button' })
  smaller.textContent = words.smaller
  panel.append(smaller)

  let frame = null
  let ready = false
  const wish = { topic: script.dataset.topic || '', ctx: script.dataset.ctx || '' }
  const say = (message) => ready && frame.contentWindow.postMessage({ warmdesk: message }, desk)

  const load = () => {
    const query = new URLSearchParams({ embed: location.origin })
    for (const [name, value] of Object.entries({ team: script.dataset.desk, name: script.dataset.name, topic: wish.topic })) {
      if (value) query.set(name, value)
    }
    frame = element('iframe', { flex: '1', border: '0', width: '100%' }, {
      src: `${desk}/call?${query}`, title: words.window, allow: 'microphone; autoplay; speaker-selection',
      sandbox: 'allow-scripts allow-same-origin allow-forms',
    })
    panel.append(frame)
  }

  const show = (open) => {
    if (open && !frame) load()
    const inside = panel.contains(document.activeElement)
    panel.style.visibility = open ? 'visible' : 'hidden'
    button.setAttribute('aria-expanded', String(open))
    if (open) frame.focus()
    else if (inside) button.focus()
  }
  const isOpen = () => panel.style.visibility === 'visible'

  button.addEventListener('click', () => show(!isOpen()))
  smaller.addEventListener('click', () => show(false))
  // Escape makes it small, and never ends a call.
  addEventListener('keydown', (event) => event.key === 'Escape' && isOpen() && show(false))
  addEventListener('message', (event) => {
    if (event.origin !== desk || !frame || event.source !== frame.contentWindow) return
    const told = event.data && event.data.warmdesk
    if (!told) return
    if (told.minimise) return show(false)
    if (told.event === 'ready') {
      ready = true
      say(wish)
    }
    dispatchEvent(new CustomEvent('desk', { detail: told }))
  })

  window.desk = {
    open: (asked) => {
      for (const name of Object.keys(wish)) {
        if (asked && asked[name] !== undefined) wish[name] = String(asked[name])
      }
      show(true)
      say(wish)
    },
    minimise: () => show(false),
  }

  const begin = () => document.body.append(panel, button)
  if (document.body) begin()
  else addEventListener('DOMContentLoaded', begin)
})()
