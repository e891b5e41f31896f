import sharp from 'sharp'
import t, { type Test } from 'tap'
import { AppError } from '../../server/errors.ts'
import { uploadFiles } from '../../server/look/uploads.ts'
import { type MadePicture, makePicture } from '../../server/picture/make.ts'
import { fitCrop, toStored } from '../../server/picture/rules.ts'
import { bands, hugePng, isNear, pixelAt } from './images.ts'

const file = (made: MadePicture, name: string) => made.files.find((one) => one.name === name)!.data

t.test('every accepted form becomes every form that is served', async (t) => {
  const source = bands(2400, 400)
  const forms = { jpeg: source.clone().jpeg(), png: source.clone().png(), webp: source.clone().webp(), avif: source.clone().avif() }
  for (const [form, image] of Object.entries(forms)) {
    const made = await makePicture(await image.toBuffer(), 'banner')
    t.same([made.width, made.height], [1920, 160], form)
    t.same(
      made.files.map(({ name }) => name),
      ['avif', 'webp', 'jpg'].flatMap((ending) => [480, 960, 1920].map((width) => `banner-${width}.${ending}`)),
    )
    t.same(
      uploadFiles(`${made.id}/${made.files.at(-1)!.name}`).sort(),
      made.files.map(({ name }) => `${made.id}/${name}`).sort(),
      'the name tells all',
    )
    for (const { name, data } of made.files) {
      const { format, width, height, exif, icc, xmp } = await sharp(data).metadata()
      const [, wide, ending] = /-(\d+)\.(\w+)$/.exec(name)!
      t.equal(format, { avif: 'heif', webp: 'webp', jpg: 'jpeg' }[ending!], name)
      t.same([width, height, exif, icc, xmp], [Number(wide), Math.round(Number(wide) / 12), undefined, undefined, undefined])
      t.ok(isNear(await pixelAt(data, 5, 2), [203, 0, 0], 40), `${name}: red at the left`)
    }
  }
})

t.test('the same picture has the same name, another has another', async (t) => {
  const png = await bands(600, 600).png().toBuffer()
  const [one, same, other] = [
    await makePicture(png, 'logo'),
    await makePicture(png, 'logo'),
    await makePicture(png, 'logo', { x: 0, y: 0, w: 500, h: 500 }),
  ]
  t.equal(one.id, same.id)
  t.not(one.id, other.id)
  t.match(one.id, /^[0-9a-f]{32}$/)
})

t.test('what can be seen through stays so', async (t) => {
  const made = await makePicture(await bands(300, 300, 128).png().toBuffer(), 'logo')
  t.same(made.files.at(-1)!.name, 'logo-300.png', 'never larger than it was')
  for (const name of ['logo-300.png', 'logo-300.webp', 'logo-300.avif']) t.ok(isNear(await pixelAt(file(made, name), 150, 5), [0, 252, 0, 128]), name)
  const opaque = await sharp(await bands(300, 300).png().toBuffer())
    .ensureAlpha()
    .png()
    .toBuffer()
  t.equal((await makePicture(opaque, 'logo')).files.at(-1)!.name, 'logo-300.jpg')
})

t.test('it is cut where asked, in its own shape, never outside', async (t) => {
  const png = await bands(900, 300).png().toBuffer()
  const blue = await makePicture(png, 'logo', { x: 700, y: 0, w: 200, h: 200 })
  t.equal(blue.width, 200)
  t.ok(isNear(await pixelAt(blue.files.at(-1)!.data, 5, 5), [0, 0, 251]))
  t.ok(isNear(await pixelAt((await makePicture(png, 'logo')).files.at(-1)!.data, 5, 5), [0, 251, 0]), 'the middle unless asked')
  const size = { width: 1000, height: 500 }
  t.same(fitCrop('banner', size), { x: 0, y: 209, w: 1000, h: 83 })
  t.same(fitCrop('logo', size), { x: 250, y: 0, w: 500, h: 500 })
  t.same(fitCrop('logo', size, { x: -50, y: 400, w: 300, h: 300 }), { x: 0, y: 200, w: 300, h: 300 })
  t.same(fitCrop('logo', size, { x: 900, y: 900, w: 9000, h: 10 }), { x: 500, y: 0, w: 500, h: 500 })
  t.same(fitCrop('banner', { width: 1200, height: 90 }), { x: 60, y: 0, w: 1080, h: 90 })
})

t.test('pictures that lie on their side are turned upright, with their crop', async (t) => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const stored = await bands(300, 240).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).withMetadata({ orientation }).toBuffer()
    const upright = await sharp(stored).autoOrient().png().toBuffer()
    const crop = { x: 20, y: 10, w: 200, h: 200 }
    const made = await makePicture(stored, 'logo', crop)
    const wanted = await sharp(upright).extract({ left: 20, top: 10, width: 200, height: 200 }).png().toBuffer()
    // On both sides of the borders between the bands.
    for (const [x, y] of [
      [70, 5],
      [90, 195],
      [170, 5],
      [190, 195],
      [5, 100],
    ] as const)
      t.ok(isNear(await pixelAt(file(made, 'logo-200.webp'), x, y), await pixelAt(wanted, x, y), 30), `orientation ${orientation} at ${x}, ${y}`)
  }
  t.same(toStored({ x: 1, y: 2, w: 3, h: 4 }, { width: 10, height: 20 }, 6), { x: 2, y: 6, w: 4, h: 3 })
})

