// A screenshot with 256 colours: a third of the bytes, and nobody sees the difference
// in a page of text and plain areas.

import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** few makes an indexed PNG of a true-colour one as Chromium writes it (8 bit RGB, not interlaced). */
export function few(png) {
  const parts = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    parts.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + png.readUInt32BE(at)) })
  }
  const header = Buffer.from(parts[0].data)
  if (header[8] !== 8 || header[9] !== 2 || header[12] !== 0) throw new Error('not an 8 bit RGB screenshot')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const rows = inflateSync(Buffer.concat(parts.filter(({ type }) => type === 'IDAT').map(({ data }) => data)))
  const pixels = plain(rows, width * 3, height)
  const { palette, index } = chosen(pixels)
  const out = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) index.copy(out, y * (width + 1) + 1, y * width, (y + 1) * width)
  header[9] = 3
  return Buffer.concat([png.subarray(0, 8), chunk('IHDR', header), chunk('PLTE', palette), chunk('IDAT', deflateSync(out, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}

/** plain takes back what each row says of its neighbours (PNG, 9.2 Filter types). */
function plain(rows, stride, height) {
  const out = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x < 3 ? 0 : out[at - 3]
      const up = y === 0 ? 0 : out[at - stride]
      const corner = x < 3 || y === 0 ? 0 : out[at - stride - 3]
      const guess = [0, left, up, (left + up) >> 1, nearest(left, up, corner)][filter]
      out[at] = rows[y * (stride + 1) + 1 + x] + guess
    }
  }
  return out
}

function nearest(left, up, corner) {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

/** chosen are 256 colours, at first those that most pixels of a like colour have, and for each pixel the one that is nearest. */
function chosen(pixels) {
  const count = new Map()
  for (let i = 0; i < pixels.length; i += 3) {
    const colour = pixels.readUIntBE(i, 3)
    count.set(colour, (count.get(colour) ?? 0) + 1)
  }
  const by = [...count].sort((a, b) => b[1] - a[1]).map(([colour]) => colour)
  const like = new Map(by.toReversed().map((colour) => [colour & 0xe0e0e0, colour]))
  const most = [...new Set([...like.values(), ...by])].slice(0, 256)
  const palette = Buffer.alloc(most.length * 3)
  most.forEach((colour, i) => palette.writeUIntBE(colour, i * 3, 3))
  const known = new Map(most.map((colour, i) => [colour, i]))
  const near = (colour) => {
    const apart = (other) => [16, 8, 0].reduce((sum, shift) => sum + (((colour >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0)
    const best = most.reduce((best, other, i) => (apart(other) < apart(most[best]) ? i : best), 0)
    known.set(colour, best)
    return best
  }
  const index = Buffer.alloc(pixels.length / 3)
  for (let i = 0; i < index.length; i++) {
    const colour = pixels.readUIntBE(i * 3, 3)
    index[i] = known.get(colour) ?? near(colour)
  }
  return { palette, index }
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}
