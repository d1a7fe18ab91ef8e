// The pictures of the documents, made from the gallery: node dev/pictures.mjs writes
// them to docs/pictures.

import { mkdirSync, writeFileSync } from 'node:fs'
import { open } from '../e2e/gallery/gallery.mjs'
import { few } from './png.mjs'

const folder = new URL('../../docs/pictures/', import.meta.url).pathname
/** Who reads the documents on a telephone loads them too. */
const most = 120_000

const desk = { width: 1280, height: 760 }
const phone = { width: 360, height: 560 }
const pictures = [
  { name: 'private', page: 'as', state: 'privateNoted', size: desk },
  { name: 'private-dark', page: 'as', state: 'privateNoted', size: desk, scheme: 'dark' },
  { name: 'board', page: 'board', state: 'full', size: desk },
  { name: 'call', page: 'whole', state: 'call', size: desk },
  { name: 'reports', page: 'whole', state: 'reports', size: desk },
  { name: 'settings', page: 'whole', state: 'settings', size: desk, press: 'Test connection' },
  { name: 'customer', page: 'call', state: 'waiting', size: phone },
  { name: 'customer-dark', page: 'call', state: 'handedOver', size: phone, scheme: 'dark', language: 'de' },
]

const { page, close } = await open()
try {
  mkdirSync(folder, { recursive: true })
  for (const { name, page: of, state, size, press, scheme = 'light', language = 'en' } of pictures) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize(size)
    await page.evaluate((language) => window.gallery.language(language), language)
    await page.evaluate(([of, state]) => window.gallery.show(of, state), [of, state])
    if (press) await page.getByRole('button', { name: press, exact: true }).click()
    await page.mouse.move(0, 0)
    const path = `${folder}${name}.png`
    const picture = few(await page.screenshot())
    if (picture.length > most) throw new Error(`${path} has ${picture.length} bytes; ${most} are the most`)
    writeFileSync(path, picture)
  }
} finally {
  await close()
}