t.test('where it was taken and by what is forgotten', async (t) => {
  const exif = { IFD0: { Make: 'Marque', Copyright: 'Camille' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 23/1 0/1' } }
  const jpeg = await bands(800, 100).withExif(exif).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">Camille</x:xmpmeta>').jpeg().toBuffer()
  t.ok(jpeg.includes('Camille') && jpeg.includes('Marque'))
  for (const { name, data } of (await makePicture(jpeg, 'banner')).files) {
    t.notOk(data.includes('Camille') || data.includes('Marque') || data.includes('Exif'), name)
    t.same((await sharp(data).metadata()).exif, undefined)
  }
})

t.test('colours stay what they were', async (t) => {
  const wide = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#00ff00' } })
    .withIccProfile('p3')
    .png()
    .toBuffer()
  t.ok((await sharp(wide).metadata()).icc)
  const made = await makePicture(wide, 'logo')
  t.ok(isNear(await pixelAt(made.files.at(-1)!.data, 9, 9), [0, 255, 0], 12))
  const cmyk = await bands(600, 100).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer()
  t.equal((await sharp(cmyk).metadata()).space, 'cmyk')
  const printed = file(await makePicture(cmyk, 'banner'), 'banner-600.webp')
  const [red = 0, green = 0, blue = 0] = await pixelAt(printed, 20, 2)
  t.ok(red > 150 && green < 100 && blue < 100, `red stays red: ${red} ${green} ${blue}`)
  const grey = await bands(600, 100).greyscale().toColourspace('grey16').png().toBuffer()
  t.equal((await sharp(grey).metadata()).depth, 'ushort')
  t.equal((await sharp((await makePicture(grey, 'banner')).files.at(-1)!.data).metadata()).channels, 3)
})

t.test('of a moving picture, the first', async (t) => {
  const frames = Buffer.concat([Buffer.alloc(100 * 100 * 3, 250), Buffer.alloc(100 * 100 * 3, 5)])
  const moving = await sharp(frames, { raw: { width: 100, height: 200, channels: 3, pageHeight: 100 } })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer()
  t.equal((await sharp(moving).metadata()).pages, 2)
  const made = await makePicture(moving, 'logo')
  t.equal((await sharp(file(made, 'logo-100.webp')).metadata()).pages, undefined)
  t.ok(isNear(await pixelAt(file(made, 'logo-100.webp'), 50, 50), [250, 250, 250]))
})

t.test('what hides behind a picture is not kept', async (t) => {
  const jpeg = await bands(800, 100).jpeg().toBuffer()
  const hidden = '<script>alert(1)</script>PK\x03\x04'
  for (const { data } of (await makePicture(Buffer.concat([jpeg, Buffer.from(hidden)]), 'banner')).files) t.notOk(data.includes('script'))
})

t.test('what is no picture of ours is refused, and says why', async (t) => {
  const jpeg = await bands(800, 100).jpeg().toBuffer()
  const png = await bands(800, 100).png().toBuffer()
  const noise = Buffer.from('00000018667479706176696600000000617669666d696631', 'hex')
  const heic = Buffer.from('0000001c6674797068656963000000006d696631686569636865766300000000', 'hex')
  const cases: [string, Buffer, string][] = [
    ['nothing', Buffer.alloc(0), 'empty'],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>'), 'type'],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>'), 'type'],
    ['PDF', Buffer.from('%PDF-1.7\n'), 'type'],
    ['GIF', await bands(100, 100).gif().toBuffer(), 'type'],
    ['TIFF', await bands(100, 100).tiff().toBuffer(), 'type'],
    ['HEIC', heic, 'type'],
    ['a beginning of AVIF', noise, 'broken'],
    ['a beginning of JPEG', jpeg.subarray(0, 2), 'type'],
    ['half a JPEG', jpeg.subarray(0, jpeg.length / 2), 'broken'],
    ['half a PNG', png.subarray(0, png.length / 2), 'broken'],
    ['three bytes', Buffer.from('\xff\xd8\xff', 'latin1'), 'broken'],
    ['PNG before HTML', Buffer.concat([png.subarray(0, 8), Buffer.from('<html>')]), 'broken'],
    ['100 million pixels', hugePng(10_000, 10_000), 'pixels'],
    ['more than there can be', hugePng(2_000_000, 2_000_000), 'pixels'],
    ['tiny', await bands(300, 100).png().toBuffer(), 'small'],
  ]
  for (const [what, bytes, why] of cases) await refuses(t, bytes, why, what)
})

t.test('a flat picture of 49 million pixels takes little memory', async (t) => {
  const flat = await sharp({ create: { width: 7000, height: 7000, channels: 3, background: '#123456' } })
    .png()
    .toBuffer()
  const before = process.memoryUsage.rss()
  await makePicture(flat, 'banner')
  const grown = (process.memoryUsage.rss() - before) / 1e6
  t.comment(`${flat.length} bytes sent, ${grown.toFixed(0)} MB more`)
  t.ok(grown < 120, `${grown} MB`)
})

async function refuses(t: Test, bytes: Buffer, why: string, what: string): Promise<void> {
  const error = await makePicture(bytes, 'banner').catch((thrown) => thrown)
  t.ok(error instanceof AppError, `${what}: ${error instanceof Error ? error.message : 'accepted'}`)
  t.same(
    error.errors?.map(({ message }: { message: { key: string } }) => message.key),
    [`picture.refused.${why}`],
    what,
  )
}
