import { createHash } from 'node:crypto'
import type { Sharp, SharpOptions } from 'sharp'
import { badRequest } from '../errors.ts'
import { type PictureKind, pictureKinds, widthsOf } from '../look/uploads.ts'
import { type Box, fitCrop, formatOf, mostPixels, type PictureFormat, type Size, toStored, turns } from './rules.ts'

/** A picture made anew from the pixels of another: nothing else of it is left. */
export interface MadePicture extends Size {
  /** Hash of what is seen. */
  id: string
  kind: PictureKind
  /** The last one is the one that records tell: the widest, in the form that every browser reads. */
  files: { name: string; data: Buffer }[]
}

interface Pixels extends Size {
  data: Buffer
  channels: 3 | 4
}

type MakeSharp = (input: Buffer, options?: SharpOptions) => Sharp

// Part of the hash: raise it when pictures come to be made in another way.
const recipe = 1
const patience = { seconds: 20 }
const reading: SharpOptions = { failOn: 'error', limitInputPixels: mostPixels.jpeg, sequentialRead: true }

/**
 * Cuts (`crop` in pixels of the upright picture; the middle without it), turns upright, converts to sRGB and encodes in every form and width.
 * Throws a 400 that says what is wrong with the bytes.
 */
export async function makePicture(bytes: Buffer, kind: PictureKind, crop?: Box): Promise<MadePicture> {
  const format = formatOf(bytes)
  if (!format) throw refused(bytes.length === 0 ? 'empty' : 'type')
  const sharp = await loadSharp()
  const { orientation, ...size } = await inspect(sharp, bytes, format)
  const box = fitCrop(kind, size, crop)
  if (box.w < pictureKinds[kind].least) throw refused('small', { least: pictureKinds[kind].least })
  const width = Math.min(box.w, pictureKinds[kind].widths.at(-1)!)
  const height = heightOf(kind, width)
  const pixels = await cut(sharp, bytes, toStored(box, size, orientation), { width, height }, orientation)
  const mark = `${recipe} ${kind} ${width} ${height} ${pixels.channels} `
  const id = createHash('sha256').update(mark).update(pixels.data).digest('hex').slice(0, 32)
  return { id, kind, width, height, files: await encode(sharp, pixels, kind) }
}

/** Read when the first picture comes: it would slow down every start. Threads and caches of its own are kept small. */
async function loadSharp(): Promise<MakeSharp> {
  const { default: sharp } = await import('sharp')
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}

/** The size of the upright picture, from its header alone. */
async function inspect(sharp: MakeSharp, bytes: Buffer, format: PictureFormat): Promise<Size & { orientation: number }> {
  const { orientation = 1, ...found } = await orRefused(sharp(bytes, reading).metadata(), format)
  if (found.format !== (format === 'avif' ? 'heif' : format) || (format === 'avif' && found.compression !== 'av1')) throw refused('type')
  if (found.width * found.height > mostPixels[format]) throw tooManyPixels(format)
  return { ...found.autoOrient, orientation: orientation in turns ? orientation : 1 }
}

/** The pixels inside `box`, resized and only then turned: a picture that lies on its side is still read line by line. */
async function cut(sharp: MakeSharp, bytes: Buffer, box: Box, size: Size, orientation: number): Promise<Pixels> {
  const { quarters, mirrored } = turns[orientation]!
  const [width, height] = quarters % 2 === 0 ? [size.width, size.height] : [size.height, size.width]
  const { data, info } = await orRefused(
    sharp(bytes, reading)
      .extract({ left: box.x, top: box.y, width: box.w, height: box.h })
      .resize(width, height, { fit: 'fill' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .timeout(patience)
      .toBuffer({ resolveWithObject: true }),
  )
  const turned = await fromPixels(sharp, { data, width, height, channels: info.channels as 3 | 4 })
    .rotate(quarters * 90)
    .raw()
    .toBuffer()
  const whole = { data: turned, ...size, channels: info.channels as 3 | 4 }
  const upright = mirrored ? { ...whole, data: await fromPixels(sharp, whole).flop().raw().toBuffer() } : whole
  return isOpaque(upright) ? withoutAlpha(sharp, upright) : upright
}

/** One after the other: a picture takes as little memory as it can. */
async function encode(sharp: MakeSharp, pixels: Pixels, kind: PictureKind): Promise<MadePicture['files']> {
  const encoders: Record<string, (image: Sharp) => Sharp> = {
    avif: (image) => image.avif({ quality: 55, effort: 4 }),
    webp: (image) => image.webp({ quality: 80, effort: 5 }),
    ...(pixels.channels === 4
      ? { png: (image: Sharp) => image.png({ compressionLevel: 9 }) }
      : { jpg: (image: Sharp) => image.jpeg({ quality: 82, mozjpeg: true }) }),
  }
  const files: MadePicture['files'] = []
  for (const [ending, encodeAs] of Object.entries(encoders))
    for (const width of widthsOf(kind, pixels.width)) {
      const image = fromPixels(sharp, pixels).resize(width, heightOf(kind, width), { fit: 'fill' })
      files.push({ name: `${kind}-${width}.${ending}`, data: await encodeAs(image).timeout(patience).toBuffer() })
    }
  return files
}

function fromPixels(sharp: MakeSharp, { data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

function isOpaque({ data, channels }: Pixels): boolean {
  if (channels === 4) for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false
  return true
}

async function withoutAlpha(sharp: MakeSharp, pixels: Pixels): Promise<Pixels> {
  if (pixels.channels === 3) return pixels
  return { ...pixels, channels: 3, data: await fromPixels(sharp, pixels).removeAlpha().raw().toBuffer() }
}

function heightOf(kind: PictureKind, width: number): number {
  return Math.max(1, Math.round(width / pictureKinds[kind].ratio))
}

/** Whatever the decoder complains of is the file's fault. */
async function orRefused<T>(reading: Promise<T>, format?: PictureFormat): Promise<T> {
  try {
    return await reading
  } catch (error) {
    throw format && /pixel limit/.test((error as Error).message) ? tooManyPixels(format) : refused('broken')
  }
}

function tooManyPixels(format: PictureFormat): Error {
  return refused('pixels', { most: mostPixels[format] / 1e6 })
}

function refused(why: 'empty' | 'type' | 'broken' | 'pixels' | 'small', values?: Record<string, number>): Error {
  return badRequest([{ field: 'file', message: { key: `picture.refused.${why}`, values } }])
}
