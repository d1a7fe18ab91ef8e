// The tutorial's page on this desk's routes: the smallest client there is.
const $ = (id) => document.getElementById(id)
const connectButtons = [$('connect-agent1-button'), $('connect-agent2-button')]
const status = (text) => { $('call-status').textContent = text }
const sounds = ['incoming', 'outgoing', 'disconnect', ...[...'0123456789sh'].map((digit) => `dtmf${digit}`)]
let agent, device, call

const post = (path, headers = { 'Warmdesk-Agent': agent }) => fetch(path, { method: 'POST', headers }).then(async (response) => {
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Error(answer.message || `${path}: ${response.status}`)
  return answer
})

// Without the header that our own console sends, fetching a token means "available".
const token = () => post(`/${agent}/token`, {}).then((answer) => answer.token)

function failed(error) {
  status(`ERROR: ${error.message}`)
  connectButtons.forEach((button) => { button.disabled = false })
}

async function connect(id) {
  agent = id
  connectButtons.forEach((button) => { button.disabled = true })
  const config = await fetch('/api/config').then((response) => response.json())
  device?.destroy()
  device = new Twilio.Device(await token(), {
    publishEvents: false,
    logLevel: 'silent',
    codecPreferences: ['pcmu'],
    maxCallSignalingTimeoutMs: 30000,
    enableImprovedSignalingErrorPrecision: true,
    sounds: Object.fromEntries(sounds.map((name) => [name, `/assets/${name === 'incoming' ? 'ring' : 'quiet'}.wav`])),
    // Set when the switchboard is built in; Twilio is found without it.
    ...(config.signalUrl && { chunderw: location.protocol === 'http:' ? location.host : config.signalUrl }),
  })
  device.on('registered', () => { if (!call) ready() })
  device.on('incoming', incoming)
  device.on('error', failed)
  device.on('tokenWillExpire', () => token().then((next) => device.updateToken(next)).catch(failed))
  await device.register()
}

function ready() {
  status('Ready')
  $('connect-agent-row').classList.add('hidden')
  $('connected-agent-row').classList.remove('hidden')
  $('dial-agent2-button').classList.toggle('hidden', agent !== 'agent1')
  setTimeout(() => { if (!call) ended() })
}

function incoming(rung) {
  call = rung
  status('Incoming support call')
  $('answer-call-button').disabled = false
  call.on('accept', () => {
    status('In call with customer')
    $('answer-call-button').disabled = true
    $('hangup-call-button').disabled = $('dial-agent2-button').disabled = false
  })
  for (const end of ['disconnect', 'cancel', 'reject']) rung.on(end, () => { if (call === rung) ended() })
  call.on('error', failed)
}

function ended() {
  call = undefined
  for (const id of ['answer', 'hangup']) $(`${id}-call-button`).disabled = true
  $('dial-agent2-button').disabled = true
  status(`Connected as: ${agent}`)
}

/** Tells the desk first: a call that ends without a word counts as lost, and is rung back. */
async function hangUp() {
  const rung = call
  const id = rung.customParameters.get('call')
  const snapshot = await fetch(`/api/agents/${agent}/snapshot`, { headers: { 'Warmdesk-Agent': agent } })
    .then((response) => response.json())
  const allowed = snapshot.calls?.find((one) => one.id === id)?.allowed ?? []
  try {
    if (id) await post(`/api/calls/${id}/${allowed.includes('leave') ? 'leave' : 'end'}`)
  } finally {
    rung.disconnect() // a refusal must not keep anybody on the line
  }
}

connectButtons[0].onclick = () => connect('agent1').catch(failed)
connectButtons[1].onclick = () => connect('agent2').catch(failed)
$('answer-call-button').onclick = () => call.accept()
$('hangup-call-button').onclick = () => hangUp().catch(failed)
$('dial-agent2-button').onclick = () => post(`/conference/${agent}/call`).catch(failed)
