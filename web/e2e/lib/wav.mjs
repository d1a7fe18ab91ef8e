// WAV files the tests write: a person's microphone is one tone.

/** tone is one sine, in whole periods so that it loops without a click. */
export function tone(frequency, { rate = 48_000, seconds = 2, dbfs = -12 } = {}) {
  const peak = 32767 * 10 ** (dbfs / 20)
  const samples = new Int16Array(rate * seconds)
  for (let i = 0; i < samples.length; i++) {
    samples[i] = Math.round(peak * Math.sin((2 * Math.PI * frequency * i) / rate))
  }
  return samples
}

/** encode makes a mono 16 bit file. */
export function encode(samples, rate = 48_000) {
  const file = Buffer.alloc(44 + samples.length * 2)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + samples.length * 2, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20) // PCM
  file.writeUInt16LE(1, 22) // mono
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(rate * 2, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(samples.length * 2, 40)
  samples.forEach((sample, i) => file.writeInt16LE(sample, 44 + i * 2))
  return file
}

/** decode reads a mono file at 8 kHz: µ-law, as the desk's music is kept, or 16 bit, as messages are. */
export function decode(file) {
  const bits = file.readUInt16LE(34)
  for (let at = 12; at + 8 <= file.length; ) {
    const size = file.readUInt32LE(at + 4)
    if (file.toString('latin1', at, at + 4) === 'data') {
      const data = file.subarray(at + 8, at + 8 + size)
      if (bits === 8) return Int16Array.from(data, linear)
      return Int16Array.from({ length: data.length >> 1 }, (_, i) => data.readInt16LE(2 * i))
    }
    at += 8 + size + (size % 2)
  }
  throw new Error('not a WAV file')
}

/** linear is the sample of a µ-law byte (ITU-T G.711). */
function linear(byte) {
  const code = ~byte & 0xff
  const size = ((((code & 0x0f) << 3) + 0x84) << ((code >> 4) & 0x07)) - 0x84
  return code & 0x80 ? -size : size
}
